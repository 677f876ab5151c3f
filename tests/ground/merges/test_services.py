"""Two people become one and two again; figures are right at every moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.ground.audit.models import Act
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.figures.verify import verify_communities
from qunying.ground.figures.verify.log import Log
from qunying.ground.figures.verify.recounting import CHECKS
from qunying.ground.groups.models import Recognition
from qunying.ground.members.models import DimensionChange, Identity, Member, MemberTag, Note, PrivateField
from qunying.ground.members.queries import masked_fields
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members, write_note
from qunying.ground.members.services_private import set_private_field
from qunying.ground.members.services_tags import tag_members, untag_members
from qunying.ground.merges.models import Likeness, Merge
from qunying.ground.merges.services import (
    dismiss_likeness,
    merge_members,
    reopen_likeness,
    switch_rule,
    undo_merge,
)
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period
from tests.support.cast import JOINED, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import MakeCommunity

pytestmark = pytest.mark.django_db


def state() -> dict[str, Any]:
    """Everything that says something of a person, as rows."""
    return {
        "members": list(
            Member.objects.order_by("pk").values("pk", "display_name", "is_staff", "is_bot", "merged_into")
        ),
        "accounts": list(Identity.objects.order_by("pk").values_list("pk", "member")),
        "tags": list(MemberTag.objects.order_by("pk").values_list("pk", "member", "tag__name", "source")),
        "notes": list(Note.objects.order_by("pk").values_list("pk", "member", "text")),
        "private": masked_fields(Member.objects.values_list("pk", flat=True)),
        "known": list(Recognition.objects.order_by("pk").values_list("pk", "member")),
    }


def furnish(xiaomei: Member, aqiang: Member, community: Community, lead: Staff) -> None:
    """Both have tags, notes and private fields, some of them the same; 阿强 is marked as staff."""
    tag_members([xiaomei.pk, aqiang.pk], dimension="城市", name="杭州", by=lead)
    tag_members([aqiang.pk], dimension="兴趣", name="园艺", by=lead)
    for member, phone in ((xiaomei, "13800138000"), (aqiang, "13900139000")):
        set_private_field(member, name="phone", value=phone, by=lead)
    set_private_field(aqiang, name="birthday", value="1990-05-23", by=lead)
    write_note(aqiang, text="爱问问题", by=lead)
    mark_members([aqiang.pk], mark=Mark.STAFF, on=True, by=lead)
    for member in (xiaomei, aqiang):
        Recognition.objects.create(community=community, member=member, kind="leader")


def test_one_person_has_the_accounts_tags_fields_and_notes_of_both(
    xiaomei: Member, aqiang: Member, community: Community, lead: Staff
) -> None:
    furnish(xiaomei, aqiang, community, lead)
    merge_members(xiaomei, absorbed=aqiang, by=lead)
    xiaomei.refresh_from_db()
    assert sorted(xiaomei.identities.values_list("external_id", flat=True)) == ["aqiang", "xiaomei"]
    assert sorted(xiaomei.member_tags.values_list("tag__name", flat=True)) == ["园艺", "杭州"]
    assert masked_fields([xiaomei.pk])[xiaomei.pk] == {"phone": "138****8000", "birthday": "19**-**-**"}
    assert [note.text for note in xiaomei.notes.all()] == ["爱问问题"]
    assert (xiaomei.is_staff, xiaomei.recognitions.count()) == (True, 1)
    act = Act.objects.get(verb="members.merge")
    assert (act.actor, act.subject_id, act.details["communities"]) == (
        lead.actor_key, str(xiaomei.pk), [community.pk],
    )  # fmt: skip


def test_told_apart_at_once_everything_is_exactly_as_it_was(
    xiaomei: Member, aqiang: Member, community: Community, lead: Staff
) -> None:
    furnish(xiaomei, aqiang, community, lead)
    before = state()
    undo_merge(merge_members(xiaomei, absorbed=aqiang, by=lead), by=lead)
    assert state() == before
    assert Act.objects.filter(verb="members.unmerge").count() == 1


def test_what_happened_in_between_goes_where_it_belongs(
    xiaomei: Member, aqiang: Member, community: Community, lead: Staff
) -> None:
    furnish(xiaomei, aqiang, community, lead)
    merge = merge_members(xiaomei, absorbed=aqiang, by=lead)
    said = Fact("spoke", JOINED + timedelta(days=1), ("between",), who=Who("wechat", "aqiang"), text="我来了")
    record([said], community=community, source="tests")
    write_note(xiaomei, text="合并后写的", by=lead)
    tag_members([xiaomei.pk], dimension="意向", name="绣球", by=lead)
    gardener = MemberTag.objects.get(tag__name="园艺").tag
    untag_members([xiaomei.pk], tag=gardener, by=lead)
    set_private_field(xiaomei, name="birthday", value="1991-05-23", by=lead)
    back = undo_merge(merge, by=lead)
    assert back.identities.get().external_id == "aqiang"  # the message went with the account
    assert [note.text for note in xiaomei.notes.all()] == ["合并后写的"]
    assert sorted(xiaomei.member_tags.values_list("tag__name", flat=True)) == ["杭州", "绣球"]
    assert [row.tag.name for row in back.member_tags.all()] == ["杭州"]  # taken away in between, it stays away
    assert sorted(PrivateField.objects.filter(member=back).values_list("name", flat=True)) == ["birthday", "phone"]


def test_of_three_any_can_go_first(members: list[Member], lead: Staff) -> None:
    one, two, three = members
    tag_members([two.pk, three.pk], dimension="兴趣", name="园艺", by=lead)
    mark_members([two.pk, three.pk], mark=Mark.BOT, on=True, by=lead)
    before = state()
    first = merge_members(one, absorbed=two, by=lead)
    second = merge_members(one, absorbed=three, by=lead)
    undo_merge(first, by=lead)
    one.refresh_from_db()
    assert (one.is_bot, [row.tag.name for row in one.member_tags.all()]) == (True, ["园艺"])
    undo_merge(second, by=lead)
    assert state() == before


def test_a_chain_is_undone_from_its_end(members: list[Member], lead: Staff) -> None:
    one, two, three = members
    write_note(three, text="第三个", by=lead)
    before = state()
    inner = merge_members(two, absorbed=three, by=lead)
    outer = merge_members(one, absorbed=two, by=lead)
    assert one.identities.count() == 3
    with pytest.raises(QunyingError):
        undo_merge(inner, by=lead)
    undo_merge(outer, by=lead)
    assert (one.identities.count(), two.identities.count(), two.notes.count()) == (1, 2, 1)
    undo_merge(inner, by=lead)
    assert state() == before


def test_it_refuses_what_makes_no_sense(xiaomei: Member, aqiang: Member, xiaoli: Member, lead: Staff) -> None:
    merge = merge_members(xiaomei, absorbed=aqiang, by=lead)
    for kept, absorbed in ((xiaomei, xiaomei), (xiaoli, aqiang), (aqiang, xiaoli)):
        with pytest.raises(QunyingError):
            merge_members(kept, absorbed=absorbed, by=lead)
    undo_merge(merge, by=lead)
    with pytest.raises(QunyingError):
        undo_merge(merge, by=lead)


def test_two_told_apart_are_not_suggested_again(xiaomei: Member, aqiang: Member, lead: Staff) -> None:
    undo_merge(merge_members(xiaomei, absorbed=aqiang, by=lead), by=lead)
    likeness = Likeness.objects.get()
    assert (likeness.dismissed_by, likeness.dismissed_at is None) == (lead, False)
    with pytest.raises(QunyingError):
        dismiss_likeness(likeness, by=lead)
    reopen_likeness(likeness, by=lead)
    with pytest.raises(QunyingError):
        reopen_likeness(likeness, by=lead)
    dismiss_likeness(likeness, by=lead)
    assert Likeness.objects.filter(dismissed_at=None).count() == 0


def test_a_rule_can_be_switched_and_an_unknown_one_is_refused(lead: Staff) -> None:
    switch_rule("phone", on=True, by=lead)
    assert Act.objects.get(verb="merges.switch").details == {"on": True}
    with pytest.raises(QunyingError):
        switch_rule("nose", on=True, by=lead)


def test_only_the_figures_of_their_communities_are_counted_again(
    xiaomei: Member, aqiang: Member, community: Community, other_community: Community, lead: Staff
) -> None:
    DimensionChange.objects.all().delete()
    merge_members(xiaomei, absorbed=aqiang, by=lead)
    assert set(DimensionChange.objects.values_list("community_id", flat=True)) == {community.pk}
    assert other_community.pk not in set(DimensionChange.objects.values_list("community_id", flat=True))


BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
NAMES = ("一", "二", "三", "四", "五")
KINDS = ("spoke", "ordered", "left", "joined", "liked")

RECORDS = st.tuples(
    st.just("record"),
    st.sampled_from(NAMES),
    st.sampled_from(KINDS),
    st.integers(0, 29),
    st.integers(0, 1),
)
MERGES = st.tuples(st.just("merge"), st.sampled_from(NAMES), st.sampled_from(NAMES))
UNDOS = st.tuples(st.just("undo"), st.integers(0, 3))
MARKS = st.tuples(st.just("mark"), st.sampled_from(NAMES), st.booleans())
STEPS = st.lists(st.one_of(RECORDS, RECORDS, MERGES, MERGES, UNDOS, MARKS), min_size=4, max_size=9)


def _do(step: tuple[Any, ...], number: int, community: Community, groups: list[int]) -> None:
    """One step of a random life; a step that is refused changes nothing."""
    if step[0] == "record":
        _what, name, kind, day, place = step
        at = BEGIN + timedelta(days=day, minutes=number)
        amount = 1000 + number if kind == "ordered" else None
        fact = Fact(kind, at, ("p", number), who=Who("irc", name), group_id=groups[place], amount=amount)
        record([fact], community=community, source="tests")
        return
    if step[0] == "undo":
        standing = list(Merge.objects.filter(undone_at=None, kept__merged_into=None).order_by("pk"))
        if standing:
            undo_merge(standing[step[1] % len(standing)], by=TESTS)
        return
    people = [Identity.objects.filter(external_id=name, platform="irc").first() for name in step[1:2]]
    if step[0] == "mark" and people[0]:
        mark_members([people[0].member_id], mark=Mark.STAFF, on=step[2], by=TESTS)
    if step[0] == "merge":
        one, two = (Identity.objects.filter(external_id=name, platform="irc").first() for name in step[1:])
        if one and two and one.member_id != two.member_id:
            merge_members(one.member, absorbed=two.member, by=TESTS)


CHECKED = ("members_present", "joins", "leaves", "active_members", "mau", "buyers", "orders", "cohorts")


def assert_right(community: Community, period: Period) -> None:
    """What people are shown, kept as settled or not, is what plain SQL says."""
    log, scope = Log(community.pk, ZoneInfo(community.timezone)), Scope((community.pk,))
    checks = [check for check in CHECKS if check.metric in CHECKED]
    shown = {check.metric: measure(check.metric, scope=scope, period=period, **check.params).value for check in checks}
    assert shown == {check.metric: check.expect(log, period) for check in checks}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_figure_is_right_after_every_step(make_community: MakeCommunity, steps: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        community, groups = make_community()
        period = Period(date(2026, 1, 5), date(2026, 2, 3))
        for number, step in enumerate([("record", name, "joined", 0, 0) for name in NAMES] + steps):
            _do(step, number, community, [group.pk for group in groups])
            if number >= len(NAMES) - 1:
                assert_right(community, period)
        while standing := Merge.objects.filter(undone_at=None, kept__merged_into=None).first():
            undo_merge(standing, by=TESTS)
            assert_right(community, period)
        assert verify_communities([community]).differences == []
        assert Identity.objects.filter(home__isnull=False).count() == 0
        transaction.set_rollback(True)
