"""Publications and what came back of them, for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.do.publishing.models import NotedFigure, Piece, Publication
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.plan.content.queries import approved_version
from tests.plan.content.conftest import second
from tests.support.publishing import approved_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.plan.content.models import Entry
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

__all__ = ["second"]
pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/publications"


@pytest.fixture
def entry(community: Community, specialist: Staff, reviewer: Staff, second: Staff) -> Entry:
    """Approved by two."""
    return approved_entry(community, reviewer, second, by=specialist)


@pytest.fixture
def publication(program: Program, entry: Entry, group: Group) -> Publication:
    """It goes to the group in two days."""
    due = timezone.now() + timedelta(days=2)
    answer = program.post(_publish(entry), _given(entry, group) | {"due_at": due.isoformat()})
    made = Publication.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/{PLACE}/{made.pk}")
    return made


def _publish(entry: Entry) -> str:
    return f"communities/flowers/entries/{entry.pk}/publications"


def _given(entry: Entry, group: Group) -> dict[str, object]:
    version = approved_version(entry)
    assert version is not None
    return {"digest": version.digest, "groups": [group.pk]}


def test_what_was_looked_at_is_published_put_off_and_called_off(
    program: Program, publication: Publication, director: Staff, entry: Entry, group: Group
) -> None:
    told = program.get(f"{PLACE}/{publication.pk}")
    assert {name: told[name] for name in ("entry", "version", "state", "groups", "outcome", "by")} == {
        "entry": entry.pk,
        "version": 1,
        "state": "going",
        "groups": [group.pk],
        "outcome": {"waiting": 1},
        "by": director.username,
    }
    assert program.get(f"{PLACE}?state=going&entry={entry.pk}")["items"] == [told]
    [delivery] = program.get(f"{PLACE}/{publication.pk}/deliveries")["items"]
    assert (delivery["group"], delivery["state"], delivery["sending"]) == (group.pk, "waiting", None)
    later = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
    assert program.post(f"{PLACE}/{publication.pk}/move", {"due_at": later.isoformat()}).json() == {"deliveries": 1}
    publication.refresh_from_db()
    assert publication.due_at == later
    assert program.post(f"{PLACE}/{publication.pk}/again", {}).status_code == 400
    assert program.post(f"{PLACE}/{publication.pk}/cancel", {}).json() == {"deliveries": 1}
    assert program.get(PLACE)["items"][0]["state"] == "cancelled"


def test_anything_else_than_what_was_looked_at_is_not_published(program: Program, entry: Entry, group: Group) -> None:
    given = _given(entry, group)
    assert program.post(_publish(entry), given | {"digest": "f" * 64}).status_code == 400
    assert program.post(_publish(entry), given | {"groups": [group.pk + 99]}).status_code == 404
    past = (timezone.now() - timedelta(hours=1)).isoformat()
    assert program.post(_publish(entry), given | {"due_at": past}).status_code == 422
    assert Publication.objects.count() == 0


def test_without_the_scope_or_in_another_unit_nothing_is_published(
    make_program: Callable[..., Program],
    publication: Publication,
    lead: Staff,
    stranger: Program,
    units: Units,
) -> None:
    reader = make_program(lead, units.shop, ["plan.see"])
    at = f"{PLACE}/{publication.pk}"
    assert [who.post(f"{at}/cancel", {}).status_code for who in (reader, stranger)] == [403, 404]
    noted = {"group": 1, "day": "2026-03-01", "read": 1}
    assert [who.post(f"{at}/figures", noted).status_code for who in (reader, stranger)] == [403, 404]
    assert stranger.send("GET", PLACE).status_code == 404


def test_figures_that_were_read_off_stand_with_what_they_are_a_share_of(
    program: Program, entry: Entry, group: Group, director: Staff
) -> None:
    made = program.post(_publish(entry), _given(entry, group)).json()["id"]
    at = f"{PLACE}/{made}/figures"
    day = timezone.localdate(timezone=ZoneInfo("Asia/Shanghai")).isoformat()
    assert program.post(at, {"group": group.pk, "day": day, "read": 7, "liked": 2}).status_code == 204
    assert set(NotedFigure.objects.values_list("name", "value", "by")) == {
        ("read", 7, director.pk),
        ("liked", 2, director.pk),
    }
    assert program.post(at, {"group": group.pk, "day": day}).status_code == 400
    # Nothing has arrived there yet, so there is nothing the figures could be of.
    nothing = {"groups": 0, "pieces": 0, "reached": 0, "signs": []}
    assert program.get(at) == {"whole": nothing, "groups": []}
    month = program.get(f"communities/flowers/publishing-month?month={day[:7]}")
    assert (month["whole"]["figures"], month["themes"]) == (nothing, [])


def test_a_piece_elsewhere_is_found_tied_and_taken_off(program: Program, entry: Entry, community: Community) -> None:
    at = timezone.now() - timedelta(days=1)
    payload = {"title": entry.title, "platform": "xiaohongshu"}
    measured = {"platform": "xiaohongshu", "exposures": 100, "views": 40}
    record(
        [
            Fact("published", at, ("p", 1), object_type="content", object_id="64a1", payload=payload),
            Fact("measured", at, ("m", 1), object_type="content", object_id="64a1", payload=measured),
        ],
        community=community,
        source="tests",
    )
    place = f"communities/flowers/entries/{entry.pk}/pieces"
    [loose] = program.get(place)["loose"]
    assert (loose["object_id"], loose["same"]) == ("64a1", True)
    given = {"platform": "xiaohongshu", "object_id": "64a1"}
    tied = program.post(place, given)
    assert (tied.status_code, program.post(place, given).status_code) == (201, 400)
    told = program.get(place)
    assert (told["loose"], [one["id"] for one in told["pieces"]]) == ([], [tied.json()["id"]])
    read = next(one for one in told["pieces"][0]["figures"]["signs"] if one["sign"] == "read")
    assert read == {"sign": "read", "count": 40, "base": 100, "rate": 0.4, "by_hand": False}
    assert program.send("DELETE", f"{place}/{tied.json()['id']}").status_code == 204
    assert Piece.objects.count() == 0
