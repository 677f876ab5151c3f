"""What WeChat tells as facts: who came by which code, who went, what they wrote, scanned and pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.connectors.official_account.tasks import ask_who
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Identity
from qunying.ground.syncs.services import reconcile_group

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account
    from tests.connectors.official_account.conftest import House
    from tests.support.official_account import Office

pytestmark = pytest.mark.django_db


def test_who_follows_by_a_code_is_present_with_its_channel(house: House, office: Office) -> None:
    house.hear(office.follow("o1", scene="poster"), office.follow("o2"))
    rows = Membership.objects.filter(group=house.group).order_by("pk")
    told = [(one.identity.external_id, one.channel_key, one.opened_by) for one in rows.select_related("identity")]
    assert told == [("o1", "poster", "joined"), ("o2", "", "joined")]


def test_who_follows_no_longer_has_left_and_may_come_again(house: House, office: Office) -> None:
    house.hear(office.follow("o1"))
    office.skip(5)
    house.hear(office.unfollow("o1"))
    assert house.present() == []
    office.skip(5)
    house.hear(office.follow("o1", scene="again"))
    assert house.present() == ["o1"]
    assert [one.kind for one in house.facts()] == ["joined", "left", "joined"]


def test_messages_are_spoken_with_their_form(house: House, office: Office) -> None:
    voice = {"MediaId": "m", "Format": "amr", "Recognition": "要一束花"}
    place = {"Location_X": "31.2", "Location_Y": "121.4", "Scale": "15", "Label": "人民广场"}
    house.hear(
        office.write("o1", "你好"),
        office.send("o1", "image", {"PicUrl": "http://mmbiz.qpic.cn/1", "MediaId": "m"}),
        office.send("o1", "voice", voice),
        office.send("o1", "location", place),
    )
    spoken = house.facts("spoke")
    assert [one.payload for one in spoken] == [{}, {"form": "image"}, {"form": "voice"}, {"form": "location"}]
    texts = [getattr(one, "message", None) for one in spoken]
    assert [one.text if one else "" for one in texts] == ["你好", "", "要一束花", "人民广场"]
    assert house.present() == ["o1"]


def test_two_events_of_one_second_are_two(house: House, office: Office) -> None:
    house.hear(office.press("o1", "shop"), office.press("o1", "help"), office.scan("o1", "poster"))
    assert [(one.kind, one.payload, one.channel_key) for one in house.facts()] == [
        ("pressed_menu", {"entry": "shop"}, ""),
        ("pressed_menu", {"entry": "help"}, ""),
        ("scanned", {}, "poster"),
    ]


def test_what_says_nothing_of_a_person_is_passed_over(house: House, office: Office) -> None:
    house.hear(
        office._event("o1", "TEMPLATESENDJOBFINISH", {"MsgID": 1, "Status": "success"}),
        office._letter("o1", "music", {"MsgId": 1}),
        office._letter("o1", "text", {"Content": "ohne Nummer"}),
        office._letter("o" * 65, "event", {"Event": "subscribe"}),
        office._letter("", "event", {"Event": "subscribe"}),
    )
    assert house.facts() == []


def test_who_a_follower_is_across_wechat_is_asked_after_they_came(
    account: Account, house: House, office: Office
) -> None:
    house.hear(office.follow("o1", union="u1"))
    ask_who(account.pk, "o1")
    assert Identity.objects.get(external_id="o1").union_id == "u1"
    ask_who(account.pk, "nobody")
    ask_who(account.pk + 1, "o1")


def test_the_nights_comparison_finds_who_came_and_went_unheard(house: House, office: Office) -> None:
    house.hear(*(office.follow(f"o{place}") for place in range(4)))
    office.skip(-60)  # WeChat tells when they came, which was before we asked
    office.unfollow("o0")
    for place in range(10, 14):
        office.follow(f"o{place}", scene="flyer", union=f"u{place}")
    run = reconcile_group(house.group)
    assert (run.listed, run.joined, run.left, run.error) == (7, 4, 1, "")
    late = Membership.objects.get(identity__external_id="o13")
    assert (late.channel_key, late.identity.union_id) == ("flyer", "u13")
    again = reconcile_group(house.group)
    assert (again.joined, again.left) == (0, 0)
    # The letters that were lost come after all: nobody comes twice.
    assert len(house.present()) == 7


def test_a_comparison_that_wechat_refuses_says_why(house: House, office: Office) -> None:
    office.trusted = False
    run = reconcile_group(house.group)
    assert run.state == "failed"
    assert "203.0.113.7" in run.error
