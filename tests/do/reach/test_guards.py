"""What is asked before anything leaves, and in which words it is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from qunying.do.reach.guards import held_counts, judge, quiet_until
from qunying.do.reach.models import Delivery, Measure
from qunying.do.reach.port import (
    Guard,
    Verdict,
    _approvers,
    _guards,
    guard_label,
    guards,
    register_approver,
    register_guard,
)
from qunying.do.reach.services_planning import Origin, Wanted, draft_deliveries, plan_deliveries
from qunying.ground.members.models import Identity
from qunying.ground.platforms.port import Action
from qunying.ground.privacy.models import Consent, Minor
from qunying.ground.privacy.services import freeze_member, give_consent, mark_minor, withdraw_consent
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member
    from qunying.ground.platforms.models import Account

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Monday 2 March 2026, noon in Shanghai."""
ORIGIN = Origin("guards")


@pytest.fixture(autouse=True)
def approver() -> Iterator[None]:
    """Everything of these tests was approved."""
    register_approver(ORIGIN.app, lambda _delivery: True)
    yield
    _approvers.pop(ORIGIN.app)


def to_person(member: Member, community: Community, *, key: str = "1", at: datetime = NOON, **more: object) -> Delivery:
    """A word to one person."""
    words = str(more.pop("words", "【广告】早，回复退订不再收"))
    wanted = Wanted(f"{key}:{member.pk}", Action.TELL, at, identity=member.identities.get(), words=words, **more)  # type: ignore[arg-type] - fields of Wanted
    return draft_deliveries([wanted], community=community, origin=ORIGIN)[0]


def said(delivery: Delivery, *, at: datetime = NOON) -> tuple[str, bool] | None:
    """The guard that speaks, and whether it holds the delivery back for good."""
    verdict = judge([delivery], at, only=guards())[0]
    return (verdict.guard, verdict.until is None) if verdict else None


def test_nothing_leaves_that_nobody_answers_for(community: Community, xiaomei: Member) -> None:
    one = to_person(xiaomei, community)
    assert said(one) is None
    one.origin = "nobody"
    assert said(one) == ("approval", True)


def test_an_advert_needs_a_yes_that_still_stands(community: Community, xiaomei: Member) -> None:
    one = to_person(xiaomei, community, advert=True)
    assert said(one) == ("consent", True)
    give_consent(xiaomei, purpose="marketing", source=Consent.Source.HAND, by=TESTS)
    assert said(one) is None
    withdraw_consent(xiaomei, purpose="marketing", source=Consent.Source.HAND, by=TESTS)
    assert said(one) == ("consent", True)


def test_no_advert_goes_to_the_young_whatever_they_agreed(community: Community, xiaomei: Member) -> None:
    give_consent(xiaomei, purpose="marketing", source=Consent.Source.HAND, by=TESTS)
    mark_minor(xiaomei, band=Minor.Band.YOUTH, by=TESTS)
    assert said(to_person(xiaomei, community, advert=True)) == ("consent", True)
    assert said(to_person(xiaomei, community)) is None


def test_who_refused_to_be_picked_is_not(community: Community, xiaomei: Member) -> None:
    one = to_person(xiaomei, community, by_traits=True)
    assert said(one) is None
    withdraw_consent(xiaomei, purpose="profiling", source=Consent.Source.HAND, by=TESTS)
    assert said(one) == ("consent", True)
    assert said(to_person(xiaomei, community)) is None


def test_nothing_goes_to_who_is_frozen(community: Community, xiaomei: Member) -> None:
    freeze_member(xiaomei, reason="对账", by=TESTS)
    assert said(to_person(xiaomei, community)) == ("persons", True)


@pytest.mark.parametrize(
    ("words", "verdict"), [("买吧", "label"), ("【广告】买吧", "label"), ("广告：买吧，退订回T", None)]
)
def test_an_advert_says_that_it_is_one_and_how_to_have_no_more(
    community: Community, xiaomei: Member, words: str, verdict: str | None
) -> None:
    give_consent(xiaomei, purpose="marketing", source=Consent.Source.HAND, by=TESTS)
    found = said(to_person(xiaomei, community, words=words, advert=True))
    assert (found[0] if found else None) == verdict


def test_a_person_is_sent_one_thing_a_day_and_three_in_seven(community: Community, xiaomei: Member) -> None:
    for day in (1, 2, 3):
        one = to_person(xiaomei, community, key=str(day), at=NOON + timedelta(days=day))
        assert said(one, at=one.due_at) is None
        one.state = Delivery.State.SENT
        one.save()
    again = to_person(xiaomei, community, key="again", at=NOON + timedelta(days=3, hours=2))
    assert said(again, at=again.due_at) == ("frequency", True)
    fourth = to_person(xiaomei, community, key="4", at=NOON + timedelta(days=4))
    assert said(fourth, at=fourth.due_at) == ("frequency", True)
    later = to_person(xiaomei, community, key="8", at=NOON + timedelta(days=8))
    assert said(later, at=later.due_at) is None


def test_what_is_asked_about_together_counts_together(community: Community, xiaomei: Member, aqiang: Member) -> None:
    asked = [to_person(member, community, key=key) for member in (xiaomei, aqiang) for key in ("a", "b")]
    verdicts = judge(asked, NOON, only=guards())
    assert [verdict.guard if verdict else None for verdict in verdicts] == [None, "frequency", None, "frequency"]
    assert [(guard, count) for guard, _words, count in held_counts(verdicts)] == [("frequency", 2)]


def test_a_person_with_two_accounts_has_one_measure(community: Community, xiaomei: Member) -> None:
    second = Identity.objects.create(member=xiaomei, platform="wechat", external_id="mei-2", display_name="小美2")
    words = "早"
    first, other = (
        draft_deliveries(
            [Wanted(f"{one.pk}", Action.TELL, NOON, identity=one, words=words)], community=community, origin=ORIGIN
        )[0]
        for one in xiaomei.identities.order_by("pk")
    )
    assert other.identity == second
    verdicts = judge([first, other], NOON, only=guards())
    assert [one.guard if one else "" for one in verdicts] == ["", "frequency"]
    first.state, first.claimed_at = Delivery.State.SENT, NOON
    first.save()
    assert said(other) == ("frequency", True)


def test_a_group_has_room_for_five_a_day(community: Community, group: Group) -> None:
    wanted = [Wanted(str(number), Action.SEND, NOON, group=group, words="早") for number in range(6)]
    verdicts = judge(draft_deliveries(wanted, community=community, origin=ORIGIN), NOON, only=guards())
    assert [verdict.guard if verdict else None for verdict in verdicts] == [None] * 5 + ["frequency"]


@pytest.mark.parametrize(
    ("hour", "until"), [(21, None), (22, (3, 8)), (23, (3, 8)), (0, (2, 8)), (7, (2, 8)), (8, None), (12, None)]
)
def test_the_night_of_the_community_is_quiet(hour: int, until: tuple[int, int] | None) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    found = quiet_until(Measure(), datetime(2026, 3, 2, hour, 30, tzinfo=zone), zone)
    assert ((found.day, found.hour) if found else None) == until


def test_hours_that_are_the_same_leave_no_quiet() -> None:
    assert quiet_until(Measure(quiet_from=0, quiet_until=0), NOON, ZoneInfo("Asia/Shanghai")) is None


def test_what_would_leave_at_night_waits_and_a_welcome_does_not(community: Community, group: Group) -> None:
    night = NOON + timedelta(hours=11)
    wanted = [
        Wanted("send", Action.SEND, night, group=group, words="晚"),
        Wanted("welcome", Action.WELCOME, night, group=group, words="欢迎"),
    ]
    send, welcome = judge(draft_deliveries(wanted, community=community, origin=ORIGIN), night, only=guards())
    assert send is not None
    assert (send.guard, send.until) == ("quiet", datetime(2026, 3, 3, 0, tzinfo=UTC))
    assert welcome is None


def test_a_welcome_that_comes_too_late_does_not_come(community: Community, group: Group) -> None:
    wanted = Wanted("w", Action.WELCOME, NOON, group=group, words="欢迎", expires_at=NOON + timedelta(seconds=15))
    [one] = draft_deliveries([wanted], community=community, origin=ORIGIN)
    assert said(one) is None
    assert said(one, at=NOON + timedelta(seconds=16)) == ("lateness", True)


def test_a_paused_account_lets_nothing_out(community: Community, connected: list[Group], account: Account) -> None:
    account.paused_at = NOON
    account.save()
    [first, *_rest] = connected
    first.refresh_from_db()
    wanted = Wanted("p", Action.SEND, NOON, group=first, words="早")
    [one] = draft_deliveries([wanted], community=community, origin=ORIGIN)
    assert said(one) == ("pause", False)


def test_another_app_adds_a_guard_of_its_own(community: Community, xiaomei: Member) -> None:
    def never(found: Sequence[Delivery], _at: datetime) -> dict[int, Verdict]:
        return dict.fromkeys(range(len(found)), Verdict("crisis", "No."))

    register_guard(Guard("crisis", "Crisis", never))  # type: ignore[arg-type] - plain words do
    try:
        assert said(to_person(xiaomei, community)) == ("crisis", True)
        assert guard_label("crisis") == "Crisis"
    finally:
        _guards.pop("crisis")


def test_what_cannot_be_done_there_is_refused_with_the_reason(community: Community, connected: list[Group]) -> None:
    wanted = [Wanted("poll", Action.POLL, NOON, group=connected[0], words="几点？")]
    assert plan_deliveries(wanted, community=community, origin=ORIGIN, at=NOON) == 1
    one = Delivery.objects.get()
    assert (one.state, one.why, one.way) == ("refused", "There are no polls here.", "impossible")


def test_the_number_of_questions_does_not_grow(
    community: Community, members: list[Member], django_assert_num_queries: object
) -> None:
    asked = [to_person(member, community, advert=True, by_traits=True) for member in members]
    for one in asked:
        assert one.community.unit.name
    for some in (asked[:1], asked):
        with django_assert_num_queries(5):  # type: ignore[operator] - pytest-django's
            judge(some, NOON, only=guards())
