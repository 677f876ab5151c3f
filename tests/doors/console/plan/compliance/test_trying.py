"""Trying a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.doors.console.plan.compliance.trying import MOST, Piece, pieces_of
from qunying.plan.compliance.checking import Finding
from qunying.plan.compliance.services import ship_lists
from tests.support.cast import TESTS
from tests.support.words import make_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def _finding(start: int, end: int, severity: str) -> Finding:
    return Finding("own", "店规", start, end, "", "", severity)


def test_a_text_is_cut_where_findings_begin_and_end_and_the_gravest_shows() -> None:
    findings = [_finding(1, 5, "warn"), _finding(3, 5, "stop"), _finding(4, 6, "warn")]
    assert pieces_of("甲乙丙丁戊己庚", findings) == [
        Piece("甲", ""),
        Piece("乙丙", "warn"),
        Piece("丁", "stop"),
        Piece("戊", "stop"),
        Piece("己", "warn"),
        Piece("庚", ""),
    ]
    assert (pieces_of("甲", []), pieces_of("", [])) == ([Piece("甲", "")], [])


def test_what_is_found_is_marked_with_reason_and_what_to_write(
    client_for: Callable[..., Client], specialist: Staff
) -> None:
    client = client_for(specialist, "en")
    assert "No list is switched on" in client.get("/words/try/").content.decode()
    ship_lists(by=TESTS)
    assert "What is found stands here" in client.get("/words/try/").content.decode()
    page = client.post("/words/try/", {"text": "<b>全城最 佳\r\n独家花材"}).content.decode()
    assert '&lt;b&gt;全城<mark class="stop">最 佳</mark>\n<mark class="warn">独家</mark>花材' in page
    assert ("Advertising Law, article 9 (3)" in page, "很好、很合适" in page, "1 must be changed." in page) == (
        True,
        True,
        True,
    )
    assert "Nothing was found." in client.post("/words/try/", {"text": "今早到店"}).content.decode()


def test_a_communitys_own_lists_hold_there_alone(
    client_for: Callable[..., Client], specialist: Staff, outsider: Staff, community: Community, units: Units
) -> None:
    make_words(units.shop, "亲")
    client = client_for(specialist, "en")
    assert "Nothing was found." in client.post("/words/try/", {"text": "亲"}).content.decode()
    asked = {"text": "亲", "community": community.slug}
    assert "One place was found." in client.post("/words/try/", asked).content.decode()
    assert client_for(outsider).post("/words/try/", asked).status_code == 404


def test_it_refuses_what_is_too_long(client_for: Callable[..., Client], specialist: Staff) -> None:
    answer = client_for(specialist, "en").post("/words/try/", {"text": "长" * (MOST + 1)})
    assert (answer.status_code, "longer than 20,000" in answer.content.decode()) == (400, True)
