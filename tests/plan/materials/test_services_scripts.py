"""Scripts: written, brought in, put away, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.materials.models import Script
from qunying.plan.materials.queries import saying, scripts_in
from qunying.plan.materials.reading import scripts_in_file
from qunying.plan.materials.services_scripts import (
    Brought,
    Said,
    archive_scripts,
    bring_scripts,
    change_script,
    count_use,
    places_in,
    restore_scripts,
    write_script,
)
from tests.support.cast import TESTS
from tests.support.materials import make_script
from tests.support.words import make_words

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_what_is_filled_in_is_told_once_each() -> None:
    assert places_in("{称呼}你好，{商品}到店了，{称呼}来看看。{}{长长长长长长长长长长长长长长长长长长长长长}") == [
        "称呼",
        "商品",
    ]


def test_a_situation_has_one_script_of_a_title(community: Community, specialist: Staff) -> None:
    make_script(community)
    again = Said(" 欢迎 ", "欢迎新人", "另一句")
    with pytest.raises(QunyingError, match="欢迎新人"):
        write_script(again, unit=community.unit, community=community, by=specialist)
    write_script(again, unit=community.unit, by=specialist)
    assert scripts_in(community).count() == 2


@pytest.mark.parametrize(
    "said",
    [
        Said("", "题", "话"),
        Said("场", "", "话"),
        Said("场", "题", " "),
        Said("场", "题" * 61, "话"),
        Said("场", "题", "话" * 2001),
    ],
)
def test_a_script_has_a_situation_a_title_and_words(said: Said, community: Community) -> None:
    with pytest.raises(QunyingError):
        write_script(said, unit=community.unit, community=community, by=TESTS)


def test_a_word_that_must_not_be_said_keeps_a_script_out(community: Community, specialist: Staff) -> None:
    make_words(community.unit, "最便宜", severity="stop")
    make_words(community.unit, "亲", name="客气")
    script = make_script(community)
    with pytest.raises(QunyingError, match="最便宜"):
        change_script(script, said=Said("欢迎", "欢迎新人", "我们最便宜"), by=specialist)
    changed = change_script(script, said=Said("欢迎", "欢迎新人", "亲，你好"), by=specialist)
    assert changed.words == "亲，你好"


def test_any_words_find_a_script_in_any_order(community: Community) -> None:
    make_script(community)
    write_script(Said("价格", "多少钱", "一束花99元"), unit=community.unit, community=community, by=TESTS)
    asked = ("花", "来到 欢迎", "99 价格", "玫瑰")
    told = {words: [one.title for one in saying(scripts_in(community), words)] for words in asked}
    assert told == {"花": ["多少钱", "欢迎新人"], "来到 欢迎": ["欢迎新人"], "99 价格": ["多少钱"], "玫瑰": []}


def test_a_file_comes_in_row_by_row(community: Community, specialist: Staff, tmp_path: Path) -> None:
    make_script(community)
    make_words(community.unit, "最便宜", severity="stop")
    path = tmp_path / "x"
    rows = "标题,场景,话术\n欢迎新人,欢迎,新的话\n多少钱,价格,一束99元\n贵不贵,价格,最便宜\n,价格,没标题\n"
    path.write_bytes(rows.encode("gb18030"))
    given = scripts_in_file(path, name="话术.csv")
    result = bring_scripts(given, unit=community.unit, community=community, by=specialist)
    assert (result.added, result.changed, result.same) == (1, 1, 0)
    assert [(one.row, one.title) for one in result.refused] == [(4, "贵不贵"), (5, "")]
    again = bring_scripts(given[:2], unit=community.unit, community=community, by=specialist)
    assert again == Brought(0, 0, 2, ())


@pytest.mark.parametrize(("name", "raw"), [("x.xlsx", b"no"), ("x.csv", b"\xff\x00\x01"), ("x.csv", "话术\n".encode())])
def test_a_file_without_scripts_is_refused(name: str, raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(raw)
    with pytest.raises(QunyingError):
        scripts_in_file(path, name=name)


def test_what_was_put_away_comes_back_unless_it_was_written_anew(community: Community, specialist: Staff) -> None:
    script = make_script(community)
    assert archive_scripts([script], by=specialist) == [script.pk]
    away = Script.objects.get(pk=script.pk)
    make_script(community)
    with pytest.raises(QunyingError):
        restore_scripts([away], by=specialist)
    archive_scripts(scripts_in(community), by=specialist)
    assert restore_scripts([away], by=specialist) == [script.pk]


def test_a_use_is_counted(community: Community) -> None:
    script = make_script(community)
    count_use(script)
    count_use(script)
    script.refresh_from_db()
    assert (script.uses, script.used_at is not None) == (2, True)


def test_who_does_not_write_here_writes_no_script(community: Community, reviewer: Staff) -> None:
    with pytest.raises(NotAllowedError):
        write_script(Said("场", "题", "话"), unit=community.unit, community=community, by=reviewer)
    with pytest.raises(NotAllowedError):
        bring_scripts([], unit=community.unit, community=community, by=reviewer)
