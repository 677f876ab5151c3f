from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.check.reports.services import export_report
from qunying.check.reports.spans import read_span
from qunying.ground.audit.models import Act

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("form", "begins"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK")]
)
def test_a_report_handed_over_is_written_down(shop: Stage, lead: Staff, form: str, begins: bytes) -> None:
    raw = export_report(shop.community, span=read_span("2026-W10"), form=form, by=lead, names=True)
    assert raw.startswith(begins)
    act = Act.objects.get(verb="reports.export")
    assert (act.actor, act.subject_type, act.subject_id) == (lead.actor_key, "community", str(shop.community.pk))
    assert act.details == {"period": "2026-W10", "format": form, "names": True}
