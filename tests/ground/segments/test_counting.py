"""Who fits a segment: each condition alone, put together, and as soon as a fact is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone, translation

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.groups.models import Community
from qunying.ground.groups.services import create_community
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members
from qunying.ground.members.services_tags import tag_members
from qunying.ground.segments.conditions import Names, read_group, sentence
from qunying.ground.segments.counting import count_fitting, members_fitting
from qunying.ground.segments.queries import names_in
from qunying.ground.warehouse.services import catch_up
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)


def every(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": True, "parts": list(parts)}


def some(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": False, "parts": list(parts)}


def fitting(plain: dict[str, Any], community: Community) -> list[str]:
    """Names of who fits; counting and listing must agree."""
    group = read_group(plain)
    found = members_fitting(group, [community.pk])
    assert count_fitting(group, [community.pk]).count == len(found)
    return sorted(Member.objects.filter(pk__in=found).values_list("display_name", flat=True))


class Life:
    """Records what people did, so many days ago."""

    def __init__(self, group: Group) -> None:
        self.group, self.now, self.number = group, timezone.now(), 0

    def did(self, who: str, kind: str, ago: int, *, platform: str = "wechat", **more: Any) -> None:
        self.number += 1
        at: datetime = self.now - timedelta(days=ago, seconds=1)
        fact = Fact(kind, at, ("life", self.number), who=Who(platform, who, who), group_id=self.group.pk, **more)
        record([fact], community=self.group.community, source="tests")


@pytest.fixture
def life(group: Group) -> Life:
    """甲 talks and buys, 乙 talked long ago, 丙 has left, 丁 is staff and talks."""
    life = Life(group)
    for who, ago, channel in (("甲", 60, "poster"), ("乙", 90, "poster"), ("丙", 50, ""), ("丁", 40, "")):
        life.did(who, "joined", ago, channel_key=channel)
    for ago in (1, 2, 3):
        life.did("甲", "spoke", ago)
    life.did("甲", "ordered", 5, amount=60_000, object_id="A1")
    life.did("甲", "refunded", 4, amount=10_000, object_id="A1")
    life.did("乙", "spoke", 45)
    life.did("丙", "spoke", 20)
    life.did("丙", "left", 10)
    life.did("丁", "spoke", 1)
    mark_members([Member.objects.get(display_name="丁").pk], mark=Mark.STAFF, on=True, by=TESTS)
    return life


CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({"is": "state", "state": "present"}, ["乙", "甲"]),
    ({"is": "state", "state": "left"}, ["丙"]),
    ({"is": "channel", "channels": ["poster"]}, ["乙", "甲"]),
    ({"is": "channel", "channels": ["poster"], "not": True}, ["丙"]),
    ({"is": "platform", "platforms": ["wechat"]}, ["丙", "乙", "甲"]),
    ({"is": "platform", "platforms": ["qq"]}, []),
    ({"is": "part", "roles": ["member"]}, ["乙", "甲"]),
    ({"is": "part", "roles": ["owner", "leader"]}, []),
    ({"is": "mark", "mark": "staff"}, ["丁"]),
    ({"is": "mark", "mark": "bot"}, []),
    ({"is": "did", "deed": "spoke", "days": 30}, ["丙", "甲"]),
    ({"is": "did", "deed": "spoke", "days": 30, "not": True}, ["乙"]),
    ({"is": "did", "deed": "spoke", "times": 3, "days": 30}, ["甲"]),
    ({"is": "did", "deed": "any-speaking", "times": 1, "days": 60}, ["丙", "乙", "甲"]),
    ({"is": "did", "deed": "ordered", "days": 7}, ["甲"]),
    ({"is": "did", "deed": "ordered", "days": 5}, []),
    ({"is": "spent", "amount": "500", "days": 0}, ["甲"]),
    ({"is": "spent", "amount": "500.01", "days": 0}, []),
    ({"is": "spent", "amount": "500", "days": 0, "not": True}, ["丙", "乙"]),
    ({"is": "quiet", "days": 30}, ["乙"]),
    ({"is": "quiet", "days": 30, "not": True}, ["丙", "甲"]),
]


@pytest.mark.parametrize("moved", [False, True])
def test_each_condition_picks_its_people(life: Life, community: Community, moved: bool) -> None:
    if moved:
        catch_up()
    found = [fitting(every(condition), community) for condition, _expected in CASES]
    assert found == [sorted(expected) for _condition, expected in CASES]


def test_tags_groups_and_days_of_joining(life: Life, community: Community, group: Group) -> None:
    member = Member.objects.get(display_name="甲")
    tag, _fresh = tag_members([member.pk], dimension="城市", name="杭州", by=TESTS)
    assert fitting(every({"is": "tag", "tags": [tag.pk]}), community) == ["甲"]
    assert fitting(every({"is": "tag", "tags": [tag.pk], "not": True}), community) == ["丙", "乙"]
    assert fitting(every({"is": "group", "groups": [group.pk]}), community) == ["乙", "甲"]
    day = (life.now - timedelta(days=70)).date().isoformat()
    assert fitting(every({"is": "joined", "from": day}), community) == ["丙", "甲"]
    assert fitting(every({"is": "joined", "until": day}), community) == ["乙"]


def test_conditions_are_put_together_one_level_deep(life: Life, community: Community) -> None:
    spoke, quiet = {"is": "did", "deed": "spoke", "days": 30}, {"is": "quiet", "days": 30}
    here = {"is": "state", "state": "present"}
    assert fitting(every(spoke, here), community) == ["甲"]
    assert fitting(some(spoke, quiet), community) == ["丙", "乙", "甲"]
    assert fitting(every(here, some(spoke, quiet)), community) == ["乙", "甲"]
    assert fitting(some(every(spoke, here), quiet), community) == ["乙", "甲"]
    with pytest.raises(QunyingError):
        read_group(every(some(every(spoke))))


def test_a_fact_counts_as_soon_as_it_is_there(life: Life, community: Community) -> None:
    spoke = every({"is": "did", "deed": "spoke", "days": 1})
    before = fitting(spoke, community)
    life.did("乙", "spoke", 0)
    assert sorted({*before, "乙"}) == fitting(spoke, community)


def test_who_is_here_is_who_the_figures_count(life: Life, community: Community) -> None:
    today = timezone.localdate()
    figure = measure("members_present", scope=Scope((community.pk,)), period=Period(today, today))
    here = count_fitting(read_group(every({"is": "state", "state": "present"})), [community.pk])
    assert (here.count, here.among) == (figure.value, 3)


def test_two_accounts_of_one_person_are_added_up(life: Life, community: Community) -> None:
    other = Member.objects.get(display_name="乙")
    other.identities.update(member=Member.objects.get(display_name="丙"))
    assert fitting(every({"is": "did", "deed": "spoke", "times": 2, "days": 60}), community) == ["丙", "甲"]


@pytest.mark.parametrize(
    ("currency", "amount", "fits"),
    [("JPY", "50000", True), ("JPY", "50001", False), ("KWD", "50", True), ("KWD", "50.001", False)],
)
def test_an_amount_is_meant_in_the_units_of_the_communitys_currency(
    life: Life, community: Community, currency: str, amount: str, fits: bool
) -> None:
    Community.objects.filter(pk=community.pk).update(currency=currency)  # 甲 spent 50,000 minor units
    found = fitting(every({"is": "spent", "amount": amount, "days": 0}), community)
    assert found == (["甲"] if fits else [])


def test_sums_of_two_currencies_are_not_added_up(life: Life, community: Community, units: Units) -> None:
    yen = create_community("tokyo", name="東京", unit=units.shop, currency="JPY", by=TESTS)
    when = life.now - timedelta(days=2)
    for number, (who, amount) in enumerate((("甲", 300), ("乙", 500))):
        bought = Fact("ordered", when, ("yen", number), who=Who("wechat", who, who), amount=amount)
        joined = Fact("joined", when, ("yen", "j", number), who=Who("wechat", who, who))
        record([joined, bought], community=yen, source="tests")

    def spent(amount: str) -> list[str]:
        group = read_group(every({"is": "spent", "amount": amount, "days": 0}))
        found = members_fitting(group, [community.pk, yen.pk])
        return sorted(Member.objects.filter(pk__in=found).values_list("display_name", flat=True))

    assert (spent("500"), spent("501"), spent("300")) == (["乙", "甲"], [], ["乙", "甲"])
    names = names_in([community, yen])
    assert (names.currency, names_in([yen]).currency) == ("", "JPY")
    plain = read_group(every({"is": "spent", "amount": "500", "days": 0}))
    assert sentence(plain, names) == "spent at least 500 ever"
    assert sentence(plain, names_in([yen])) == "spent at least ¥500 ever"


def test_the_sentence_reads_in_both_languages() -> None:
    plain = every(
        {"is": "state", "state": "present"},
        some({"is": "did", "deed": "spoke", "times": 3, "days": 30}, {"is": "spent", "amount": "500", "days": 0}),
        {"is": "tag", "tags": [7], "not": True},
    )
    names = Names(tags={7: "城市：杭州"})
    assert sentence(read_group(plain), names) == (
        "in the community now, and (did at least 3 times in the last 30 days: “Sent a message”, or "
        "spent at least CN¥500.00 ever), and without the tag 城市：杭州"
    )
    with translation.override("zh-hans"):
        assert sentence(read_group(plain), names) == (
            "现在在社群里，并且（最近30天里“发言”至少3次，或者累计消费至少¥500.00），并且没有标签“城市：杭州”"
        )


NONSENSE = [
    {"is": "nose"},
    {"is": "tag", "tags": []},
    {"is": "tag", "tags": ["x"]},
    {"is": "channel", "channels": []},
    {"is": "part", "roles": ["king"]},
    {"is": "joined"},
    {"is": "joined", "from": "soon"},
    {"is": "joined", "from": "2026-03-02", "until": "2026-03-01"},
    {"is": "did", "deed": "joined"},
    {"is": "did", "deed": "spoke", "times": 0},
    {"is": "did", "deed": "spoke", "days": "99999"},
    {"is": "spent", "amount": "much"},
    {"is": "spent", "amount": "NaN"},
    {"is": "spent", "amount": "-3"},
    {"is": "state", "state": "maybe"},
]


@pytest.mark.parametrize("condition", NONSENSE)
def test_nonsense_is_refused_in_words(condition: dict[str, Any]) -> None:
    with pytest.raises(QunyingError):
        read_group(every(condition))


def test_a_word_cannot_break_out_of_its_quotes(life: Life, community: Community) -> None:
    assert fitting(every({"is": "channel", "channels": ["x') OR true --"]}), community) == []


def test_too_many_conditions_are_refused() -> None:
    with pytest.raises(QunyingError):
        read_group(every(*[{"is": "quiet", "days": 3}] * 21))
