"""Many members at once: a thousand a transaction, and everyone of whom it is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.members import services_many
from qunying.ground.members.models import MemberTag
from qunying.ground.members.services_many import mark_many_members, tag_many_members, untag_many_members
from qunying.ground.members.services_people import Mark

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_many, "_AT_ONCE", 2)


@pytest.mark.usefixtures("two_at_once")
def test_a_tag_reaches_everyone_and_is_taken_back(members: list[Member], lead: Staff) -> None:
    ids = [member.pk for member in members]
    tag, changed = tag_many_members(ids, dimension="城市", name="杭州", by=lead)
    assert (changed, MemberTag.objects.filter(tag=tag).count()) == (ids, 3)
    assert tag_many_members(ids, dimension="城市", name="杭州", by=lead) == (tag, [])
    assert untag_many_members(ids, tag=tag, by=lead) == ids
    assert untag_many_members(ids, tag=tag, by=lead) == []


@pytest.mark.usefixtures("two_at_once")
def test_each_part_is_written_down_by_itself(members: list[Member], lead: Staff) -> None:
    ids = [member.pk for member in members]
    assert mark_many_members(ids, mark=Mark.BOT, on=True, by=lead) == ids
    assert mark_many_members(ids[:1], mark=Mark.BOT, on=False, by=lead) == ids[:1]
    assert Act.objects.filter(verb__startswith="members.").count() == 3
