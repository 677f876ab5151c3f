"""The pages themselves: where they lead, who may see them, how much they ask of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunying.ground.groups.services import create_community
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

    SignIn = Callable[..., Client]

PAGES = ("", "activity/", "retention/", "funnel/", "lifecycle/", "orders/")
JANUARY = "from=2026-01-05&to=2026-01-25"


@pytest.mark.parametrize("page", PAGES)
def test_each_page_shows_for_all_communities_and_for_one(
    client_for: SignIn, lead: Staff, history: Community, page: str
) -> None:
    client = client_for(lead, "en")
    for address in (f"/{page}", f"/communities/{history.slug}/{page}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "<h1" in answer.content.decode()
        assert "Counting…" in answer.content.decode()


@pytest.mark.parametrize("page", [*PAGES, "figures/messages/", "figures/overview-talk/panel/"])
def test_an_outsider_is_told_there_is_no_such_community(
    client_for: SignIn, outsider: Staff, history: Community, page: str
) -> None:
    assert client_for(outsider).get(f"/communities/{history.slug}/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_led_to_sign_in(client: Client, history: Community, page: str) -> None:
    answer = client.get(f"/communities/{history.slug}/{page}")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_a_choice_of_place_leads_to_its_page(client_for: SignIn, lead: Staff, units: Units, history: Community) -> None:
    client = client_for(lead)
    kept = "period=7d&group=1&tag=2"
    assert client.get(f"/activity/?where=community:flowers&{kept}")["Location"] == (
        "/communities/flowers/activity/?period=7d"
    )
    assert client.get(f"/communities/flowers/activity/?where=unit:{units.shop.pk}&{kept}")["Location"] == (
        f"/activity/?period=7d&unit={units.shop.pk}"
    )
    assert client.get("/communities/flowers/?where=")["Location"] == "/overview/"
    assert client.get("/overview/?where=community:nothing").status_code == 404
    assert history.slug == "flowers"


def test_a_community_without_facts_offers_the_import(client_for: SignIn, lead: Staff, community: Community) -> None:
    page = client_for(lead, "en").get(f"/communities/{community.slug}/").content.decode()
    assert "No history yet" in page
    assert 'href="/communities/flowers/imports/new/"' in page
    assert "hx-trigger" not in page.split("<main")[1]


def test_an_organisation_without_communities_offers_to_make_one(client_for: SignIn, director: Staff) -> None:
    page = client_for(director, "en").get("/overview/").content.decode()
    assert "There is no community yet" in page
    assert 'href="/new-community/"' in page
    assert "scope-bar" not in page


def test_who_may_make_none_is_told_whom_to_ask(client_for: SignIn, reviewer: Staff) -> None:
    client = client_for(reviewer, "en")
    page = client.get("/overview/").content.decode()
    assert "Ask the lead of your unit to make one or to give you a role in it." in page
    assert 'href="/new-community/"' not in page
    assert [client.get(part).status_code for part in ("/figures/messages/", "/figures/overview-talk/panel/")] == [
        404,
        404,
    ]


def test_a_wrong_day_is_explained(client_for: SignIn, lead: Staff, history: Community) -> None:
    answer = client_for(lead, "en").get(f"/communities/{history.slug}/?from=tomorrow")
    assert answer.status_code == 400
    assert "“tomorrow” is not a day. Write it as 2026-03-02." in answer.content.decode()


def test_an_unknown_panel_is_not_found(client_for: SignIn, lead: Staff, history: Community) -> None:
    answer = client_for(lead).get(
        f"/communities/{history.slug}/figures/nonsense/panel/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 404
    assert "<html" not in answer.content.decode()


def test_a_panel_carries_its_data_and_its_table(client_for: SignIn, lead: Staff, history: Community) -> None:
    address = f"/communities/{history.slug}/figures/overview-talk/panel/?{JANUARY}"
    part = client_for(lead, "en").get(address, headers={"HX-Request": "true"}).content.decode()
    assert '<script id="data-overview-talk" type="application/json">' in part
    assert part.count("<tr>") == 22
    assert 'aria-describedby="summary-overview-talk"' in part


def test_simulated_data_is_marked(client_for: SignIn, lead: Staff, history: Community) -> None:
    client = client_for(lead, "en")
    assert "tag-simulated" not in client.get("/communities/flowers/").content.decode()
    type(history).objects.filter(pk=history.pk).update(simulated=True)
    for address in ("/communities/flowers/", "/communities/flowers/retention/", "/communities/flowers/figures/joins/"):
        assert "tag-simulated" in client.get(address).content.decode()


def test_filters_in_force_are_chips_that_come_off(client_for: SignIn, lead: Staff, history: Community) -> None:
    group = history.groups.get()
    page = (
        client_for(lead, "en").get(f"/communities/flowers/?group={group.pk}&channel=poster&period=7d").content.decode()
    )
    assert "Group：花友一群" in page
    assert 'href="/communities/flowers/?channel=poster&amp;period=7d"' in page
    assert f'href="/communities/flowers/?group={group.pk}&amp;period=7d"' in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_overview_asks_as_much_for_three_communities_as_for_one(
    client_for: SignIn, director: Staff, units: Units, history: Community, number: int
) -> None:
    for extra in range(1, number):
        create_community(f"more-{extra}", name=f"又一个{extra}", unit=units.shop, by=TESTS)
    client = client_for(director)
    client.get("/overview/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/overview/").content.decode()
    assert page.count("fleet-line") == number + 3  # the communities, and the units above them
    assert len(asked) == 12
    assert history.pk


def test_a_line_of_the_fleet_has_five_cells(client_for: SignIn, lead: Staff, history: Community) -> None:
    address = f"/communities/{history.slug}/figures/fleet-line/panel/?{JANUARY}"
    assert client_for(lead, "en").get(address).content.decode().count("<td") == 5
