"""Journeys and the members on them, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.journeys.models import Journey, Traveller, Version
from qunying.do.reach.models import Measure
from tests.support.journeys import STEPS, plain_journey

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/journeys"
WAIT = {"id": "rest", "do": "wait", "days": 1}
CALL = {"id": "call", "do": "task", "title": "问问她喜欢什么花", "days": 1}


@pytest.fixture
def writer(make_program: Callable[..., Program], lead: Staff, units: Units) -> Program:
    """A program of the lead's that writes and runs journeys."""
    return make_program(lead, units.shop, ["plan.see", "reach.send", "members.see"])


@pytest.fixture
def running(writer: Program, program: Program, community: Community) -> Journey:
    """Written by the lead's program, released by the director's."""
    made = writer.post(PLACE, {"name": "迎新", "definition": plain_journey(WAIT, CALL, on="manual")}).json()
    digest = writer.post(f"journeys/{made['id']}/hand-in", {}).json()["digest"]
    told = program.post(f"journeys/{made['id']}/release", {"digest": digest}).json()
    assert (told["state"], told["released"], told["draft"]) == ("running", 1, None)
    return Journey.objects.get()


def test_a_journey_is_drafted_rewritten_and_thrown_away(writer: Program, community: Community, lead: Staff) -> None:
    answer = writer.post(PLACE, {"name": "迎新", "definition": plain_journey()})
    journey = Journey.objects.get()
    at = f"journeys/{journey.pk}"
    assert (answer.status_code, answer["Location"], journey.author) == (201, f"/api/v1/{at}", lead)
    changed = writer.send("PUT", f"{at}/draft", {"definition": plain_journey(STEPS[0]), "name": "欢迎"}).json()
    assert [step["id"] for step in changed["definition"]["steps"]] == ["hello"]
    assert writer.get(at)["name"] == "欢迎"
    [version] = writer.get(f"{at}/versions")["items"]
    assert version == changed
    wrong = writer.send("PUT", f"{at}/draft", {"definition": {"steps": [{"do": "fly"}]}})
    assert wrong.status_code == 400
    assert writer.get(f"{at}/trial")["began"] == 0
    assert writer.send("DELETE", f"{at}/draft").status_code == 204
    assert Journey.objects.count() == 0


def test_no_key_of_who_wrote_it_releases_it(
    program: Program, make_program: Callable[..., Program], community: Community, director: Staff, units: Units
) -> None:
    made = program.post(PLACE, {"name": "迎新", "definition": plain_journey(WAIT, CALL)}).json()
    digest = program.post(f"journeys/{made['id']}/hand-in", {}).json()["digest"]
    other = make_program(director, units.headquarters, ["plan.see", "content.review_second"])
    for mine in (program, other):
        answer = mine.post(f"journeys/{made['id']}/release", {"digest": digest})
        assert (answer.status_code, "You wrote this yourself" in answer.json()["detail"]) == (403, True)
    assert Version.objects.get().state == "draft"
    assert program.post(f"journeys/{made['id']}/give-back", {}).json()["handed_in_at"] is None


def test_only_what_was_looked_at_is_released(writer: Program, program: Program, community: Community) -> None:
    made = writer.post(PLACE, {"name": "迎新", "definition": plain_journey(WAIT, CALL)}).json()
    seen = writer.post(f"journeys/{made['id']}/hand-in", {}).json()["digest"]
    writer.send("PUT", f"journeys/{made['id']}/draft", {"definition": plain_journey(CALL)})
    writer.post(f"journeys/{made['id']}/hand-in", {})
    assert program.post(f"journeys/{made['id']}/release", {"digest": seen}).status_code == 400


def test_members_are_put_on_followed_and_taken_off(
    writer: Program, running: Journey, xiaomei: Member, aqiang: Member
) -> None:
    at = f"journeys/{running.pk}"
    assert writer.post(f"{at}/travellers", {"members": [xiaomei.pk, aqiang.pk]}).json() == {"begun": 2}
    assert writer.post(f"{at}/travellers", {"members": [xiaomei.pk, 10**9]}).status_code == 404
    [one] = writer.get(f"{at}/travellers?member={xiaomei.pk}")["items"]
    assert (one["member"], one["state"], one["version"]) == (xiaomei.pk, "under_way", 1)
    [passage] = writer.get(f"travellers/{one['id']}/passages")["items"]
    assert (passage["step"], passage["state"], passage["outcome"]) == ("rest", "due", "")
    stopped = writer.post(f"travellers/{one['id']}/stop", {"why": "她请我们别再发了"}).json()
    assert (stopped["state"], stopped["why"]) == ("stopped", "她请我们别再发了")
    assert writer.get(f"travellers/{one['id']}") == stopped
    figures = writer.get(f"{at}/figures")
    assert (figures["version"], figures["began"], figures["under_way"]) == (1, 2, 1)
    assert figures["stopped"] == {"part": 1, "whole": 1, "rate": 1.0}
    assert [(step["step"], step["arrived"]) for step in figures["steps"]] == [("rest", 2)]
    assert writer.send("GET", f"{at}/figures?version=9").status_code == 404


def test_it_is_paused_goes_on_and_ends_for_everybody(writer: Program, running: Journey, xiaomei: Member) -> None:
    at = f"journeys/{running.pk}"
    writer.post(f"{at}/travellers", {"members": [xiaomei.pk]})
    assert writer.post(f"{at}/pause", {}).json()["state"] == "paused"
    assert [one["id"] for one in writer.get("journeys?state=paused&community=flowers")["items"]] == [running.pk]
    assert writer.post(f"{at}/resume", {}).json()["state"] == "running"
    assert writer.post(f"{at}/end", {}).json() == {"members": 1}
    assert Traveller.objects.get().state == "stopped"
    assert writer.post(f"{at}/resume", {}).status_code == 400


def test_who_may_not_run_journeys_does_not(
    make_program: Callable[..., Program], stranger: Program, running: Journey, lead: Staff, units: Units
) -> None:
    reader = make_program(lead, units.shop, ["plan.see"])
    at = f"journeys/{running.pk}"
    assert [who.post(f"{at}/pause", {}).status_code for who in (reader, stranger)] == [403, 404]
    assert [who.send("GET", f"{at}/travellers").status_code for who in (reader, stranger)] == [404, 404]
    assert stranger.get("journeys")["items"] == []


def test_a_unit_says_how_much_may_be_sent(
    program: Program, make_program: Callable[..., Program], lead: Staff, units: Units
) -> None:
    at = f"units/{units.shop.pk}/measure"
    house = program.get(at)
    assert (house["origin"], house["person_week"]) == (None, Measure().person_week)
    given = {name: value for name, value in house.items() if name not in {"unit", "origin"}} | {"person_week": 2}
    kept = program.send("PUT", at, given).json()
    assert (kept["origin"], kept["person_week"]) == (units.shop.pk, 2)
    assert program.send("PUT", at, given | {"quiet_from": 24}).status_code == 422
    reader = make_program(lead, units.shop, ["plan.see"])
    assert (reader.get(at), reader.send("DELETE", at).status_code) == (kept, 403)
    assert [program.send("DELETE", at).status_code for _time in range(2)] == [204, 400]
