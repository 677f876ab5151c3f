"""Members taken away as a table: masked, local, written down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from qunying.ground.audit.models import Act
from qunying.ground.events.exports import export_members
from qunying.ground.events.facts import Fact
from qunying.ground.events.selection import Order, Selection, State
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members
from qunying.ground.members.services_private import set_private_field
from qunying.ground.members.services_tags import tag_members
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


def test_the_table_is_masked_and_local(community: Community, xiaomei: Member, aqiang: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    tag_members([xiaomei.pk], dimension="城市", name="杭州", by=lead)
    mark_members([aqiang.pk], mark=Mark.BOT, on=True, by=lead)
    said = Fact("spoke", JOINED + timedelta(minutes=5), ("1",), who=Who("wechat", "xiaomei"))
    record([said], community=community, source="tests")
    table = export_members(community, selection=Selection(order=Order.OLDEST), file_format="csv", by=lead)
    assert table.columns[:3] == ["Number", "Name", "Accounts"]
    assert list(table.rows) == [
        [xiaomei.pk, "小美", "wechat:xiaomei", "present", "", "城市: 杭州", "花友一群", "2026-01-05 10:00",
         "2026-01-05 10:05", 1, "", "138****8000", "", "", ""],
        [aqiang.pk, "阿强", "wechat:aqiang", "present", "bot", "", "花友一群", "2026-01-05 10:00",
         "", 0, "", "", "", "", ""],
    ]  # fmt: skip


def test_the_taking_is_written_down_before_the_first_row(
    community: Community, members: list[Member], lead: Staff
) -> None:
    export_members(community, selection=Selection(words="小"), file_format="xlsx", by=lead)
    act = Act.objects.get(verb="members.export")
    assert (act.actor, act.subject_id, act.details) == (
        f"staff:{lead.pk}",
        str(community.pk),
        {"members": 2, "format": "xlsx"},
    )


def test_rows_keep_the_language_in_which_they_were_asked_for(
    community: Community, xiaomei: Member, lead: Staff
) -> None:
    with override("zh-hans"):
        table = export_members(community, selection=Selection(), file_format="csv", by=lead)
    assert next(iter(table.rows))[3] == "在群"


def test_a_table_of_many_costs_the_same_queries_as_one_of_few(
    community: Community, members: list[Member], lead: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for words in ("强", ""):
        table = export_members(community, selection=Selection(words=words), file_format="csv", by=lead)
        with django_assert_num_queries(6):
            list(table.rows)


def test_nobody_fits_and_the_table_is_empty(community: Community, xiaomei: Member, lead: Staff) -> None:
    table = export_members(community, selection=Selection(state=State.LEFT), file_format="csv", by=lead)
    assert list(table.rows) == []
