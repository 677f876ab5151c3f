from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.port import detectors
from qunying.act.suggestions.queries import in_order
from qunying.act.suggestions.stages import _WEIGHTS, urgency, weight_of
from qunying.check.stages.models import Stage, StageMark

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

SEEN = date(2026, 3, 29)


def test_every_weight_is_of_a_stage_and_a_detector_there_are() -> None:
    assert set(_WEIGHTS) == set(Stage.values)
    assert {name for weights in _WEIGHTS.values() for name in weights} <= {one.name for one in detectors()}


@pytest.mark.parametrize(
    ("detector", "stage", "weight"),
    [("channel", "start", 2.0), ("funnel", "start", 0.5), ("silence", "start", 1.0), ("silence", "decline", 2.0),
     ("channel", "decline", 0.5), ("goal", "maturity", 2.0), ("goal", "", 1.0), ("goal", "nonsense", 1.0)],
)  # fmt: skip
def test_the_stage_gives_the_weight(detector: str, stage: str, weight: float) -> None:
    assert weight_of(detector, stage) == weight


@pytest.mark.parametrize(
    ("q", "effect", "known"),
    [(None, 0.0, 0.5), (None, -0.5, 1.0), (0.01, -0.5, 1.0), (1e-6, -0.5, 2.0), (1e-12, -0.5, 2.0), (1e-4, 0.5, 1.5),
     (0.0, 9.0, 3.0)],
)  # fmt: skip
def test_urgency_is_weight_times_size_times_sureness(q: float | None, effect: float, known: float) -> None:
    assert urgency(detector="silence", stage="", q=q, effect=effect) == pytest.approx(known)
    assert urgency(detector="silence", stage="decline", q=q, effect=effect) == pytest.approx(2 * known)


@pytest.mark.django_db
def test_the_stage_a_person_said_changes_which_comes_first(community: Community, other_community: Community) -> None:
    made = {
        (place.slug, name): Suggestion.objects.create(
            community=place, key=name, detector=name, effect=-0.4, q=0.001, seen_first=SEEN, seen_last=SEEN
        )
        for place in (community, other_community)
        for name in ("channel", "silence")
    }
    here = [row for (slug, _name), row in made.items() if slug == "flowers"]

    def order() -> list[str]:
        return [row.detector for row in in_order(here)]

    assert order() == ["silence", "channel"]
    StageMark.objects.create(community=community, stage=Stage.START, since=SEEN, by="tests")
    assert order() == ["channel", "silence"]
    StageMark.objects.create(community=community, stage=Stage.DECLINE, since=SEEN, by="tests")
    assert order() == ["silence", "channel"]
    StageMark.objects.create(community=other_community, stage=Stage.START, since=SEEN, by="tests")
    everywhere = [(row.community.slug, row.detector) for row in in_order(made.values())]
    assert everywhere == [("fruit", "channel"), ("flowers", "silence"), ("fruit", "silence"), ("flowers", "channel")]
