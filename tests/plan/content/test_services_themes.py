"""Themes and their shares, which together are never more than everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.kit.errors import QunyingError
from qunying.plan.content.models import Theme
from qunying.plan.content.queries import themes_of
from qunying.plan.content.services_themes import archive_theme, set_theme, ship_themes
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_the_usual_themes_make_a_whole(community: Community) -> None:
    themes = ship_themes(community, by=TESTS)
    assert (sum(one.share or 0 for one in themes), [one.label for one in themes][:2]) == (
        100,
        ["Hot topics", "Brand story"],
    )
    with pytest.raises(QunyingError, match="has themes already"):
        ship_themes(community, by=TESTS)


def test_shares_never_pass_the_whole(community: Community) -> None:
    theme = set_theme("产品", community=community, share=70, by=TESTS)
    with pytest.raises(QunyingError, match="At most 30% are left"):
        set_theme("故事", community=community, share=31, by=TESTS)
    set_theme("故事", community=community, share=30, by=TESTS)
    set_theme("产品", community=community, share=60, theme=theme, by=TESTS)
    assert list(themes_of(community).values_list("share", flat=True)) == [60, 30]


def test_a_name_is_taken_once_and_comes_back_when_it_was_put_away(community: Community) -> None:
    theme = set_theme("Product", community=community, share=20, by=TESTS)
    with pytest.raises(QunyingError, match="There is a theme"):
        set_theme("product", community=community, by=TESTS)
    archive_theme(theme, by=TESTS)
    assert list(themes_of(community)) == []
    back = set_theme("product", community=community, share=100, by=TESTS)
    assert (back.pk, back.archived_at, Theme.objects.count()) == (theme.pk, None, 1)


@pytest.mark.parametrize("name", ["", " ", "长" * 41])
def test_a_theme_needs_a_name_that_fits(community: Community, name: str) -> None:
    with pytest.raises(QunyingError, match="at most 40 characters"):
        set_theme(name, community=community, by=TESTS)
