"""What would have gone out last month: counted by hand for four members, the same each time, nothing written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from qunying.do.journeys.models import Passage, Traveller
from qunying.do.journeys.reading import read_definition
from qunying.do.journeys.simulation import simulate
from qunying.do.reach.models import Delivery, Measure
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.do.journeys.simulation import Trial
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 31, 4, tzinfo=UTC)
"""Tuesday noon in Shanghai; the month begins at Shanghai's midnight on 1 March."""
SPOKE = {"all": True, "parts": [{"is": "since", "deed": "any-speaking", "times": 1}]}


@pytest.fixture(autouse=True)
def _english(units: Units) -> Iterator[None]:
    Measure.objects.create(unit=units.headquarters, quiet_from=22, quiet_until=8)
    with override("en"):
        yield


def on(day: int, hour: int = 10) -> datetime:
    """That hour in Shanghai on that day of March."""
    return datetime(2026, 3, 1, hour, tzinfo=UTC) + timedelta(days=day - 1, hours=-8)


def tell(group: Group, *told: tuple[str, str, datetime]) -> None:
    facts = [
        Fact(kind, at, ("trial", kind, name, at.isoformat()), who=Who("wechat", name, name), group_id=group.pk)
        for kind, name, at in told
    ]
    record(facts, community=group.community, source="tests")


def tried(community: Community, *steps: dict[str, Any], on: str = "joined", **more: Any) -> Trial:
    trigger = {"on": on, **more.pop("trigger", {})}
    definition = read_definition({"trigger": trigger, "steps": list(steps), **more})
    return simulate(definition, community=community, now=NOW)


def say(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "do": "say", "words": "Good morning", **more}


def wait(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "do": "wait", **more}


def test_each_step_counts_who_came_there_and_what_would_have_left(community: Community, group: Group) -> None:
    early = ("joined", "早", datetime(2026, 2, 27, 4, tzinfo=UTC))
    tell(group, early, ("joined", "甲", on(3)), ("joined", "乙", on(5)), ("joined", "丙", on(30)))
    tell(group, ("spoke", "甲", on(4)), ("left", "乙", on(6)))
    fork = {"id": "way", "do": "branch", "if": SPOKE, "then": [say("thanks")], "else": [say("invite")]}
    trial = tried(community, {"id": "hello", "do": "welcome", "words": "Hi"}, wait("two", days=2), fork)
    steps = trial.steps
    assert trial.began == 3
    assert (steps["hello"].arrived, steps["hello"].by_hand, steps["two"].arrived) == (3, 3, 3)
    assert (steps["way"].took["then"], steps["way"].took["else"]) == (1, 0)
    assert (steps["thanks"].by_hand, "invite" in steps) == (1, False)
    assert dict(trial.states) == {"ended": 1, "left": 1, "under_way": 1}
    assert [trial.names[member] for member, _at in steps["thanks"].examples] == ["甲"]
    assert (Traveller.objects.count(), Passage.objects.count(), Delivery.objects.count()) == (0, 0, 0)
    assert tried(community, say("a"), wait("b", days=1)) == tried(community, say("a"), wait("b", days=1))


def test_what_comes_at_night_leaves_in_the_morning_and_the_second_of_a_day_is_held(
    community: Community, group: Group
) -> None:
    tell(group, ("joined", "甲", on(3, 23)))
    trial = tried(community, say("first"), wait("short", hours=12), say("second"), wait("day", days=1), say("third"))
    assert (trial.steps["first"].moved, trial.steps["first"].by_hand) == (1, 1)
    assert dict(trial.steps["second"].held) == {"They were sent enough that day, or that week.": 1}
    assert trial.steps["third"].by_hand == 1


def test_what_they_were_sent_in_truth_counts(community: Community, group: Group) -> None:
    tell(group, ("joined", "甲", on(3)))
    identity = Member.objects.get(display_name="甲").identities.get()
    Delivery.objects.create(
        key="reach:1", origin="reach", community=community, action="tell", identity=identity, way="hand", state="sent",
        due_at=on(3, 9), content_hash="",
    )  # fmt: skip
    assert tried(community, say("first")).steps["first"].held_back == 1
    assert tried(community, wait("day", days=1), say("first")).steps["first"].held_back == 0


def test_adverts_are_held_from_those_who_have_not_agreed(community: Community, group: Group) -> None:
    tell(group, ("joined", "甲", on(3)))
    [words] = tried(community, say("sale", advert=True)).steps["sale"].held
    assert words.startswith("This person has not agreed")
    [state] = tried(community, say("sale", advert=True, if_held="end"), say("on")).states
    assert state == "left"


def test_a_watch_ends_when_it_comes_true_or_its_time_is_over(community: Community, group: Group) -> None:
    tell(group, ("joined", "甲", on(3)), ("joined", "乙", on(3)), ("joined", "丙", on(30)))
    tell(group, ("spoke", "甲", on(5)), ("spoke", "乙", on(9)))
    watch = {"id": "watch", "do": "until", "days": 3, "if": SPOKE, "then": [say("yes")], "else": [say("no")]}
    trial = tried(community, watch)
    assert trial.steps["watch"].arrived == 3
    assert dict(trial.steps["watch"].took) == {"then": 1, "else": 1}
    assert [at for _member, at in trial.steps["yes"].examples] == [on(5)]
    assert [at for _member, at in trial.steps["no"].examples] == [on(6)]


def test_a_goal_ends_it_and_rounds_are_counted(community: Community, group: Group) -> None:
    tell(group, ("joined", "甲", on(3)), ("joined", "乙", on(3)), ("spoke", "甲", on(4)))
    steps = (say("tip"), wait("rest", days=2), {"id": "more", "do": "again", "to": "tip", "most": 2})
    trial = tried(community, *steps, goal=SPOKE)
    assert dict(trial.states) == {"reached_goal": 1, "ended": 1}
    assert trial.steps["tip"].arrived == 1 + 3


def test_the_same_member_begins_again_only_when_it_may(community: Community, group: Group) -> None:
    tell(group, ("joined", "甲", on(1)), *[("spoke", "甲", on(day)) for day in (2, 3, 12)])
    event = {"on": "event", "kind": "spoke"}
    assert tried(community, say("a"), trigger=event).began == 1
    assert tried(community, say("a"), trigger=event, again=7).began == 2


def test_only_whom_it_is_for_begins_and_days_set_it_off(community: Community, group: Group) -> None:
    tell(group, ("joined", "甲", on(3)), ("joined", "乙", on(20)))
    trial = tried(community, say("a"), on="date", trigger={"days": ["03-10"], "at": "09:30"})
    assert [at for _member, at in trial.steps["a"].examples] == [on(10, 9) + timedelta(minutes=30)]
    assert tried(community, say("a"), only_if=SPOKE).began == 0
    assert "Everybody who was there begins with the month" in tried(community, say("a"), on="manual").remarks[0]


def test_trying_asks_as_much_for_many_members_as_for_few(
    community: Community, group: Group, django_assert_max_num_queries: Any
) -> None:
    tell(group, *[("joined", f"人{number}", on(2)) for number in range(40)])
    with django_assert_max_num_queries(14):
        assert tried(community, say("a"), wait("day", days=1), say("b", to="group")).began == 40
