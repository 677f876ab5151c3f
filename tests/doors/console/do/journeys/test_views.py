"""Pages of journeys: written step by step, nothing lost, released by another; as many questions for any list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from qunying.do.journeys.models import Journey, Traveller, Version
from qunying.do.journeys.services import hand_in_version, make_journey, release_version, write_version
from qunying.do.journeys.todo import journey_todos
from qunying.ground.groups.models import Membership
from qunying.ground.segments.services import create_segment
from tests.support.cast import TESTS
from tests.support.journeys import plain_journey, put_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(community: Community, group: Group, specialist: Staff) -> Journey:
    return make_journey(community, name="迎新", definition=plain_journey(), by=specialist)


def store(client: Client, journey: Journey, query: str, **posted: Any) -> Any:
    """Post to the editor what its form would, as it stands now."""
    seen = journey.versions.get(state="draft").content_hash
    return client.post(f"{reverse('journey_edit', args=[journey.pk])}?{query}", {"seen": seen, **posted})


def steps(journey: Journey) -> list[str]:
    return [one["id"] for one in journey.versions.get(state="draft").definition["steps"]]


def test_from_the_shipped_welcome_to_what_runs(
    client_for: Callable[..., Client], community: Community, group: Group, specialist: Staff, lead: Staff
) -> None:
    author, other = client_for(specialist, "en"), client_for(lead, "en")
    assert "Take the welcome journey" in author.get(reverse("community_journeys", args=["flowers"])).content.decode()
    author.post(reverse("journey_new", args=["flowers"]), {"from": "welcome"})
    journey = Journey.objects.get()
    draft = journey.versions.get()
    author.post(reverse("journey_hand_in", args=[journey.pk]), {"seen": draft.content_hash})
    page = author.get(reverse("journey", args=[journey.pk])).content.decode()
    assert "It waits for somebody else" in page
    today = timezone.localdate()
    with override("en"):
        found = list(journey_todos(lead, today))
    assert [item.title for item in found] == [f"Release the journey: {journey.name}"]
    assert list(journey_todos(specialist, today)) == []
    other.post(reverse("journey_release", args=[journey.pk]), {"seen": draft.content_hash})
    journey.refresh_from_db()
    assert journey.state == "running"
    for act, state in (("pause", "paused"), ("resume", "running")):
        author.post(reverse(f"journey_{act}", args=[journey.pk]))
        journey.refresh_from_db()
        assert journey.state == state
    author.post(reverse("journey_end", args=[journey.pk]), {"typed": "another"})
    journey.refresh_from_db()
    assert journey.state == "running"
    author.post(reverse("journey_end", args=[journey.pk]), {"typed": journey.name})
    journey.refresh_from_db()
    assert journey.state == "ended"


def test_steps_are_put_in_written_moved_and_taken_away(
    client_for: Callable[..., Client], journey: Journey, specialist: Staff
) -> None:
    client = client_for(specialist, "en")
    rows = {"every": "1", "row": "0", "0:is": "since", "0:deed": "any-speaking", "0:times": "1"}
    store(client, journey, "add=2&kind=branch", act="save", **rows)
    assert steps(journey) == ["hello", "rest", "s4", "tip"]
    said = {"to": "person", "words": "谢谢", "if_held": "go_on"}
    store(client, journey, "add=2.then.0&kind=say", act="save", **said)
    store(client, journey, "", act="down", step="s4")
    assert steps(journey) == ["hello", "rest", "tip", "s4"]
    store(client, journey, "open=s5", act="save", **(said | {"words": "太好了"}))
    assert journey.versions.get().definition["steps"][3]["then"][0]["words"] == "太好了"
    store(client, journey, "", act="drop", step="rest")
    assert steps(journey) == ["hello", "tip", "s4"]
    store(client, journey, "open=_start", act="save", on="event", kind="ordered", again="30")
    plain = journey.versions.get().definition
    assert (plain["trigger"], plain["again"]) == ({"on": "event", "kind": "ordered"}, 30)
    store(client, journey, "open=_exits", act="save", **rows)
    assert journey.versions.get().definition["exits"][0]["parts"][0]["deed"] == "any-speaking"


def test_a_bad_field_loses_nothing(client_for: Callable[..., Client], journey: Journey, specialist: Staff) -> None:
    client = client_for(specialist, "en")
    answer = store(client, journey, "add=2&kind=task", act="save", title="", note="慢慢聊", days="1")
    assert (answer.status_code, steps(journey)) == (400, ["hello", "rest", "tip"])
    assert "慢慢聊" in answer.content.decode()
    answer = store(client, journey, "add=1&kind=wait", act="save", days="0", hours="0")
    assert "Say how long to wait" in answer.content.decode()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    client_for: Callable[..., Client], journey: Journey, specialist: Staff
) -> None:
    address = reverse("journey_edit", args=[journey.pk])
    answer = client_for(specialist, "en").post(address, {"seen": "old", "act": "drop", "step": "tip"})
    assert answer.status_code == 400
    assert "Somebody has changed this journey" in answer.content.decode()
    assert steps(journey) == ["hello", "rest", "tip"]


def test_conditions_are_built_row_by_row(
    client_for: Callable[..., Client], journey: Journey, specialist: Staff
) -> None:
    client, address = client_for(specialist, "en"), reverse("journey_ask", args=[journey.pk])
    rows = {"every": "1", "row": "0", "0:is": "since", "0:deed": "any-speaking", "0:times": "2"}
    assert "did at least 2 times since it began" in client.post(address, rows).content.decode()
    assert "Choose a segment." in client.post(address, rows | {"act": "add:segment"}).content.decode()
    assert "Nothing is asked." in client.post(address, rows | {"act": "drop:0"}).content.decode()


def test_a_faulty_draft_shows_why_and_cannot_be_handed_in(
    client_for: Callable[..., Client], community: Community, group: Group, specialist: Staff
) -> None:
    broken = plain_journey({"id": "stop", "do": "end"}, {"id": "late", "do": "say", "words": "早"})
    made = make_journey(community, name="断头", definition=broken, by=specialist)
    client = client_for(specialist, "en")
    page = client.get(reverse("journey", args=[made.pk])).content.decode()
    assert "Nobody ever comes here" in page
    assert "One thing is in the way" in page
    client.post(reverse("journey_hand_in", args=[made.pk]), {"seen": made.versions.get().content_hash})
    assert made.versions.get().handed_in_at is None


def test_versions_tell_what_changed(
    client_for: Callable[..., Client], journey: Journey, specialist: Staff, lead: Staff
) -> None:
    client, draft = client_for(specialist, "en"), journey.versions.get()
    Version.objects.filter(pk=draft.pk).update(state="released", released_by=lead)
    plain = plain_journey(
        {"id": "hello", "do": "welcome", "words": "您好"}, {"id": "more", "do": "say", "words": "再来"}
    )
    write_version(journey, definition=plain, by=specialist)
    page = client.get(reverse("journey_versions", args=[journey.pk])).content.decode()
    assert page.count("Changed:") == 1
    assert page.count("Put in:") == 1
    assert page.count("Taken away:") == 2


def test_one_member_is_seen_on_the_way_and_stopped_for_a_reason(
    client_for: Callable[..., Client], journey: Journey, specialist: Staff, xiaomei: Member
) -> None:
    traveller, client = put_on(journey.versions.get(), xiaomei), client_for(specialist, "en")
    address = reverse("journey_traveller", args=[traveller.pk])
    assert address in client.get(reverse("member", args=[xiaomei.pk])).content.decode()
    assert "Welcome in the group" in client.get(address).content.decode()
    stop = reverse("journey_traveller_stop", args=[traveller.pk])
    client.post(stop, {"why": " "})
    assert Traveller.objects.get().state == "under_way"
    client.post(stop, {"why": "不想再收"})
    found = Traveller.objects.get()
    assert (found.state, found.why) == ("stopped", "不想再收")
    assert "不想再收" in client.get(address).content.decode()


def test_trying_shows_the_month(
    client_for: Callable[..., Client], journey: Journey, reviewer: Staff, xiaomei: Member
) -> None:
    page = client_for(reviewer, "en").get(reverse("journey_try", args=[journey.pk])).content.decode()
    assert "Nobody would have begun it" in page


def test_lists_ask_as_much_for_three_as_for_one(
    client_for: Callable[..., Client],
    journey: Journey,
    community: Community,
    specialist: Staff,
    xiaomei: Member,
    aqiang: Member,
    django_assert_num_queries: Callable[..., object],
) -> None:
    client, version = client_for(specialist), journey.versions.get()
    addresses = (reverse("journeys"), reverse("journey_travellers", args=[journey.pk]))
    put_on(version, xiaomei)
    for address, queries in zip(addresses, QUERIES, strict=True):
        client.get(address)
        with django_assert_num_queries(queries):  # type: ignore[attr-defined] - pytest-django's
            assert client.get(address).content.decode().count('<td class="main">') == 1
    for name in ("回访", "生日"):
        make_journey(community, name=name, definition=plain_journey(), by=specialist)
    put_on(version, aqiang)
    for address, queries, rows in zip(addresses, QUERIES, (3, 2), strict=True):
        with django_assert_num_queries(queries):  # type: ignore[attr-defined] - pytest-django's
            assert client.get(address).content.decode().count('<td class="main">') == rows
    assert Membership.objects.filter(community=community).exists()


QUERIES = (10, 9)
"""Of the list of journeys, of the list of members on one."""


def test_a_draft_is_thrown_away_once_its_name_is_typed(
    client_for: Callable[..., Client], journey: Journey, specialist: Staff
) -> None:
    client = client_for(specialist, "en")
    assert "Throw the draft away" in client.get(reverse("journey", args=[journey.pk])).content.decode()
    client.post(reverse("journey_rename", args=[journey.pk]), {"name": "春天迎新"})
    client.post(reverse("journey_discard", args=[journey.pk]), {"typed": "迎新"})
    assert Journey.objects.get().name == "春天迎新"
    answer = client.post(reverse("journey_discard", args=[journey.pk]), {"typed": "春天迎新"})
    assert answer["Location"] == reverse("community_journeys", args=["flowers"])
    assert not Journey.objects.exists()


def test_what_was_put_away_stands_in_the_list_where_it_is_asked_for(
    client_for: Callable[..., Client], journey: Journey, specialist: Staff
) -> None:
    client, address = client_for(specialist, "en"), reverse("community_journeys", args=["flowers"])
    client.post(reverse("journey_end", args=[journey.pk]), {"typed": "迎新"})
    client.post(reverse("journey_archive", args=[journey.pk]))
    assert "迎新" not in client.get(address).content.decode()
    assert "迎新" in client.get(address, {"state": "archived"}).content.decode()
    client.post(reverse("journey_unarchive", args=[journey.pk]))
    assert "迎新" in client.get(address).content.decode()


def test_the_people_of_a_segment_are_put_on_by_hand(
    client_for: Callable[..., Client], journey: Journey, specialist: Staff, lead: Staff, xiaomei: Member, units: Units
) -> None:
    client = client_for(specialist, "en")
    here = {"all": True, "parts": [{"is": "state", "state": "present"}]}
    segment = create_segment(units.shop, name="在群里的", community=journey.community, conditions=here, by=TESTS)
    address = reverse("journey_start", args=[journey.pk])
    client.post(address, {"segment": segment.pk})
    assert not Traveller.objects.exists()
    draft = journey.versions.get()
    hand_in_version(draft, by=specialist)
    release_version(draft, by=lead, seen=draft.content_hash)
    assert "在群里的" in client.get(reverse("journey_travellers", args=[journey.pk])).content.decode()
    assert "Choose the segment" in client.post(address, {"segment": ""}, follow=True).content.decode()
    assert "They have begun." in client.post(address, {"segment": segment.pk}, follow=True).content.decode()
    assert xiaomei.pk in Traveller.objects.values_list("member", flat=True)
    assert "Nobody of" in client.post(address, {"segment": segment.pk}, follow=True).content.decode()
