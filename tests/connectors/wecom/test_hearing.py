"""What WeCom tells becomes facts: who came by which code, who went and how, whose contact who is, which tags."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.connectors.wecom.models import Contact, Heard
from qunying.connectors.wecom.rolls import version_of
from qunying.connectors.wecom.tasks import catch_up, forget_old, hand_out_left_over
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.jobs.services import run_to_end
from qunying.ground.members.models import Identity, Member, MemberTag
from qunying.ground.members.services_tags import tag_members
from qunying.ground.platforms.services import pause_account
from qunying.ground.subjects.services_erasure import erase_member
from qunying.ground.syncs.services import reconcile_group
from tests.connectors.wecom.conftest import WELCOME, told, work_off
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account
    from tests.connectors.wecom.conftest import Shop
    from tests.support.wecom import Corp, Postman

pytestmark = pytest.mark.django_db
GET = "externalcontact/groupchat/get"


def waits() -> list[str]:
    return list(Heard.objects.filter(state=Heard.State.WAITING).values_list("why", flat=True))


def due_now() -> None:
    """Let the pause be over for which something waits."""
    Heard.objects.filter(state=Heard.State.WAITING).update(due_at=timezone.now())


# Customer groups


def test_who_comes_by_a_code_is_recorded_with_its_channel(shop: Shop) -> None:
    shop.hear(shop.corp.join(shop.id, "wmali", state="poster-3", by="aqiang"))
    assert [told(row) for row in shop.facts("joined")][-1] == ("wmali", "aqiang", "poster-3")
    stay = Membership.objects.get(identity__external_id="wmali")
    assert (stay.channel_key, stay.inviter and stay.inviter.external_id) == ("poster-3", "aqiang")


def test_who_goes_is_recorded_without_asking_where_the_versions_follow(shop: Shop) -> None:
    shop.hear(shop.corp.join(shop.id, "wmali"))
    asked = len(shop.corp.asked)
    shop.hear(shop.corp.leave(shop.id, "wmali"), shop.corp.leave(shop.id, "wmxiaomei", removed=True))
    gone = [(row.identity and row.identity.external_id, row.payload["reason"]) for row in shop.facts("left")]
    assert gone == [("wmali", "left"), ("wmxiaomei", "removed")]
    assert (shop.present(), len(shop.corp.asked)) == (["aqiang"], asked)


def test_an_event_that_was_lost_is_made_good_by_the_next(shop: Shop) -> None:
    shop.hear(shop.corp.join(shop.id, "wmali"))
    shop.corp.leave(shop.id, "wmali")  # and nobody tells us
    shop.corp.join(shop.id, "wmwang", state="wall")  # nor this
    shop.hear(shop.corp.leave(shop.id, "wmxiaomei"))
    assert shop.present() == ["aqiang", "wmwang"]
    assert [told(row) for row in shop.facts("joined")][-1] == ("wmwang", "aqiang", "wall")


def test_an_event_whose_version_is_stored_is_passed_over(shop: Shop) -> None:
    came = shop.corp.join(shop.id, "wmali")
    went = shop.corp.leave(shop.id, "wmali")
    shop.hear(came)  # the list that is asked for knows already that they went again
    due_now()
    for _time in range(4):
        work_off()
        due_now()
    asked = len(shop.corp.asked)
    shop.hear(went)
    assert (shop.present(), len(shop.corp.asked), waits()) == (["aqiang", "wmxiaomei"], asked, [])


def test_events_in_any_order_come_to_the_same(shop: Shop) -> None:
    letters = [
        shop.corp.join(shop.id, "wmali"),
        shop.corp.join(shop.id, "wmwang"),
        shop.corp.leave(shop.id, "wmxiaomei"),
        shop.corp.join(shop.id, "wmzhao"),
    ]
    shop.hear(*reversed(letters))
    assert shop.present() == ["aqiang", "wmali", "wmwang", "wmzhao"]
    counted = Event.objects.count()
    for letter in letters:
        shop.postman.bring(letter)
    work_off()
    assert Event.objects.count() == counted


def test_a_list_that_lags_behind_is_asked_for_again(shop: Shop) -> None:
    letter = shop.corp.join(shop.id, "wmali", lag=True)
    shop.hear(letter)
    assert (waits(), shop.present()) == (["The list of the group lags behind."], ["aqiang", "wmxiaomei"])
    shop.corp.chats[shop.id].shown = None
    due_now()
    work_off()
    assert (waits(), shop.present()) == ([], ["aqiang", "wmali", "wmxiaomei"])


def test_where_the_list_may_not_be_read_who_came_is_known_all_the_same(shop: Shop) -> None:
    letter = shop.corp.join(shop.id, "wmali", state="poster-3")
    shop.corp.breaks[GET] = [60011]
    shop.hear(letter)
    assert (shop.present(), waits()) == (["aqiang", "wmali", "wmxiaomei"], [])


def test_a_colleague_is_in_no_figure(shop: Shop) -> None:
    assert list(Member.objects.filter(is_staff=True).values_list("identities__external_id", flat=True)) == ["aqiang"]


def test_another_owner_is_another_part(shop: Shop) -> None:
    chat = shop.corp.chats[shop.id]
    chat.owner, chat.version = "wmxiaomei", "v9"
    fields = {"ChatId": shop.id, "UpdateDetail": "change_owner", "LastMemVer": "v8", "CurMemVer": "v9"}
    shop.hear(shop.corp.letter("change_external_chat", "update", fields))
    turned = {row.identity.external_id: row.payload["role"] for row in shop.facts("role_changed") if row.identity}
    assert turned == {"wmxiaomei": "owner", "aqiang": "member"}


def test_a_new_name_is_told(shop: Shop) -> None:
    shop.corp.chats[shop.id].name = "花友二群"
    fields = {"ChatId": shop.id, "UpdateDetail": "change_name"}
    shop.hear(shop.corp.letter("change_external_chat", "update", fields))
    assert [row.payload for row in shop.facts("renamed_group")] == [{"name": "花友二群"}]


def test_when_a_group_is_dismissed_everybody_has_left(shop: Shop) -> None:
    shop.hear(shop.corp.letter("change_external_chat", "dismiss", {"ChatId": shop.id}))
    assert (shop.present(), version_of(shop.group)) == ([], "")
    assert {row.payload["reason"] for row in shop.facts("left")} == {"dismissed"}


def test_groups_that_nobody_tied_are_passed_over(shop: Shop) -> None:
    other = shop.corp.open_chat("别的群", "ali")
    shop.hear(shop.corp.letter("change_external_chat", "create", {"ChatId": other}))
    shop.hear(shop.corp.join(other, "wmwang"))
    assert (shop.corp.asked, waits()) == ([], [])


def test_every_fact_is_right_though_events_are_lost_and_repeated(shop: Shop) -> None:
    """After the night's comparison our list is WeCom's, whatever the post did."""
    shop.postman.lose, shop.postman.repeat = 0.3, 0.5
    random = shop.postman.random
    for number in range(40):
        there = [one for one in shop.corp.chats[shop.id].members if one.startswith("wm")]
        if there and random.random() < 0.4:
            shop.hear(shop.corp.leave(shop.id, random.choice(there)))
        else:
            shop.hear(shop.corp.join(shop.id, f"wm{number}"))
    assert shop.postman.lost > 5
    reconcile_group(shop.group)
    assert shop.present() == sorted(shop.corp.chats[shop.id].members)
    run = reconcile_group(shop.group)
    assert (run.joined, run.left, waits()) == (0, 0, [])


# Contacts


def test_a_new_contact_is_welcomed_and_belongs_to_the_community(
    account: Account, corp: Corp, postman: Postman, community: Community
) -> None:
    postman.carry(corp.befriend("aqiang", "wmli", state="poster-3", name="小丽"))
    work_off()
    assert [one["text"] for one in corp.welcomed] == [{"content": WELCOME}]
    rows = Event.objects.filter(community=community).select_related("identity", "target_identity").order_by("pk")
    assert sorted((row.kind, told(row)) for row in rows) == [
        ("befriended", ("wmli", "aqiang", "poster-3")),
        ("joined", ("wmli", "aqiang", "poster-3")),
    ]
    assert Identity.objects.get(external_id="wmli").display_name == "小丽"


def test_the_welcome_is_sent_once_however_often_the_event_comes(account: Account, corp: Corp, postman: Postman) -> None:
    letter = corp.befriend("aqiang", "wmli")
    for _time in range(3):
        postman.bring(letter)
        work_off()
    assert (len(corp.welcomed), corp.asked.count("externalcontact/send_welcome_msg")) == (1, 1)


def test_after_twenty_seconds_nobody_is_welcomed_and_the_contact_is_recorded(
    account: Account, corp: Corp, postman: Postman
) -> None:
    letter = corp.befriend("aqiang", "wmli")
    corp.skip(21)
    postman.bring(letter)
    work_off()
    assert (corp.welcomed, Contact.objects.count(), waits()) == ([], 1, [])


def test_a_paused_account_welcomes_nobody_and_hears_everything(account: Account, corp: Corp, postman: Postman) -> None:
    pause_account(account, by=TESTS)
    postman.carry(corp.befriend("aqiang", "wmli"))
    work_off()
    assert (corp.welcomed, Contact.objects.count()) == ([], 1)


def test_who_has_two_colleagues_has_left_when_the_second_ends_it(
    account: Account, corp: Corp, postman: Postman, community: Community
) -> None:
    postman.carry(corp.befriend("aqiang", "wmli"), corp.befriend("xiaomei", "wmli", state="second"))
    work_off()
    stays = Membership.objects.filter(community=community, identity__external_id="wmli")
    postman.carry(corp.part_with("aqiang", "wmli"))
    work_off()
    assert [stay.left_at for stay in stays.all()] == [None]
    postman.carry(corp.part_with("xiaomei", "wmli", customer=False))
    work_off()
    kinds = Event.objects.filter(community=community).order_by("pk").values_list("kind", "payload")
    assert [(kind, told.get("by")) for kind, told in kinds if kind == "unfriended"] == [
        ("unfriended", "customer"),
        ("unfriended", "colleague"),
    ]
    assert sorted(kind for kind, _told in kinds) == [
        "befriended",
        "befriended",
        "joined",
        "left",
        "unfriended",
        "unfriended",
    ]
    assert [stay.left_at is None for stay in stays.all()] == [False]


def test_who_comes_back_is_a_contact_again(account: Account, corp: Corp, postman: Postman) -> None:
    postman.carry(corp.befriend("aqiang", "wmli"))
    work_off()
    Contact.objects.update(since="2026-01-01T00:00:00Z")
    postman.carry(corp.part_with("aqiang", "wmli"))
    work_off()
    assert Contact.objects.get().until is not None
    postman.carry(corp.befriend("aqiang", "wmli", state="again"))
    work_off()
    row = Contact.objects.get()
    assert (row.until, row.channel) == (None, "again")


def test_tags_and_remarks_follow_the_corp(account: Account, corp: Corp, postman: Postman) -> None:
    corp.tags = {"t1": ("意向", "高"), "t2": ("意向", "低")}
    postman.carry(corp.befriend("aqiang", "wmli", tags=["t1"]))
    work_off()
    member = Member.objects.get(identities__external_id="wmli")

    def carried() -> list[str]:
        return sorted(MemberTag.objects.filter(member=member).values_list("tag__name", flat=True))

    assert carried() == ["高"]
    corp.follows["aqiang"]["wmli"] |= {"tag_id": ["t2"], "remark": "爱玫瑰"}
    edited = {"UserID": "aqiang", "ExternalUserID": "wmli"}
    postman.carry(corp.letter("change_external_contact", "edit_external_contact", edited))
    work_off()
    assert (carried(), Contact.objects.get().remark) == (["低"], "爱玫瑰")


def test_tags_from_elsewhere_stay(account: Account, corp: Corp, postman: Postman) -> None:
    corp.tags = {"t1": ("意向", "高"), "t2": ("意向", "低")}
    postman.carry(corp.befriend("aqiang", "wmli", tags=["t1"]))
    work_off()
    member = Member.objects.get(identities__external_id="wmli")
    tag_members([member.pk], dimension="意向", name="低", by=TESTS)
    edited = {"UserID": "aqiang", "ExternalUserID": "wmli"}
    postman.carry(corp.letter("change_external_contact", "edit_external_contact", edited))
    work_off()
    assert sorted(MemberTag.objects.filter(member=member).values_list("tag__name", flat=True)) == ["低", "高"]


# What goes wrong


def test_what_finds_wecom_busy_waits_and_is_taken_up_again(account: Account, corp: Corp, postman: Postman) -> None:
    corp.breaks["externalcontact/get"] = [45009]
    postman.carry(corp.befriend("aqiang", "wmli"))
    work_off()
    assert (waits(), Contact.objects.count()) == (["WeCom has no time at the moment. It is tried again."], 0)
    assert (hand_out_left_over(), catch_up(account.pk)) == (0, 0)  # its time has not come
    Heard.objects.update(due_at=timezone.now() - timedelta(seconds=9))
    assert (hand_out_left_over(), catch_up(account.pk)) == (1, 1)
    assert (waits(), Contact.objects.count(), len(corp.welcomed)) == ([], 1, 1)


def test_what_is_refused_is_given_up_with_a_reason(account: Account, corp: Corp, postman: Postman) -> None:
    corp.trusted = False
    postman.carry(corp.befriend("aqiang", "wmli"))
    work_off()
    heard = Heard.objects.get()
    assert (heard.state, heard.words) == ("given_up", "")
    assert "203.0.113.7" in heard.why


def test_events_that_mean_nothing_here_are_put_aside(account: Account, corp: Corp, postman: Postman) -> None:
    for event, change in (("change_external_tag", "shuffle"), ("unknown", ""), ("change_external_chat", "update")):
        postman.carry(corp.letter(event, change, {"ChatId": "wr-unknown"}))
    work_off()
    assert list(Heard.objects.values_list("state", "words")) == [("done", "")] * 3


def test_what_was_understood_long_ago_is_forgotten(account: Account, corp: Corp, postman: Postman) -> None:
    letter = corp.befriend("aqiang", "wmli")
    postman.carry(letter)
    work_off()
    counted = Event.objects.count()
    Heard.objects.update(received_at="2026-01-01T00:00:00Z")
    assert forget_old() == 1
    postman.carry(letter)  # somebody plays an old letter again
    work_off()
    assert (Event.objects.count(), len(corp.welcomed)) == (counted, 1)


def test_who_was_erased_is_not_kept_again(account: Account, corp: Corp, postman: Postman) -> None:
    letter = corp.befriend("aqiang", "wmli")
    postman.carry(letter)
    work_off()
    run_to_end(erase_member(Member.objects.get(identities__external_id="wmli"), by=TESTS))
    assert not Contact.objects.exists()
    edited = {"UserID": "aqiang", "ExternalUserID": "wmli"}
    postman.carry(corp.letter("change_external_contact", "edit_external_contact", edited))
    work_off()
    assert (Contact.objects.count(), Identity.objects.filter(external_id="wmli").count(), waits()) == (0, 0, [])
