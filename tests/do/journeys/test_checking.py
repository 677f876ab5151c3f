"""Every fault of a definition is found, with its step and a sentence; a sound one has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from qunying.do.journeys.checking import START, look_over, problems_of
from qunying.do.journeys.reading import read_definition
from qunying.ground.groups.services import ensure_group
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.port import Action, Capability, Way, _connectors, register_connector
from tests.support.cast import TESTS
from tests.support.loopback import PLATFORM, LoopbackConnector
from tests.support.words import make_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db

SPOKE = {"all": True, "parts": [{"is": "since", "deed": "any-speaking", "times": 1}]}
WAIT = {"id": "rest", "do": "wait", "days": 1}
END = {"id": "stop", "do": "end"}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def say(name: str, words: str = "Good morning", **more: Any) -> dict[str, Any]:
    return {"id": name, "do": "say", "words": words, **more}


def fork(name: str, then: list[Any], other: list[Any], do: str = "branch") -> dict[str, Any]:
    return {"id": name, "do": do, "if": SPOKE, "then": then, "else": other} | ({"days": 2} if do == "until" else {})


def stops(community: Community, *steps: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    definition = read_definition({"trigger": {"on": "joined"}, "steps": list(steps), **more})
    return [(one.step, one.words) for one in problems_of(definition, community=community)]


def test_a_sound_journey_has_no_fault(community: Community, group: Group) -> None:
    welcome = {"id": "hello", "do": "welcome", "words": "Welcome, {name}"}
    assert stops(community, welcome, WAIT, fork("way", [say("a")], [END])) == []


def test_a_journey_without_steps_says_so(community: Community) -> None:
    assert stops(community) == [(START, "There is no step yet. Put one in below.")]


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        ([END, say("late"), say("later")], ["late"]),
        ([fork("way", [END], [{"id": "stop2", "do": "end"}]), say("late")], ["late"]),
        ([fork("way", [END, say("inner")], [])], ["inner"]),
        ([fork("way", [END], []), say("on")], []),
        ([fork("way", [], [END], do="until"), say("on")], []),
    ],
)
def test_steps_nobody_reaches_are_found(community: Community, group: Group, steps: list[Any], where: list[str]) -> None:
    assert [step for step, words in stops(community, *steps) if words.startswith("Nobody ever comes here")] == where


def test_a_question_both_answers_of_which_lead_on_is_a_fault_but_waiting_is_not(
    community: Community, group: Group
) -> None:
    assert [step for step, _words in stops(community, fork("way", [], []), say("on"))] == ["way"]
    assert stops(community, fork("way", [], [], do="until"), say("on")) == []


@pytest.mark.parametrize(
    ("steps", "circling"),
    [
        ([say("a"), {"id": "more", "do": "again", "to": "a", "most": 3}], True),
        ([say("a"), WAIT, {"id": "more", "do": "again", "to": "a", "most": 3}], False),
        ([say("a"), fork("way", [WAIT], []), {"id": "more", "do": "again", "to": "a", "most": 3}], True),
        ([say("a"), fork("way", [], [], do="until"), {"id": "more", "do": "again", "to": "a", "most": 3}], False),
        (
            [say("a"), {"id": "rest", "do": "wait", "on": "workday"}, {"id": "x", "do": "again", "to": "a", "most": 1}],
            True,
        ),
    ],
)
def test_going_back_without_a_wait_is_found(
    community: Community, group: Group, steps: list[Any], circling: bool
) -> None:
    assert any("without any wait" in words for _step, words in stops(community, *steps)) is circling


def test_what_is_missing_is_named(community: Community, group: Group) -> None:
    gone = {"all": True, "parts": [{"is": "tag", "tags": [404]}, {"is": "segment", "segment": 405}]}
    steps = [{"id": "way", "do": "branch", "if": gone, "then": [say("a")], "else": []}]
    assert stops(community, *steps, trigger={"on": "segment_entered", "segment": 406}) == [
        (START, "The segment it asks for is not there any more. Choose another one."),
        ("way", "The segment it asks for is not there any more. Choose another one."),
        ("way", "A tag it asks for is not there any more. Choose another one."),
    ]
    assert stops(community, say("a"), trigger={"on": "date", "dimension": "birthday"}) == [
        (START, "There is no kind of tag “birthday”. Choose one that holds a day of the member.")
    ]
    assert [step for step, _words in stops(community, say("a"), trigger={"on": "joined", "groups": [9999]})] == [
        START,
        START,
    ]


def test_a_welcome_belongs_to_coming_in(community: Community, group: Group) -> None:
    steps = [{"id": "hello", "do": "welcome", "words": "Welcome"}]
    assert [step for step, _words in stops(community, *steps, trigger={"on": "manual"})] == ["hello"]
    assert stops(community, *steps) == []


def test_words_on_lists_stop_or_are_pointed_out(community: Community, group: Group) -> None:
    make_words(community.unit, "全网最低", severity="stop")
    make_words(community.unit, "秒没", name="小心", severity="warn")
    definition = read_definition({"trigger": {"on": "joined"}, "steps": [say("a", "全网最低，秒没")]})
    found = [one for one in look_over(definition, community=community) if "a person sends it" not in one.words]
    assert [(one.step, one.stops, one.words[1:5].strip("”:")) for one in found] == [
        ("a", True, "全网最低"),
        ("a", False, "秒没"),
    ]
    assert len(problems_of(definition, community=community)) == 1


def test_adverts_are_marked_and_tell_the_way_out(community: Community, group: Group) -> None:
    advert = "An advert carries the word 「广告」. Write it into the text."
    way_out = "An advert to one person says how to have no more of them (「退订」). Write it into the text."
    assert [words for _step, words in stops(community, say("a", "今晚上新", advert=True))] == [advert, way_out]
    assert [words for _step, words in stops(community, say("a", "今晚上新", advert=True, to="group"))] == [advert]
    assert stops(community, say("a", "【广告】今晚上新，退订回T", advert=True)) == []
    [(_step, selling)] = stops(community, say("a", "看这里 https://item.taobao.com/x"))
    assert selling.startswith("It leads to something for sale")


def test_a_placeholder_nobody_fills_is_found(community: Community, group: Group) -> None:
    assert stops(community, say("a", "{name}, welcome to {group}")) == []
    [(_step, words)] = stops(community, say("a", "Dear {nickname}"))
    assert words.startswith("“{nickname}” is replaced by nothing.")


class NoTell(LoopbackConnector):
    """A platform that speaks to groups only."""

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """Words to one person do not go."""
        if action is Action.TELL:
            return Capability(Way.IMPOSSIBLE, "It writes to nobody alone.")
        return super().capability(action, account=account, group=group)


def test_what_no_platform_of_the_groups_does_is_told_with_the_reason(
    community: Community, group: Group, units: Units
) -> None:
    register_connector(NoTell())
    try:
        group.account = Account.objects.create(name="机器人", platform=PLATFORM, unit=units.shop)
        group.save()
        assert stops(community, say("a")) == [
            ("a", "The platform cannot do this in 花友一群: It writes to nobody alone.")
        ]
        assert stops(community, say("a", to="group")) == []
        ensure_group(community, name="手动群", platform="wechat", by=TESTS)
        definition = read_definition({"trigger": {"on": "joined"}, "steps": [say("a")]})
        assert [(one.stops, one.words) for one in look_over(definition, community=community)] == [
            (False, "In 手动群 a person sends it: it becomes a task."),
            (False, "The platform cannot do this in 花友一群: It writes to nobody alone."),
        ]
    finally:
        _connectors.pop(PLATFORM)


def test_without_a_group_nothing_can_leave(community: Community) -> None:
    assert [step for step, _words in stops(community, say("a"))] == [START]


def test_looking_over_asks_as_much_for_many_steps_as_for_one(
    community: Community, group: Group, django_assert_num_queries: Callable[[int], object]
) -> None:
    for count in (1, 30):
        steps = [say(f"s{number}") for number in range(count)]
        definition = read_definition({"trigger": {"on": "joined"}, "steps": steps})
        look_over(definition, community=community)
        with django_assert_num_queries(1 + count):  # type: ignore[attr-defined] - pytest-django's
            look_over(definition, community=community)
