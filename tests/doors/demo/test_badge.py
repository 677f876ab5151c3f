"""Whatever is simulated says so on every page that shows it, and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import URLPattern, get_resolver

from qunying.ground.groups.models import Community

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client
    from django.urls import URLResolver

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db
BADGE = '<span class="tag-simulated"'
PLACE = "communities/<slug:slug>/"


def _routes(entries: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for entry in entries:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _routes(entry.url_patterns, route)


def _pages() -> list[str]:
    """Every route that names a community and nothing else."""
    found = {route for route in _routes(get_resolver().url_patterns) if route.startswith(PLACE)}
    return sorted(route for route in found if "<" not in route.removeprefix(PLACE))


def _whole_pages(client: Client, slug: str) -> dict[str, bool]:
    """Address → whether it shows the badge, for every whole page of the community that can simply be opened."""
    answers = {route: client.get("/" + route.replace("<slug:slug>", slug)) for route in _pages()}
    return {
        route: BADGE in answer.content.decode()
        for route, answer in answers.items()
        if answer.status_code == 200 and not answer.streaming and b"<!doctype html" in answer.content[:60].lower()
    }


def test_every_page_of_a_simulated_community_shows_the_badge(
    director: Staff, community: Community, members: list[Member], client_for: Callable[..., Client]
) -> None:
    Community.objects.filter(pk=community.pk).update(simulated=True)
    shown = _whole_pages(client_for(director), "flowers")
    assert len(shown) >= 10
    assert [route for route, badge in shown.items() if not badge] == []


def test_no_page_of_a_real_community_shows_it(
    director: Staff, community: Community, members: list[Member], client_for: Callable[..., Client]
) -> None:
    shown = _whole_pages(client_for(director), "flowers")
    assert [route for route, badge in shown.items() if badge] == []


def test_lists_across_communities_mark_the_simulated_one(
    director: Staff, community: Community, client_for: Callable[..., Client]
) -> None:
    client = client_for(director)
    assert BADGE not in client.get("/communities/").content.decode()
    Community.objects.filter(pk=community.pk).update(simulated=True)
    assert BADGE in client.get("/communities/").content.decode()
