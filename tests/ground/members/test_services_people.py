"""Names, marks and notes of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.actors import System
from qunying.ground.audit.models import Act
from qunying.ground.members.models import DimensionChange, Member, Note
from qunying.ground.members.services_people import Mark, mark_members, rename_member, write_note
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db


def test_rename_changes_the_person_and_not_the_account(xiaomei: Member, lead: Staff) -> None:
    rename_member(xiaomei, name="  王  小美 ", by=lead)
    xiaomei.refresh_from_db()
    assert (xiaomei.display_name, xiaomei.identities.get().display_name) == ("王 小美", "小美")
    act = Act.objects.get(verb="members.rename")
    assert (act.subject_id, act.details) == (str(xiaomei.pk), {})


@pytest.mark.parametrize("name", ["", "   ", "美" * 121])
def test_rename_refuses_an_empty_or_endless_name(xiaomei: Member, lead: Staff, name: str) -> None:
    with pytest.raises(QunyingError):
        rename_member(xiaomei, name=name, by=lead)
    assert Act.objects.filter(verb="members.rename").count() == 0


def test_mark_changes_only_those_who_need_it_and_tells_figures(members: list[Member], lead: Staff) -> None:
    ids = [member.pk for member in members]
    assert mark_members(ids[:1], mark=Mark.STAFF, on=True, by=lead) == ids[:1]
    before = DimensionChange.objects.count()
    assert mark_members(ids, mark=Mark.STAFF, on=True, by=lead) == ids[1:]
    assert DimensionChange.objects.count() == before + 1
    assert list(Member.objects.filter(is_staff=True, is_bot=False).values_list("pk", flat=True)) == ids


def test_mark_can_be_taken_away(xiaomei: Member, lead: Staff) -> None:
    mark_members([xiaomei.pk], mark=Mark.BOT, on=True, by=lead)
    assert mark_members([xiaomei.pk], mark=Mark.BOT, on=False, by=lead) == [xiaomei.pk]
    assert mark_members([xiaomei.pk], mark=Mark.BOT, on=False, by=lead) == []
    details = [act.details for act in Act.objects.filter(verb="members.mark").order_by("pk")]
    assert details == [{"mark": "bot", "on": True, "members": 1}, {"mark": "bot", "on": False, "members": 1}]


def test_a_note_keeps_its_author_and_the_audit_keeps_no_words(xiaomei: Member, lead: Staff) -> None:
    note = write_note(xiaomei, text="  喜欢绣球花\n周末来店 ", by=lead)
    assert (note.text, note.by, note.member) == ("喜欢绣球花\n周末来店", lead, xiaomei)
    assert Act.objects.get(verb="members.note").details == {"note": note.pk}


def test_a_note_of_the_system_has_no_author(xiaomei: Member) -> None:
    assert write_note(xiaomei, text="导入自旧表", by=System("import")).by is None


@pytest.mark.parametrize("text", ["", " \n ", "字" * 4001])
def test_an_empty_or_endless_note_is_refused(xiaomei: Member, lead: Staff, text: str) -> None:
    with pytest.raises(QunyingError):
        write_note(xiaomei, text=text, by=lead)
    assert Note.objects.count() == 0
