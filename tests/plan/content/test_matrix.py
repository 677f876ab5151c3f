"""The matrix: shares of a month held against what was planned."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.plan.content.matrix import matrix_of
from qunying.plan.content.services import Planned, drop_entry, propose_entry
from qunying.plan.content.services_themes import archive_theme, set_theme
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry, Theme

pytestmark = pytest.mark.django_db
MARCH = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}


def put(community: Community, theme: Theme | None, day: date) -> Entry:
    return propose_entry("题目", community=community, planned=Planned(theme=theme, slot_day=day), by=TESTS)


def test_each_theme_has_its_share_and_how_far_it_is_off(
    community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    story = set_theme("故事", community=community, share=50, by=TESTS)
    product = set_theme("产品", community=community, share=30, by=TESTS)
    loose = set_theme("闲聊", community=community, by=TESTS)
    old = set_theme("旧的", community=community, by=TESTS)
    for number, theme in enumerate((story, product, product, product, loose, None, old, None), start=1):
        put(community, theme, date(2026, 3, number))
    drop_entry(put(community, story, date(2026, 3, 9)), by=TESTS)
    put(community, story, date(2026, 4, 1))
    archive_theme(old, by=TESTS)
    with django_assert_num_queries(2):
        cells = matrix_of(community, **MARCH)
    assert [(cell.theme and cell.theme.name, cell.count, cell.total, cell.off, cell.missing) for cell in cells] == [
        ("故事", 1, 8, -37.5, 3),
        ("产品", 3, 8, 7.5, -1),
        ("闲聊", 1, 8, None, 0),
        (None, 3, 8, None, 0),
    ]


def test_a_month_without_entries_has_no_shares(community: Community) -> None:
    set_theme("故事", community=community, share=50, by=TESTS)
    (cell,) = matrix_of(community, **MARCH)
    assert (cell.count, cell.total, cell.actual, cell.off, cell.missing) == (0, 0, None, None, 0)
