"""What comes back of content stands in the catalogue, each share with what it is a share of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.publishing.models import Piece
from qunying.do.publishing.services_figures import note_figures
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.figures.catalogue import all_metrics
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure, members_behind
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period
from qunying.plan.goals.readings import Reading, fit_metric, reading_of
from tests.do.publishing.test_figures import did, today

if TYPE_CHECKING:
    from qunying.do.publishing.models import Publication
    from qunying.ground.access.models import Staff
    from qunying.ground.figures.results import Figure
    from qunying.ground.groups.models import Group
    from qunying.plan.content.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL's lake reads only what is committed


def asked(name: str, publication: Publication, *groups: Group, **params: str) -> Figure:
    scope = Scope((publication.community_id,), groups=tuple(group.pk for group in groups))
    return measure(name, scope=scope, period=Period(today() - timedelta(days=6), today()), **params)


def test_people_who_read_are_a_share_of_the_people_it_reached(published: Publication, connected: list[Group]) -> None:
    for who in ("a", "a", "b"):
        did("read", who, published, connected[0])
    did("reacted", "d", published, connected[1])
    read = asked("content_read", published)
    assert (read.numerator, read.denominator, read.value, read.interval) == (2, 4, 0.5, None)
    assert read.rows == [{"day": today(), "value": 0.5, "numerator": 2, "denominator": 4}]
    assert asked("content_read", published, connected[0]).denominator == 3
    assert asked("content_liked", published).value == 0.25
    shown = asked("content_shown", published)
    assert (shown.value, [row["value"] for row in shown.rows]) == (4, [0, 0, 0, 0, 0, 0, 4])


def test_where_nothing_is_known_there_is_no_share(
    published: Publication, connected: list[Group], specialist: Staff
) -> None:
    assert (asked("content_completed", published).value, asked("content_clicked", published).value) == (None, None)
    assert asked("content_read", published, place="elsewhere").value is None
    note_figures(published, group=connected[1], values={"shared": 1}, day=today(), by=specialist)
    shared = asked("content_shared", published)
    assert (shared.numerator, shared.denominator) == (1, 1)


def test_pieces_elsewhere_are_shares_of_how_often_they_were_shown(entry: Entry, published: Publication) -> None:
    told = {"platform": "wechat_mp", "exposures": 200, "views": 50, "completion_rate": 0.4}
    at = timezone.now()
    fact = Fact("measured", at, ("p",), object_type="content", object_id="p1", payload=told)
    record([fact], community=entry.community, source="tests")
    Piece.objects.create(
        entry=entry, community=entry.community, platform="wechat_mp", object_id="p1", title="x", published_at=at
    )
    values = {
        name: asked(f"content_{name}", published, place="elsewhere").value for name in ("shown", "read", "completed")
    }
    assert values == {"shown": 200, "read": 0.25, "completed": 0.4}


def test_goals_may_stand_on_them_and_nobody_is_named(published: Publication) -> None:
    assert {reading_of(one.name) for one in all_metrics() if one.name.startswith("content_")} == {
        Reading.TOTAL,
        Reading.WINDOW,
    }
    assert fit_metric("content_read").unit == "share"
    scope, period = Scope((published.community_id,)), Period(today(), today())
    with pytest.raises(QunyingError, match="does not count people"):
        members_behind("content_read", scope=scope, period=period)
    with pytest.raises(QunyingError, match="cannot be narrowed"):
        measure("content_read", scope=Scope((published.community_id,), tags=(1,)), period=period)
