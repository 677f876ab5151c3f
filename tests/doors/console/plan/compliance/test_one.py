"""The pages of one word list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qunying.plan.compliance.models import Word, WordList
from tests.support.words import make_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
ONE_QUERIES = 11


def _standing(words: WordList) -> list[str]:
    return list(Word.objects.filter(word_list=words, removed_at=None).values_list("word", flat=True))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(
    rows: int,
    client_for: Callable[..., Client],
    lead: Staff,
    units: Units,
    django_assert_num_queries: Callable[..., object],
) -> None:
    words = make_words(units.shop, *"甲乙丙"[:rows])
    client = client_for(lead)
    with django_assert_num_queries(ONE_QUERIES):
        assert client.get(f"/words/{words.pk}/").content.decode().count('name="ids"') == rows


def test_words_are_pasted_and_what_is_wrong_is_told_row_by_row(
    client_for: Callable[..., Client], lead: Staff, units: Units
) -> None:
    words, client = make_words(units.shop), client_for(lead, "en")
    assert "No word is on this list yet" in client.get(f"/words/{words.pk}/").content.decode()
    good = client.post(f"/words/{words.pk}/add/", {"text": "亲\t太熟\t你\n免费"}, follow=True)
    assert ("2 words are new on the list." in good.content.decode(), _standing(words)) == (True, ["亲", "免费"])
    mixed = client.post(f"/words/{words.pk}/add/", {"text": "亲\n***\n包邮"}).content.decode()
    assert "One row was left out." in mixed
    assert "Nothing is left of it to look for." in mixed
    assert "1 word is new on the list. 1 stood there so." in mixed
    empty = client.post(f"/words/{words.pk}/add/", {"text": " "})
    assert (empty.status_code, "There is no word in it." in empty.content.decode()) == (400, True)


def test_a_file_comes_in_and_goes_out_the_same(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    words, client = make_words(units.shop), client_for(lead, "zh-hans")
    file = SimpleUploadedFile("词.csv", "词,原因,改成,例外\n最佳,太满,很好,最佳拍档；最佳影片\n".encode("gb18030"))
    client.post(f"/words/{words.pk}/add/", {"file": file})
    told = client.get(f"/words/{words.pk}/export/?format=csv").getvalue().decode("utf-8-sig")
    assert told.splitlines()[0] == "词,原因,改成,例外,添加时间"
    assert told.splitlines()[1].startswith("最佳,太满,很好,最佳拍档；最佳影片,")
    other = make_words(units.shop, name="另一个")
    client.post(f"/words/{other.pk}/add/", {"file": SimpleUploadedFile("词.csv", told.encode())})
    word = Word.objects.get(word_list=other)
    assert (word.word, word.reason, word.instead, word.exceptions) == ("最佳", "太满", "很好", ["最佳拍档", "最佳影片"])


def test_chosen_words_come_off_and_back(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    words, client = make_words(units.shop, "甲", "乙", "丙"), client_for(lead, "en")
    chosen = list(Word.objects.filter(word__in=["甲", "乙"]).values_list("pk", flat=True))
    answer = client.post(f"/words/{words.pk}/off/", {"ids": chosen, "filters": "?q="})
    assert (answer["Location"], _standing(words)) == (f"/words/{words.pk}/?q=&undo=1", ["丙"])
    assert "2 words are off the list." in client.get(answer["Location"]).content.decode()
    client.post(f"/words/{words.pk}/undo/")
    assert _standing(words) == ["甲", "乙", "丙"]
    assert "nothing left" in client.post(f"/words/{words.pk}/undo/", follow=True).content.decode()
    assert "No word is chosen" in client.post(f"/words/{words.pk}/off/", follow=True).content.decode()


def test_words_are_found_however_they_are_spelled(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    words = make_words(units.shop, "國家級", "亲")
    client = client_for(lead, "en")
    found = client.get(f"/words/{words.pk}/?q=国家").content.decode()
    assert (found.count('name="ids"'), "國家級" in found) == (1, True)
    assert "No word fits" in client.get(f"/words/{words.pk}/?q=没有").content.decode()


def test_one_word_is_changed(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    words = make_words(units.shop, "最佳", "第一")
    word, client = Word.objects.get(word="最佳"), client_for(lead, "en")
    given = {"word": "最佳", "reason": "太满", "instead": "很好", "exceptions": "最佳拍档\n最佳影片"}
    assert client.post(f"/words/word/{word.pk}/", given)["Location"] == f"/words/{words.pk}/"
    word.refresh_from_db()
    assert (word.reason, word.instead, word.exceptions) == ("太满", "很好", ["最佳拍档", "最佳影片"])
    refused = client.post(f"/words/word/{word.pk}/", given | {"word": "第 一", "exceptions": ""})
    assert (refused.status_code, "on this list already" in refused.content.decode()) == (400, True)


def test_a_list_is_changed_and_removed_by_its_typed_name(
    client_for: Callable[..., Client], lead: Staff, units: Units
) -> None:
    words, client = make_words(units.shop, "亲"), client_for(lead, "en")
    client.post(f"/words/{words.pk}/edit/", {"name": "规矩", "kind": "sensitive", "severity": "stop"})
    words.refresh_from_db()
    assert (words.name, words.kind, words.severity) == ("规矩", "sensitive", "stop")
    assert "1 word goes with it" in client.get(f"/words/{words.pk}/edit/").content.decode()
    client.post(f"/words/{words.pk}/remove/", {"typed": "别的"})
    assert WordList.objects.count() == 1
    client.post(f"/words/{words.pk}/remove/", {"typed": "规矩"})
    assert (WordList.objects.count(), Word.objects.count()) == (0, 0)


def test_who_only_reads_sees_words_and_no_ways_to_change_them(
    client_for: Callable[..., Client], reviewer: Staff, units: Units
) -> None:
    words = make_words(units.shop, "亲")
    page = client_for(reviewer, "en").get(f"/words/{words.pk}/").content.decode()
    assert ("亲" in page, 'name="ids"' in page, "/add/" in page, "/word/" in page) == (True, False, False, False)
