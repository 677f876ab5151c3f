"""Mass messages out and what comes of them: one task for each colleague, asked about, called to mind, taken back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone

from qunying.connectors.wecom.confirming import WeComTeller, remind
from qunying.connectors.wecom.connector import WeComConnector
from qunying.connectors.wecom.massing import accounts_of, monthly, offer_together
from qunying.do.reach.asking import ask, take_due
from qunying.do.reach.models import Delivery, HandTask, Measure
from qunying.do.reach.services import Draft, cancel_sending, hand_in, release_sending, write_sending
from qunying.do.reach.services_nudging import nudge_sending
from qunying.do.reach.services_planning import Origin, Wanted, draft_deliveries
from qunying.do.reach.tasks import send_through
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.members.models import Identity
from qunying.ground.platforms.outcomes import Laid
from qunying.ground.platforms.port import Action, BusyError, Done, Order, RefusedError
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS
from tests.support.wecom_out import OutCorp, played

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.connectors.wecom.conftest import Shop
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def corp(settings: SettingsWrapper) -> Iterator[OutCorp]:
    """A corp whose colleagues confirm."""
    yield from played(settings)


def to_groups(*groups: str) -> list[Order]:
    return [Order(f"k:{group}", Action.SEND, group=group, words="玫瑰到了") for group in groups]


def to_people(*people: str) -> list[Order]:
    return [Order(f"k:{one}", Action.TELL, person=one, words="玫瑰到了") for one in people]


def laid(order: Order, msgid: str) -> Laid:
    return Laid(order.key, msgid, order.group, order.person)


# One task for each colleague


def test_an_owner_of_many_groups_confirms_once(account: Account, corp: OutCorp) -> None:
    own = [corp.open_chat(name, "aqiang") for name in ("甲群", "乙群")]
    other = corp.open_chat("丙群", "xiaofang")
    came = offer_together(account, to_groups(*own, other))
    assert [(one["sender"], one["chat_id_list"]) for one in corp.offered] == [("aqiang", own), ("xiaofang", [other])]
    assert came == {
        f"k:{own[0]}": Done("mass1", awaits_person=True),
        f"k:{own[1]}": Done("mass1", awaits_person=True),
        f"k:{other}": Done("mass2", awaits_person=True),
    }


def test_what_cannot_go_is_refused_alone(account: Account, corp: OutCorp) -> None:
    good, deaf, ownerless = (corp.open_chat(name, "aqiang") for name in ("甲群", "乙群", "丙群"))
    corp.deaf.add(deaf)
    corp.chats[ownerless].owner = "gone"
    came = offer_together(account, to_groups(good, deaf, ownerless))
    assert {key: isinstance(one, RefusedError) for key, one in came.items()} == {
        f"k:{good}": False,
        f"k:{deaf}": True,
        f"k:{ownerless}": True,
    }


def test_a_line_that_breaks_for_one_colleague_leaves_the_others_done(account: Account, corp: OutCorp) -> None:
    first, second = corp.open_chat("甲群", "aqiang"), corp.open_chat("乙群", "xiaofang")
    corp.breaks["externalcontact/add_msg_template"] = [45009]
    came = offer_together(account, to_groups(first, second))
    assert isinstance(came[f"k:{first}"], BusyError)
    assert came[f"k:{second}"] == Done("mass1", awaits_person=True)


@pytest.mark.usefixtures("community")
def test_customers_hear_from_the_colleague_who_knows_them_longest(shop: Shop, account: Account, corp: OutCorp) -> None:
    corp.skip(-100)
    shop.hear(corp.befriend("aqiang", "wm1"))
    corp.skip(100)
    shop.hear(corp.befriend("xiaofang", "wm1"), corp.befriend("xiaofang", "wm2"))
    came = offer_together(account, to_people("wm1", "wm2", "wmxiaomei"))
    assert [(one["chat_type"], one["sender"], one["external_userid"]) for one in corp.offered] == [
        ("single", "aqiang", ["wm1"]),
        ("single", "xiaofang", ["wm2"]),
    ]
    assert isinstance(came["k:wmxiaomei"], RefusedError)
    known = Identity.objects.filter(external_id__in=("wm1", "wm2", "wmxiaomei"))
    reached = accounts_of(known.values_list("pk", flat=True))
    assert {one.external_id for one in known if one.pk in reached} == {"wm1", "wm2"}
    assert set(reached.values()) == {account.pk}


# What became of it


def test_a_task_that_wecom_hands_out_still_is_asked_about_later(account: Account, corp: OutCorp) -> None:
    chat = corp.open_chat("甲群", "aqiang")
    [order] = to_groups(chat)
    msgid = WeComConnector().perform(account, order).external_id
    corp.dispatch_seconds = 90
    assert WeComTeller().outcomes(account, [laid(order, msgid)]) == []
    corp.skip(91)
    assert WeComTeller().outcomes(account, [laid(order, msgid)]) == []
    corp.skip(-91)
    corp.dispatch_seconds = 0
    corp.confirm(msgid)
    [told] = WeComTeller().outcomes(account, [laid(order, msgid)])
    assert (told.key, told.arrived) == (order.key, True)
    assert told.at is not None
    assert abs((told.at - timezone.now()).total_seconds()) < 60


def test_each_group_of_a_task_has_an_end_of_its_own(account: Account, corp: OutCorp) -> None:
    chats = [corp.open_chat(name, "aqiang") for name in ("甲群", "乙群", "丙群")]
    corp.full.add(chats[1])
    orders = to_groups(*chats)
    offer_together(account, orders)
    corp.confirm("mass1", *chats[:2])
    told = WeComTeller().outcomes(account, [laid(one, "mass1") for one in orders])
    assert [(one.key, one.arrived) for one in told] == [(f"k:{chats[0]}", True), (f"k:{chats[1]}", False)]
    assert "as many mass messages as WeCom allows" in str(told[1].words)


def test_a_customer_who_ended_the_friendship_gets_nothing(shop: Shop, account: Account, corp: OutCorp) -> None:
    shop.hear(corp.befriend("aqiang", "wm1"), corp.befriend("aqiang", "wm2"))
    orders = to_people("wm1", "wm2")
    offer_together(account, orders)
    corp.part_with("aqiang", "wm1")
    corp.confirm("mass1")
    told = WeComTeller().outcomes(account, [laid(one, "mass1") for one in orders])
    assert [(one.key, one.arrived) for one in told] == [("k:wm1", False), ("k:wm2", True)]


def test_a_task_is_stopped_once_for_all_and_what_was_sent_stays_sent(account: Account, corp: OutCorp) -> None:
    cache.clear()
    chats = [corp.open_chat(name, "aqiang") for name in ("甲群", "乙群", "丙群")]
    orders = to_groups(*chats)
    offer_together(account, orders)
    corp.confirm("mass1", chats[0])
    with pytest.raises(RefusedError, match="before it could be stopped"):
        WeComTeller().take_back(account, laid(orders[0], "mass1"))
    for one in orders[1:]:
        WeComTeller().take_back(account, laid(one, "mass1"))
    assert corp.masses["mass1"].stopped
    assert corp.asked.count("externalcontact/cancel_groupmsg_send") == 1


def test_colleagues_are_reminded_in_wecom(account: Account, corp: OutCorp) -> None:
    [order] = to_groups(corp.open_chat("甲群", "aqiang"))
    offer_together(account, [order])
    remind(account, laid(order, "mass1"))
    assert corp.masses["mass1"].reminded == 1


def test_a_contact_is_written_to_only_through_an_account_that_answers_for_the_community(
    shop: Shop, account: Account, corp: OutCorp, community: Community, units: Units
) -> None:
    shop.hear(corp.befriend("aqiang", "wm1"))
    one = Identity.objects.get(external_id="wm1")
    wanted = [Wanted("k", Action.TELL, timezone.now(), identity=one, words="玫瑰到了")]
    [drafted] = draft_deliveries(wanted, community=community, origin=Origin("tests"))
    assert (drafted.account, drafted.way) == (account, "confirm")
    account.unit = units.south
    account.save()
    [drafted] = draft_deliveries(wanted, community=community, origin=Origin("tests"))
    assert (drafted.account, drafted.way) == (None, "hand")


# What a month allows


def test_a_month_allows_as_many_as_it_has_days_or_what_the_corp_set_lower(account: Account) -> None:
    february, march = date(2026, 2, 9), date(2026, 3, 9)
    assert (monthly(account, february), monthly(account, march)) == (28, 31)
    account.settings["monthly"] = "4"
    assert monthly(account, march) == 4
    account.settings["monthly"] = "viele"
    assert monthly(account, march) == 31


# From the release to the confirmation


@pytest.fixture
def sending(
    shop: Shop, community: Community, units: Units, specialist: Staff, lead: Staff, account: Account
) -> Sending:
    """Released to two groups of 阿强's, and laid before him."""
    most = dict.fromkeys(("person_day", "person_week", "group_day", "group_week"), 1000)
    Measure.objects.create(unit=units.headquarters, quiet_from=0, quiet_until=0, **most)
    second = shop.corp.open_chat("花友二群", "aqiang")
    groups = [shop.group, adopt_group(account, community=community, name="二群", external_id=second, by=TESTS)]
    return release(community, groups, specialist, lead)


def release(community: Community, groups: list[Group], specialist: Staff, lead: Staff) -> Sending:
    made = write_sending(community, Draft("上新", "玫瑰到了", groups=groups), by=specialist)
    hand_in(made, by=specialist)
    made.refresh_from_db()
    release_sending(made, by=lead, seen=made.checked_hash)
    made.refresh_from_db()
    return made


def states(sending: Sending) -> list[str]:
    return list(sending.deliveries.order_by("pk").values_list("state", flat=True))


def test_a_sending_is_confirmed_once_and_every_group_is_ticked_by_itself(
    sending: Sending, account: Account, corp: OutCorp
) -> None:
    send_through(account.pk)
    assert (len(corp.masses), states(sending)) == (1, ["awaiting", "awaiting"])
    corp.confirm("mass1")
    for tasks in take_due(timezone.now()).values():
        ask(tasks)
    assert states(sending) == ["sent", "sent"]
    assert {task.ended_by for task in HandTask.objects.all()} == {None}


def test_the_month_is_held_to_and_the_next_group_goes_on(
    sending: Sending, account: Account, community: Community, shop: Shop, specialist: Staff, lead: Staff
) -> None:
    send_through(account.pk)
    account.settings["monthly"] = "1"
    account.save()
    fresh = adopt_group(
        account, community=community, name="三群", external_id=shop.corp.open_chat("三", "aqiang"), by=TESTS
    )
    again = release(community, [shop.group, fresh], specialist, lead)
    send_through(account.pk)
    assert states(again) == ["held", "awaiting"]
    held = again.deliveries.get(state=Delivery.State.HELD)
    assert (held.held_by, "1 for each group in a month" in held.why) == ("monthly", True)


def test_colleagues_are_reminded_of_a_sending_once_a_day(
    sending: Sending, account: Account, corp: OutCorp, specialist: Staff, outsider: Staff
) -> None:
    with pytest.raises(QunyingError, match="Nobody has to confirm"):
        nudge_sending(sending, by=specialist)
    send_through(account.pk)
    assert nudge_sending(sending, by=specialist) == 1
    assert corp.masses["mass1"].reminded == 1
    with pytest.raises(QunyingError, match="within the last 24 hours"):
        nudge_sending(sending, by=specialist)
    with pytest.raises(QunyingError, match="Your roles do not include"):
        nudge_sending(sending, by=outsider)


def test_calling_a_sending_off_stops_the_task_in_wecom(
    sending: Sending, account: Account, corp: OutCorp, specialist: Staff
) -> None:
    cache.clear()
    send_through(account.pk)
    cancel_sending(sending, by=specialist)
    for tasks in take_due(timezone.now()).values():
        ask(tasks)
    assert (states(sending), corp.masses["mass1"].stopped) == (["cancelled", "cancelled"], True)
