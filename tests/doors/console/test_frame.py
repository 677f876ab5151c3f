"""The frame around every page: menu, errors, theme, policy, the community last opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import server_error

from qunying.doors.console.errors import ConsoleMiddleware
from qunying.doors.console.menu import menu_for, permissions_of
from qunying.doors.console.policy import POLICY, PolicyMiddleware
from qunying.doors.console.templatetags.console import sparkline
from qunying.ground.access.roles import Permission
from qunying.ground.access.services import create_staff, grant_role
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

    SignIn = Callable[..., Client]


def _request(*, part: bool = False) -> HttpRequest:
    request = RequestFactory().get("/", headers={"HX-Request": "true"} if part else {})
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QunyingError("Swap the two dates."), 400),
        (NotAllowedError("Ask a director."), 403),
        (NotFoundError("There is no such thing."), 404),
        (OperationalError("database is locked"), 503),
        (OperationalError("canceling statement due to lock timeout"), 503),
    ],
)
@pytest.mark.parametrize("part", [True, False])
def test_errors_for_people_become_answers(error: Exception, status: int, *, part: bool) -> None:
    answer = ConsoleMiddleware(lambda _request: HttpResponse()).process_exception(_request(part=part), error)
    assert answer is not None
    words = answer.content.decode()
    assert answer.status_code == status
    assert ("<html" in words) is not part
    assert 'role="alert"' in words
    assert (str(error) if status < 500 else "try again in a few seconds") in words


def test_a_busy_store_says_when_to_come_back() -> None:
    answer = ConsoleMiddleware(lambda _request: HttpResponse()).process_exception(
        _request(), OperationalError("database is locked")
    )
    assert answer is not None
    assert answer["Retry-After"] == "5"


@pytest.mark.parametrize("error", [ValueError("ours"), OperationalError("no such table: x")])
def test_faults_of_ours_stay_faults(error: Exception) -> None:
    assert ConsoleMiddleware(lambda _request: HttpResponse()).process_exception(_request(), error) is None


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client, community: Community) -> None:
    answer = client.get(f"/communities/{community.slug}/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/login/")


def test_every_answer_carries_the_policy(client: Client, db: None) -> None:
    for address in ("/accounts/login/", "/nonsense/", "/"):
        assert client.get(address)["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


def test_a_stricter_policy_stays() -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    assert PolicyMiddleware(answer)(_request())["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    ("kept", "drawn"), [("dark", "dark"), ("light", "light"), ("nonsense", "auto"), (None, "auto")]
)
def test_the_server_draws_the_theme_that_was_kept(client: Client, db: None, kept: str | None, drawn: str) -> None:
    if kept:
        client.cookies["theme"] = kept
    page = client.get("/accounts/login/").content.decode()
    assert f'data-theme="{drawn}"' in page
    assert ('data-bs-theme="dark"' in page) is (drawn == "dark")


@pytest.mark.parametrize(
    ("back", "leads"), [("/activity/?period=7d", "/activity/?period=7d"), ("https://elsewhere.example/", "/")]
)
def test_the_theme_is_kept_and_one_stays_where_one_is(client: Client, db: None, back: str, leads: str) -> None:
    answer = client.post("/look/theme/", {"theme": "dark", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, leads)
    assert answer.cookies["theme"].value == "dark"
    assert client.post("/look/theme/", {"theme": "pink"}).cookies["theme"].value == "auto"


def _lines(held: frozenset[Permission], *, slug: str = "", path: str = "/", query: str = "") -> dict[str, str]:
    request = RequestFactory().get(f"/?{query}")
    sections = menu_for(held, slug=slug, path=path, query=request.GET)
    return {line["entry"].name: line["address"] for section in sections for line in section["entries"]}


def test_the_menu_shows_what_a_person_may_open() -> None:
    everything = frozenset(Permission)
    figures = frozenset({Permission.SEE_FIGURES})
    assert {"overview", "retention", "members", "units", "audit"} <= set(_lines(everything, slug="flowers"))
    assert {"members", "staff", "audit"} & set(_lines(figures, slug="flowers")) == set()
    assert {"overview", "activity", "retention", "funnel", "lifecycle", "orders"} <= set(_lines(figures))


def test_the_menu_leads_into_the_open_community() -> None:
    held = frozenset(Permission)
    assert _lines(held)["retention"] == "/retention/"
    assert _lines(held, slug="flowers")["retention"] == "/communities/flowers/retention/"
    assert _lines(held, slug="flowers")["members"] == "/communities/flowers/members/"
    assert _lines(held)["members"] == "/communities/?to=members"


def test_the_period_goes_along_between_figure_pages_and_nowhere_else() -> None:
    held = frozenset(Permission)
    lines = _lines(held, path="/activity/", query="period=7d&page=2")
    assert (lines["retention"], lines["units"]) == ("/retention/?period=7d", "/units/")
    assert _lines(held, path="/units/", query="period=7d")["retention"] == "/retention/"


def test_sections_stand_in_the_order_of_the_loop() -> None:
    sections = menu_for(frozenset(Permission), slug="flowers", path="/", query=RequestFactory().get("/").GET)
    assert [section["name"] for section in sections] == [
        "today",
        "plan",
        "do",
        "check",
        "act",
        "ground",
        "team",
        "system",
    ]


def test_permissions_add_up_over_roles(units: Units) -> None:
    both = create_staff("both", name="兼职", password=PASSWORD, by=TESTS)
    assert permissions_of(both) == frozenset()
    grant_role(both, role="finance", unit=units.shop, by=TESTS)
    grant_role(both, role="it", unit=units.south, by=TESTS)
    finance = {Permission.SEE_FIGURES, Permission.SEE_PLAN}
    wanted = finance | {Permission.RUN_SYSTEM, Permission.SEE_AUDIT, Permission.EDIT_KEYS, Permission.CONNECT}
    assert permissions_of(both) == wanted


def test_the_page_at_hand_is_marked(client_for: SignIn, lead: Staff, community: Community) -> None:
    page = client_for(lead, "en").get(f"/communities/{community.slug}/retention/").content.decode()
    assert page.count('aria-current="page"') == 1
    assert 'href="/communities/flowers/retention/" aria-current="page"' in page


def test_the_community_last_opened_stays_open(client_for: SignIn, lead: Staff, community: Community) -> None:
    client = client_for(lead, "en")
    client.get(f"/communities/{community.slug}/")
    assert client.cookies["community"].value == community.slug
    assert 'href="/communities/flowers/members/"' in client.get("/").content.decode()


def test_a_community_that_is_gone_is_forgotten(client_for: SignIn, outsider: Staff, community: Community) -> None:
    client = client_for(outsider)
    client.cookies["community"] = community.slug
    assert client.get(f"/communities/{community.slug}/").cookies["community"].value == ""


def test_the_switcher_finds_by_name_and_unit(
    client_for: SignIn, director: Staff, outsider: Staff, community: Community, other_community: Community
) -> None:
    def found(staff: Staff, words: str) -> list[bool]:
        page = client_for(staff, "en").get("/switch/", {"q": words}).content.decode()
        return [name in page for name in (community.name, other_community.name)]

    assert found(director, "") == [True, True]
    assert found(director, "花友") == [True, False]
    assert found(director, "华南") == [False, True]
    assert found(outsider, "") == [False, True]
    assert found(outsider, "花友") == [False, False]


def test_a_tiny_line_fills_its_box() -> None:
    assert 'points="0.0,26.0 50.0,2.0 100.0,14.0"' in sparkline([0, 10, 5])
    assert 'points="0.0,26.0 100.0,26.0"' in sparkline([4, 4])
    assert [sparkline([]), sparkline([1]), sparkline([None, 1])] == ["", "", ""]


def test_a_pager_keeps_the_filters() -> None:
    request = RequestFactory().get("/?q=花&page=2")
    page = Paginator(range(50), 20).get_page(2)
    drawn = render_to_string("console/parts/pager.html", {"page": page, "request": request})
    assert 'href="?q=%E8%8A%B1&amp;page=1"' in drawn
    assert 'href="?q=%E8%8A%B1&amp;page=3"' in drawn
    assert "21–40 of 50" in drawn


def test_a_dangerous_act_waits_for_its_name() -> None:
    wants = {"dialog_id": "gone", "title": "Delete?", "loss": "12 tags are lost.", "typed": "华东", "action_url": "/x/"}
    drawn = render_to_string("console/parts/confirm.html", wants | {"action_label": "Delete"})
    assert 'data-typed-name="华东"' in drawn
    assert "Type “华东” to confirm" in drawn
    assert 'type="submit" disabled' in drawn


@pytest.mark.parametrize(("total", "attribute"), [(200, 'max="200" value="50"'), (0, "<progress aria-label")])
def test_a_bar_says_done_and_total(total: int, attribute: str) -> None:
    drawn = render_to_string("console/parts/progress.html", {"done": 50, "total": total, "label": "Reading"})
    assert attribute in drawn


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_answered_in_the_readers_language(client: Client) -> None:
    answer = client.get("/nowhere/", headers={"Accept-Language": "zh-CN"})
    assert (answer.status_code, "没有这个页面" in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_a_form_from_a_page_too_old_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    answer = client.post("/accounts/login/", {"login": "x", "password": "y"})
    assert (answer.status_code, "Nothing was changed" in answer.content.decode()) == (403, True)


def test_a_fault_of_ours_is_told_without_anything_else_working() -> None:
    with translation.override("en"):
        answer = server_error(_request())
    words = answer.content.decode()
    assert (answer.status_code, "Something went wrong here" in words) == (500, True)
    assert not re.search(r"<script>|<style|style=| on[a-z]+=", words)
