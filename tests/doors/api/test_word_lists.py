"""Word lists for programs, and texts checked against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.roles import Permission
from qunying.plan.compliance.models import Word, WordList
from qunying.plan.compliance.services import ship_lists
from tests.support.cast import TESTS
from tests.support.words import make_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
RULES = {"name": "店规", "kind": "own", "severity": "warn"}


def test_a_list_is_made_filled_changed_and_removed(program: Program, units: Units) -> None:
    made = program.post("word-lists", RULES | {"unit": units.shop.pk})
    told = made.json()
    address = f"word-lists/{told['id']}"
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/{address}")
    assert told == RULES | {"id": told["id"], "unit": units.shop.pk, "key": "", "active": True, "words": 0}
    given = [{"word": "最佳", "instead": "很好", "exceptions": ["最佳拍档"]}, {"word": "***"}]
    assert program.post(f"{address}/words", {"words": given}).json() == {
        "added": 1,
        "changed": 0,
        "same": 0,
        "rejected": [{"row": 2, "word": "***", "why": "Nothing is left of it to look for."}],
    }
    [word] = program.get(f"{address}/words?holding=最")["items"]
    expected = {"word": "最佳", "reason": "", "instead": "很好", "exceptions": ["最佳拍档"]}
    assert word == {"id": word["id"]} | expected
    put = program.send("PUT", f"words/{word['id']}", {"word": "最优", "reason": "太满"}).json()
    assert put == {"id": word["id"], "word": "最优", "reason": "太满", "instead": "", "exceptions": []}
    changed = program.send("PATCH", address, {"severity": "stop", "active": False}).json()
    assert (changed["name"], changed["severity"], changed["active"], changed["words"]) == ("店规", "stop", False, 1)
    assert program.send("DELETE", f"words/{word['id']}").status_code == 204
    assert program.get(f"{address}/words")["items"] == []
    assert (program.send("DELETE", address).status_code, WordList.objects.count()) == (204, 0)


def test_a_text_is_checked_as_if_it_went_to_a_community(
    program: Program, stranger: Program, community: Community, units: Units
) -> None:
    make_words(units.shop, "亲", severity="stop")
    assert program.post("checks", {"text": "亲，到店啦"}).json() == {"findings": [], "stops": 0}
    assert program.post("checks", {"text": "亲，到店啦", "community": "flowers"}).json() == {
        "findings": [
            {
                "check": "own",
                "label": "店规",
                "start": 0,
                "end": 1,
                "excerpt": "亲",
                "reason": "“亲” stands on the list “店规”.",
                "severity": "stop",
                "instead": "",
            }
        ],
        "stops": 1,
    }
    assert stranger.post("checks", {"text": "亲", "community": "flowers"}).status_code == 404
    assert program.post("checks", {"text": "长" * 20_001}).status_code == 422


def test_nothing_is_reached_from_outside_or_without_leave(
    program: Program,
    stranger: Program,
    make_program: Callable[..., Program],
    director: Staff,
    units: Units,
) -> None:
    words = make_words(units.shop, "亲")
    word = Word.objects.get()
    for address in (f"word-lists/{words.pk}", f"word-lists/{words.pk}/words"):
        assert stranger.send("GET", address).status_code == 404
    assert stranger.send("DELETE", f"words/{word.pk}").status_code == 404
    reader = make_program(director, units.headquarters, [Permission.SEE_PLAN])
    assert reader.send("GET", f"word-lists/{words.pk}").status_code == 200
    assert reader.post(f"word-lists/{words.pk}/words", {"words": [{"word": "甲"}]}).status_code == 403
    assert reader.send("DELETE", f"words/{word.pk}").status_code == 403
    blind = make_program(director, units.headquarters, [Permission.SEE_MEMBERS])
    assert (blind.send("GET", "word-lists").status_code, blind.post("checks", {"text": ""}).status_code) == (403, 403)
    assert stranger.post("word-lists", RULES).status_code == 403
    assert stranger.post("word-lists", RULES | {"unit": units.shop.pk}).status_code == 404


def test_a_shipped_list_is_told_in_the_programs_language_and_stays(program: Program) -> None:
    ship_lists(by=TESTS)
    names = {one["key"]: one["name"] for one in program.get("word-lists")["items"]}
    assert names == {
        "advertising": "Absolute terms the advertising law forbids",
        "claims": "Claims that need proof",
        "sharing": "Pressing people to share or follow",
    }
    pk = WordList.objects.get(key="sharing").pk
    assert program.send("DELETE", f"word-lists/{pk}").status_code == 400
