"""The page of word lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.compliance.models import WordList
from qunying.plan.compliance.services import ship_lists
from tests.support.cast import TESTS
from tests.support.words import make_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
LIST_QUERIES = 15


def test_no_word_is_watched_until_the_shipped_lists_are_put_in(
    client_for: Callable[..., Client], director: Staff, lead: Staff
) -> None:
    empty = client_for(lead, "en").get("/words/").content.decode()
    assert ("No word is watched yet" in empty, "/words/ship/" in empty) == (True, False)
    client = client_for(director, "en")
    assert "/words/ship/" in client.get("/words/").content.decode()
    assert client.post("/words/ship/").status_code == 302
    full = client.get("/words/").content.decode()
    assert ("Absolute terms the advertising law forbids" in full, "/words/ship/" in full) == (True, False)
    assert "广告法禁用的绝对化用语" in client_for(director, "zh-hans").get("/words/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    rows: int,
    client_for: Callable[..., Client],
    lead: Staff,
    units: Units,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(rows):
        make_words(units.shop, "亲", name=f"店规{number}")
    client = client_for(lead)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get("/words/").content.decode().count('name="ids"') == rows


def test_lists_are_found_by_name_word_kind_and_state(
    client_for: Callable[..., Client], director: Staff, units: Units
) -> None:
    ship_lists(by=TESTS)
    make_words(units.shop, "亲")
    WordList.objects.filter(key="sharing").update(active=False)
    client = client_for(director, "zh-hans")

    def names(query: str) -> list[str]:
        page = client.get(f"/words/?{query}").content.decode()
        return sorted(one.key or one.name for one in WordList.objects.all() if f">{one.name}</a>" in page)

    assert names("q=砍一刀") == ["sharing"]
    assert names("q=店") == ["店规"]
    assert names("kind=advertising") == ["advertising", "claims"]
    assert names("active=0") == ["sharing"]
    assert names("active=1&kind=own&order=-words") == ["店规"]
    assert "没有符合条件的词库" in client.get("/words/?q=没有的").content.decode()
    assert client.get("/words/export/?format=csv&kind=own").getvalue().decode("utf-8-sig").splitlines()[1:] == [
        "店规,自家规矩,再看看,花店一店,1,是"
    ]


def test_lists_are_switched_together_and_back(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    first, second = (make_words(units.shop, "亲", name=name) for name in ("甲", "乙"))
    client = client_for(lead, "en")
    chosen = {"ids": [first.pk, second.pk], "act": "off", "filters": "?kind=own"}
    answer = client.post("/words/switch/", chosen)
    assert answer["Location"] == "/words/?kind=own&undo=1"
    assert WordList.objects.filter(active=True).count() == 0
    assert "2 lists are switched off." in client.get(answer["Location"]).content.decode()
    client.post("/words/undo/")
    assert WordList.objects.filter(active=True).count() == 2
    page = client.post("/words/undo/", follow=True).content.decode()
    assert "nothing left to take back" in page
    nothing = client.post("/words/switch/", {"act": "on"}, follow=True).content.decode()
    assert "No list is chosen" in nothing


def test_everyones_list_is_seen_and_not_switched_by_a_lead(client_for: Callable[..., Client], lead: Staff) -> None:
    words = make_words(None, "亲")
    client = client_for(lead, "en")
    page = client.get("/words/").content.decode()
    assert (f"/words/{words.pk}/" in page, 'name="ids"' in page) == (True, False)
    refused = client.post("/words/switch/", {"ids": [words.pk], "act": "off"}, follow=True).content.decode()
    assert "This list is everyone&#x27;s." in refused


def test_a_list_is_made_for_a_unit_or_everyone(
    client_for: Callable[..., Client], director: Staff, lead: Staff, units: Units
) -> None:
    given = {"name": "店规", "kind": "own", "severity": "stop"}
    answer = client_for(lead).post("/words/new/", given | {"unit": units.shop.pk})
    made = WordList.objects.get()
    assert (answer["Location"], made.unit, made.severity) == (f"/words/{made.pk}/add/", units.shop, "stop")
    assert client_for(lead).post("/words/new/", given | {"unit": 0}).status_code == 400
    assert client_for(lead).post("/words/new/", given | {"unit": units.south.pk}).status_code == 400
    assert client_for(lead).post("/words/new/", given | {"unit": units.shop.pk}).status_code == 400
    client_for(director).post("/words/new/", given | {"unit": 0})
    assert WordList.objects.filter(unit=None).count() == 1
