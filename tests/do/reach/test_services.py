"""Sendings from the first word to the last delivery: two people, one content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.reach.measures import measure_of
from qunying.do.reach.models import Delivery, Measure, Sending
from qunying.do.reach.services import (
    Draft,
    cancel_sending,
    give_back,
    hand_in,
    release_sending,
    send_test,
    set_measure,
    write_sending,
)
from qunying.do.reach.services_outcomes import close_finished
from qunying.do.reach.tasks import send_through
from qunying.ground.audit.models import Act
from qunying.ground.events.models import Event
from qunying.kit.errors import NotAllowedError, QunyingError
from tests.do.reach.conftest import states

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(community: Community, connected: list[Group], specialist: Staff) -> Sending:
    """A draft to the first two groups, written by the specialist."""
    return write_sending(community, Draft("上新", "今晚八点上新", groups=connected[:2]), by=specialist)


def test_a_sending_reaches_each_of_its_groups_once(
    released: Callable[..., Sending], connected: list[Group], account: Account, platform: Platform
) -> None:
    sending = released(connected[:2])
    assert send_through(account.pk) == 2
    assert [(one["to"], one["words"]) for one in platform.kept] == [("!1", "今晚八点上新"), ("!2", "今晚八点上新")]
    assert states(sending) == ["sent", "sent"]
    assert close_finished() == 1
    sending.refresh_from_db()
    assert sending.state == "done"
    facts = Event.objects.filter(kind="delivered").order_by("pk")
    assert [(one.group_id, one.payload["origin_id"]) for one in facts] == [
        (group.pk, str(sending.pk)) for group in connected[:2]
    ]


def test_whoever_wrote_it_never_releases_it_even_as_director(
    community: Community, connected: list[Group], director: Staff
) -> None:
    own = write_sending(community, Draft("上新", "今晚", groups=connected[:1]), by=director)
    hand_in(own, by=director)
    own.refresh_from_db()
    with pytest.raises(NotAllowedError, match="You wrote this yourself"):
        release_sending(own, by=director, seen=own.checked_hash)
    assert Delivery.objects.count() == 0


def test_whoever_gives_no_second_reviews_releases_nothing(draft: Sending, reviewer: Staff, specialist: Staff) -> None:
    hand_in(draft, by=specialist)
    draft.refresh_from_db()
    with pytest.raises(NotAllowedError):
        release_sending(draft, by=reviewer, seen=draft.checked_hash)


def test_an_edit_takes_back_what_was_handed_in(
    draft: Sending, community: Community, connected: list[Group], specialist: Staff, lead: Staff
) -> None:
    hand_in(draft, by=specialist)
    draft.refresh_from_db()
    seen = draft.checked_hash
    write_sending(community, Draft("上新", "改了", groups=connected[:2]), by=specialist, sending=draft)
    draft.refresh_from_db()
    with pytest.raises(QunyingError, match="stands at “Draft”"):
        release_sending(draft, by=lead, seen=seen)
    hand_in(draft, by=specialist)
    draft.refresh_from_db()
    with pytest.raises(QunyingError, match="was changed since you looked"):
        release_sending(draft, by=lead, seen=seen)
    assert Delivery.objects.count() == 0


def test_a_change_behind_the_verbs_is_seen_before_anything_leaves(
    released: Callable[..., Sending], connected: list[Group], account: Account, platform: Platform
) -> None:
    sending = released(connected[:1])
    Sending.objects.filter(pk=sending.pk).update(checked_hash="other")
    send_through(account.pk)
    assert states(sending) == ["held"]
    assert platform.came == []


def test_releasing_twice_plans_once(draft: Sending, specialist: Staff, lead: Staff) -> None:
    hand_in(draft, by=specialist)
    draft.refresh_from_db()
    assert release_sending(draft, by=lead, seen=draft.checked_hash) == 2
    with pytest.raises(QunyingError, match="Going out"):
        release_sending(draft, by=lead, seen=draft.checked_hash)
    assert Delivery.objects.count() == 2


def test_it_is_given_back_to_be_changed(draft: Sending, specialist: Staff, lead: Staff) -> None:
    hand_in(draft, by=specialist)
    give_back(draft, by=lead)
    draft.refresh_from_db()
    assert (draft.state, draft.checked_hash) == ("drafted", "")


def test_calling_off_stops_what_has_not_left(
    released: Callable[..., Sending],
    connected: list[Group],
    group: Group,
    account: Account,
    specialist: Staff,
    platform: Platform,
) -> None:
    sending = released([*connected, group])
    first = sending.deliveries.filter(account=account).order_by("pk").first()
    assert first is not None
    Delivery.objects.filter(pk=first.pk).update(state="sent")
    assert cancel_sending(sending, by=specialist) == 3
    assert send_through(account.pk) == 0
    assert sorted(states(sending)) == ["cancelled", "cancelled", "cancelled", "sent"]
    assert platform.came == []


@pytest.mark.parametrize(
    ("draft_of", "sentence"),
    [
        (Draft("", "词"), "A title has"),
        (Draft("题", " "), "A text has"),
        (Draft("题", "词"), "Choose groups, or a segment"),
    ],
)
def test_an_incomplete_draft_is_refused(
    community: Community, specialist: Staff, draft_of: Draft, sentence: str
) -> None:
    with pytest.raises(QunyingError, match=sentence):
        write_sending(community, draft_of, by=specialist)


def test_a_group_of_another_community_is_refused(
    other_community: Community, connected: list[Group], director: Staff
) -> None:
    with pytest.raises(QunyingError, match="another community"):
        write_sending(other_community, Draft("题", "词", groups=connected[:1]), by=director)


def test_nobody_writes_where_their_roles_do_not_reach(
    community: Community, connected: list[Group], outsider: Staff, reviewer: Staff
) -> None:
    for stranger in (outsider, reviewer):
        with pytest.raises(NotAllowedError):
            write_sending(community, Draft("题", "词", groups=connected[:1]), by=stranger)


def test_a_test_goes_to_a_colleague_without_a_second_person(draft: Sending, xiaomei: Member, specialist: Staff) -> None:
    account = xiaomei.identities.get()
    with pytest.raises(QunyingError, match="A test goes to a colleague"):
        send_test(draft, to=account, by=specialist)
    xiaomei.is_staff = True
    xiaomei.save()
    send_test(draft, to=xiaomei.identities.get(), by=specialist)
    [made] = Delivery.objects.all()
    assert (made.action, made.identity_id, made.way, made.words) == ("tell", account.pk, "hand", "今晚八点上新")


def test_the_nearest_unit_says_how_much_may_be_sent(units: Units, lead: Staff, specialist: Staff) -> None:
    assert measure_of(units.shop).person_day == 1
    set_measure(units.shop, Measure(person_day=4), by=lead)
    assert (measure_of(units.shop).person_day, measure_of(units.east).person_day) == (4, 1)
    with pytest.raises(NotAllowedError):
        set_measure(units.shop, Measure(person_day=9), by=specialist)


def test_every_verb_is_written_down(draft: Sending, specialist: Staff, lead: Staff) -> None:
    hand_in(draft, by=specialist)
    draft.refresh_from_db()
    release_sending(draft, by=lead, seen=draft.checked_hash)
    acts = Act.objects.filter(subject_type="sending").order_by("pk").values_list("verb", "actor")
    author, releaser = f"staff:{specialist.pk}", f"staff:{lead.pk}"
    assert list(acts) == [
        ("sendings.write", author),
        ("sendings.hand_in", author),
        ("sendings.release", releaser),
    ]
