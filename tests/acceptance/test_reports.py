"""The weekly report of a real history, the Zulip sample's week 40 of 2020, against a count of the file by hand."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from pypdf import PdfReader

from qunying.check.reports.queries import build_report
from qunying.check.reports.services import export_report
from qunying.check.reports.spans import read_span
from qunying.ground.warehouse.services import catch_up
from tests.support.cast import TESTS
from tests.support.imports import bring_path, import_files

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
SAMPLE = "chat/lean_new_members_2020_2021_text.jsonl.gz"
SPAN = read_span("2020-W40")
WEEK = SPAN.days


def _said(path: Path) -> list[tuple[date, str]]:
    """Local day and sender of every message of the file."""
    zone = ZoneInfo("Asia/Shanghai")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(datetime.fromtimestamp(row["ts"], UTC).astimezone(zone).date(), row["user"]) for row in rows]


@pytest.fixture
def zulip(shared_data: Path, community: Community) -> Community:
    """The flower shop's community with the sample's history in the lake."""
    import_files(bring_path(shared_data / SAMPLE), "zulip", community)
    catch_up()
    return community


def test_its_figures_are_those_of_the_file(shared_data: Path, zulip: Community) -> None:
    said = _said(shared_data / SAMPLE)
    week = [(day, who) for day, who in said if WEEK.start <= day <= WEEK.end]
    before = {who for day, who in said if day < WEEK.start}
    report = build_report(zulip, span=SPAN)
    assert {
        name: report.lines[name].value for name in ("messages", "active_members.seen", "joins", "members_present")
    } == {
        "messages": len(week),
        "active_members.seen": len({who for _day, who in week}),
        "joins": len({who for _day, who in week} - before),
        "members_present": len({who for _day, who in week} | before),
    }
    assert [row["value"] for row in report.lines["messages"].figure.rows] == [
        sum(day == number for day, _who in week) for number in sorted({day for day, _who in week})
    ]
    assert report.known.roster is False


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_handed_over_as_page_and_as_paper(zulip: Community, language: str) -> None:
    with translation.override(language):
        page = export_report(zulip, span=SPAN, form="html", by=TESTS).decode()
        paper = export_report(zulip, span=SPAN, form="pdf", by=TESTS)
    headline = {
        "zh-hans": "本周有54人参与，比上周少1人；至今出现过367人。",
        "en": "54 people took part this week, down 1",
    }[language]
    text = "".join("".join(part.extract_text().split()) for part in PdfReader(io.BytesIO(paper)).pages)
    assert headline in page
    assert "".join(headline.split()) in text
