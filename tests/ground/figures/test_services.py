"""Scope, comparison, and what a question is refused for."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.actors import System
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import compare, default_period, measure, members_behind
from qunying.ground.groups.services import create_community, ensure_group
from qunying.ground.members.models import Member, MemberTag, Tag, TagDimension
from qunying.ground.members.services import note_dimension_change
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period
from tests.ground.figures.conftest import Stage, days

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
WEEK = ("2026-03-02", "2026-03-08")


def tag(name: str, *people: str) -> int:
    dimension, _made = TagDimension.objects.get_or_create(name="城市")
    made = Tag.objects.create(dimension=dimension, name=name)
    for member in Member.objects.filter(display_name__in=people):
        MemberTag.objects.create(member=member, tag=made, source=MemberTag.Source.HAND)
    note_dimension_change()
    return made.pk


def test_it_counts_only_people_who_carry_every_tag(stage: Stage) -> None:
    stage.tell(*[(who, "spoke", "2026-03-03T10:00") for who in "abc"])
    one, two = tag("上海", "a", "b"), tag("北京", "b", "c")
    found = [
        measure("active_members", scope=Scope((stage.community.pk,), tags=tags), period=days(*WEEK)).value
        for tags in ((), (one,), (one, two))
    ]
    assert found == [3, 2, 1]
    scope = Scope((stage.community.pk,), tags=(one,))
    assert measure("members_present", scope=scope, period=days(*WEEK)).value == 2


def test_it_counts_only_people_picked_one_by_one_and_keeps_nothing_of_them(stage: Stage) -> None:
    stage.tell(*[(who, "spoke", "2026-03-03T10:00") for who in "abc"])
    ids = dict(Member.objects.values_list("display_name", "pk"))

    def ask(*people: str) -> list[tuple[float | None, bool, list[int]]]:
        scope = Scope((stage.community.pk,), among=tuple(ids[who] for who in people))
        return [
            (
                (figure := measure(name, scope=scope, period=days(*WEEK))).value,
                figure.settled,
                members_behind(name, scope=scope, period=days(*WEEK)),
            )
            for name in ("active_members", "messages", "members_present")
        ]

    for _again in range(2):
        assert ask("a", "c") == [(2, False, [ids["a"], ids["c"]])] * 3
        assert ask() == [(0, False, [])] * 3
    assert stage.ask("messages", *WEEK).value == 3


def test_it_counts_only_facts_in_the_groups(stage: Stage) -> None:
    one, two = (ensure_group(stage.community, name=name, platform="test", by=System("test")).pk for name in "12")
    stage.tell(
        ("a", "spoke", "2026-03-03T10:00", {"group_id": one}),
        ("a", "spoke", "2026-03-03T11:00", {"group_id": two}),
        ("b", "spoke", "2026-03-03T12:00", {"group_id": two}),
    )
    scope = Scope((stage.community.pk,), groups=(one,))
    found = {
        name: measure(name, scope=scope, period=days(*WEEK)).value
        for name in ("messages", "active_members", "members_present")
    }
    assert found == {"messages": 1, "active_members": 1, "members_present": 1}


def test_it_counts_only_people_who_came_by_the_channel(stage: Stage) -> None:
    stage.tell(
        ("a", "joined", "2026-03-02T10:00", {"channel_key": "poster"}),
        ("b", "joined", "2026-03-02T10:00", {"channel_key": "it's"}),
        ("a", "spoke", "2026-03-03T10:00"),
        ("b", "spoke", "2026-03-03T10:00"),
    )
    for channel, who in (("poster", ["a"]), ("it's", ["b"]), ("none", [])):
        scope = Scope((stage.community.pk,), channels=(channel,))
        ids = members_behind("active_members", scope=scope, period=days(*WEEK))
        assert list(Member.objects.filter(pk__in=ids).values_list("display_name", flat=True)) == who


def test_it_compares_with_the_period_before_and_with_the_organisation(stage: Stage) -> None:
    other = Stage(create_community("other", name="O", unit=stage.community.unit, by=System("test")))
    stage.tell(
        ("a", "spoke", "2026-02-25T10:00"), ("a", "spoke", "2026-03-03T10:00"), ("b", "spoke", "2026-03-04T10:00")
    )
    other.keys = stage.keys
    other.tell(("c", "spoke", "2026-03-05T10:00"))
    whole = Scope((stage.community.pk, other.community.pk))
    found = compare("messages", scope=stage.scope, period=days(*WEEK), organisation=whole)
    assert found.organisation is not None
    assert (found.now.value, found.before.value, found.organisation.value, found.change) == (2, 1, 3, 1.0)


def test_it_gives_a_rate_with_its_wilson_interval(stage: Stage) -> None:
    stage.tell(*[(str(who), "joined", "2026-03-01") for who in range(29)], ("0", "left", "2026-03-03"))
    figure = stage.ask("churn_rate", *WEEK)
    assert figure.interval == (pytest.approx(0.0061, abs=5e-5), pytest.approx(0.1718, abs=5e-5))
    assert figure.small


def test_its_usual_period_is_the_last_thirty_days_with_facts(stage: Stage) -> None:
    stage.tell(("a", "spoke", "2020-10-05T23:30"))
    assert default_period(stage.scope) == Period(date(2020, 9, 6), date(2020, 10, 5))


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        ("retentoin", {}, "Perhaps you mean: retention"),
        ("retention", {"days": 3}, "no parameter “days”"),
        ("retention", {"day": "soon"}, "not a value of the parameter “day”"),
        ("retention", {"mode": "weekly"}, "nday, bounded, rolling"),
        ("funnel", {"steps": "read"}, "2 to 10 steps"),
    ],
)
def test_it_says_what_it_was_asked_wrong(stage: Stage, name: str, params: dict[str, object], words: str) -> None:
    with pytest.raises(QunyingError, match=re.escape(words)):
        stage.ask(name, *WEEK, **params)


def test_it_refuses_a_community_that_does_not_exist(community: Community) -> None:
    with pytest.raises(QunyingError, match="does not exist"):
        measure("messages", scope=Scope((community.pk, 10**9)), period=days(*WEEK))


def test_it_refuses_a_cell_that_the_metric_does_not_have(stage: Stage) -> None:
    with pytest.raises(QunyingError, match=r"no people by “age”\. It has: day"):
        stage.behind("messages", *WEEK, cell={"age": 1})
