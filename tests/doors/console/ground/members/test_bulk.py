"""Many members at once: tagged, marked, taken back, taken away."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest

from qunying.ground.audit.models import Act
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import Member, MemberTag, Tag
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members
from qunying.ground.members.services_private import set_private_field
from qunying.ground.members.services_tags import tag_members
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
BULK = "/communities/flowers/members/bulk/"
UNDO = "/communities/flowers/members/undo/"
EXPORT = "/communities/flowers/members/export/"


def carriers(name: str) -> list[int]:
    return list(MemberTag.objects.filter(tag__name=name).order_by("member").values_list("member", flat=True))


def test_the_chosen_are_tagged_and_it_can_be_taken_back(client_for: SignIn, lead: Staff, members: list[Member]) -> None:
    tag_members([members[0].pk], dimension="城市", name="杭州", by=lead)
    client, ids = client_for(lead), [member.pk for member in members]
    given = {"act": "tag", "ids": ids, "dimension": "城市", "tag_name": "杭州", "filters": "?q=&state=present"}
    answer = client.post(BULK, given)
    assert answer.url == "/communities/flowers/members/?q=&state=present&undo=1"
    assert carriers("杭州") == ids
    client.post(UNDO)
    assert carriers("杭州") == ids[:1]
    page = client_for(lead, "en").post(UNDO, follow=True)
    assert "nothing left to take back" in page.content.decode()


def test_all_that_fit_are_changed(client_for: SignIn, lead: Staff, members: list[Member]) -> None:
    given = {"act": "tag", "all": "1", "dimension": "姓", "tag_name": "小", "filters": "?q=小"}
    client_for(lead).post(BULK, given)
    assert carriers("小") == [members[0].pk, members[2].pk]


def test_a_tag_is_taken_away_and_given_back(client_for: SignIn, lead: Staff, members: list[Member]) -> None:
    ids = [member.pk for member in members]
    tag, _fresh = tag_members(ids, dimension="城市", name="杭州", by=lead)
    client = client_for(lead)
    client.post(BULK, {"act": "untag", "ids": ids[1:], "tag": tag.pk})
    assert carriers("杭州") == ids[:1]
    client.post(UNDO)
    assert carriers("杭州") == ids


@pytest.mark.parametrize(("act", "field"), [("mark_staff", "is_staff"), ("mark_bot", "is_bot")])
def test_marks_are_set_and_taken_back(
    client_for: SignIn, lead: Staff, members: list[Member], act: str, field: str
) -> None:
    client = client_for(lead)
    client.post(BULK, {"act": act, "ids": [members[0].pk]})
    assert [getattr(row, field) for row in Member.objects.order_by("pk")] == [True, False, False]
    client.post(UNDO)
    assert [getattr(row, field) for row in Member.objects.order_by("pk")] == [False, False, False]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"act": "tag", "dimension": "城市", "tag_name": "杭州"}, "No member is chosen"),
        ({"act": "tag", "ids": ["1"], "dimension": "", "tag_name": "杭州"}, "needs a dimension"),
        ({"act": "untag", "ids": ["1"], "tag": ""}, "Choose the tag"),
        ({"act": "", "ids": ["1"]}, "Choose what to do"),
    ],
)
def test_what_cannot_be_done_is_said(
    client_for: SignIn, lead: Staff, xiaomei: Member, given: dict[str, object], sentence: str
) -> None:
    if "ids" in given:
        given = given | {"ids": [xiaomei.pk]}
    page = client_for(lead, "en").post(BULK, given, follow=True)
    assert (sentence in page.content.decode(), Tag.objects.count()) == (True, 0)


def test_members_of_others_are_left_alone(
    client_for: SignIn, outsider: Staff, other_community: Community, xiaomei: Member
) -> None:
    client = client_for(outsider)
    assert client.post(BULK, {"act": "mark_bot", "ids": [xiaomei.pk]}).status_code == 404
    client.post("/communities/fruit/members/bulk/", {"act": "mark_bot", "ids": [xiaomei.pk]})
    assert Member.objects.filter(is_bot=True).count() == 0


@pytest.mark.parametrize("path", [BULK, UNDO])
def test_who_may_only_look_changes_nothing(client_for: SignIn, reviewer: Staff, xiaomei: Member, path: str) -> None:
    assert client_for(reviewer).post(path, {"act": "mark_bot", "ids": [xiaomei.pk]}).status_code == 403


def taken(client: Client, **query: str) -> list[list[str]]:
    answer = client.get(EXPORT, query)
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_file_is_masked_and_its_times_carry_their_offset(
    client_for: SignIn, lead: Staff, xiaomei: Member, aqiang: Member, community: Community
) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    tag_members([xiaomei.pk], dimension="城市", name="杭州", by=lead)
    mark_members([aqiang.pk], mark=Mark.BOT, on=True, by=lead)
    said = Fact("spoke", JOINED + timedelta(minutes=5), ("1",), who=Who("wechat", "xiaomei"))
    record([said], community=community, source="tests")
    heading, *rows = taken(client_for(lead, "en"), order="joined")
    assert heading[:10] == ["Number", "Name", "Accounts", "Present", "Mark", "Tags", "Groups", "Joined",
                            "Last active", "Messages"]  # fmt: skip
    assert rows == [
        [str(xiaomei.pk), "小美", "wechat:xiaomei", "present", "", "城市: 杭州", "花友一群",
         "2026-01-05T10:00:00+08:00", "2026-01-05T10:05:00+08:00", "1", "", "138****8000", "", "", ""],
        [str(aqiang.pk), "阿强", "wechat:aqiang", "present", "bot", "", "花友一群",
         "2026-01-05T10:00:00+08:00", "", "0", "", "", "", "", ""],
    ]  # fmt: skip


def test_the_file_follows_filter_and_order_and_is_written_down(
    client_for: SignIn, lead: Staff, members: list[Member]
) -> None:
    Member.objects.filter(pk=members[1].pk).update(display_name="=1+1")
    client = client_for(lead, "en")
    assert [row[1] for row in taken(client, order="name")] == ["Name", "'=1+1", "小丽", "小美"]
    assert [row[1] for row in taken(client, order="-last", q="小美")] == ["Name", "小美"]
    told = [(act.subject_type, act.subject_id, act.details) for act in Act.objects.filter(verb="lists.export")]
    assert told == [("members", "flowers", {"rows": count, "format": "csv"}) for count in (3, 1)]


def test_rows_keep_the_language_in_which_they_were_asked_for(client_for: SignIn, lead: Staff, xiaomei: Member) -> None:
    assert taken(client_for(lead))[1][3] == "在群"


def test_a_file_of_many_costs_the_same_queries_as_one_of_few(
    client_for: SignIn, lead: Staff, members: list[Member], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(lead)
    taken(client)
    for words in ("强", ""):
        with django_assert_num_queries(16):
            taken(client, q=words)


def test_a_workbook_holds_the_same(client_for: SignIn, lead: Staff, members: list[Member]) -> None:
    answer = client_for(lead, "en").get(EXPORT, {"format": "xlsx", "q": "强"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [row[1].value for row in sheet.iter_rows()] == ["Name", "阿强"]


@pytest.mark.parametrize(("name", "status"), [("specialist", 403), ("reviewer", 403), ("outsider", 404)])
def test_only_some_may_take_lists_away(
    request: pytest.FixtureRequest, client_for: SignIn, community: Community, name: str, status: int
) -> None:
    assert client_for(request.getfixturevalue(name)).get(EXPORT).status_code == status
    assert Act.objects.filter(verb="lists.export").count() == 0
