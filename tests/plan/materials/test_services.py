"""The library: folders, materials, versions, tags, putting away, uses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.materials.models import Material, Use
from qunying.plan.materials.queries import below, ends_on, folders_in, holding, materials_in, tags_in, usable
from qunying.plan.materials.services import (
    About,
    Body,
    add_material,
    archive_materials,
    change_material,
    create_folder,
    drop_folder,
    move_materials,
    rename_folder,
    replace_material,
    restore_materials,
    set_uses,
)
from tests.support.cast import TESTS
from tests.support.materials import make_link, make_picture

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 6)


def _names(found: object) -> list[str]:
    return sorted(one.name for one in found)  # type: ignore[attr-defined]


def test_folders_lie_in_one_another_and_hold_one_of_a_name(community: Community, specialist: Staff) -> None:
    outer = create_folder(" 春天 ", unit=community.unit, community=community, by=specialist)
    inner = create_folder("郁金香", unit=community.unit, community=community, parent=outer, by=specialist)
    other = create_folder("春天", unit=community.unit, by=specialist)
    assert [(one.name, depth) for one, depth in folders_in(community)] == [("春天", 0), ("郁金香", 1), ("春天", 0)]
    assert below(folders_in(community), outer.pk) == sorted([outer.pk, inner.pk])
    with pytest.raises(QunyingError, match="春天"):
        create_folder("春天", unit=community.unit, community=community, by=specialist)
    with pytest.raises(QunyingError):
        drop_folder(outer, by=specialist)
    rename_folder(inner, name="风信子", by=specialist)
    drop_folder(inner, by=specialist)
    drop_folder(outer, by=specialist)
    assert [one.pk for one, _depth in folders_in(community)] == [other.pk]


def test_what_all_communities_share_does_not_lie_in_the_folder_of_one(community: Community) -> None:
    own = create_folder("自己的", unit=community.unit, community=community, by=TESTS)
    with pytest.raises(QunyingError, match="自己的"):
        move_materials([make_link(community, shared=True)], folder=own, by=TESTS)
    assert move_materials([make_link(community)], folder=own, by=TESTS) == 1


def test_a_folder_deeper_than_six_takes_nothing(community: Community) -> None:
    folder = None
    for number in range(7):
        folder = create_folder(str(number), unit=community.unit, parent=folder, by=TESTS)
    with pytest.raises(QunyingError, match="6"):
        create_folder("太深", unit=community.unit, parent=folder, by=TESTS)


@pytest.mark.parametrize(
    "body",
    [
        Body(Material.Kind.PICTURE),
        Body(Material.Kind.LINK, address="javascript:alert(1)"),
        Body(Material.Kind.LINK, address="https://a b"),
        Body(Material.Kind.TEXT, words=" "),
        Body(Material.Kind.TEXT, words="字" * 20_001),
    ],
)
def test_contents_have_to_fit_the_kind(body: Body, community: Community) -> None:
    with pytest.raises(QunyingError):
        add_material(body, about=About("x"), unit=community.unit, by=TESTS)
    assert Material.objects.count() == 0


@pytest.mark.parametrize(
    "about",
    [
        About(" "),
        About("字" * 121),
        About("x", valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 1)),
        About("x", source="字" * 201),
        About("x", tags=("字" * 21,)),
        About("x", tags=tuple(str(number) for number in range(21))),
    ],
)
def test_what_is_known_has_its_bounds(about: About, community: Community) -> None:
    with pytest.raises(QunyingError):
        change_material(make_link(community), about=about, by=TESTS)


def test_a_change_replaces_tags_and_days(community: Community, specialist: Staff) -> None:
    link = make_link(community)
    change_material(link, about=About("花单", tags=("春", " 花 单 ", "春")), by=specialist)
    about = About("花单", tags=("夏", "春"), licence="own", licence_until=TODAY, valid_until=date(2026, 4, 1))
    changed = change_material(link, about=about, by=specialist)
    assert (tags_in(community), ends_on(changed)) == (["夏", "春"], TODAY)


def test_a_new_version_keeps_the_old_one_and_its_kind(community: Community, specialist: Staff) -> None:
    link = make_link(community)
    replace_material(link, body=Body(Material.Kind.LINK, address="https://example.com/new"), by=specialist)
    link.refresh_from_db()
    told = list(link.versions.values_list("number", "address"))
    assert told == [(1, "https://example.com/flowers"), (2, "https://example.com/new")]
    assert (link.version, link.address) == (2, "https://example.com/new")
    with pytest.raises(QunyingError):
        replace_material(link, body=Body(Material.Kind.TEXT, words="字"), by=specialist)


def test_put_away_means_that_nothing_new_is_made_with_it(community: Community, specialist: Staff) -> None:
    one, two = make_link(community, "一"), make_link(community, "二")
    assert archive_materials([one], by=specialist) == [one.pk]
    found = materials_in(community)
    assert archive_materials(found, by=specialist) == [two.pk]
    assert _names(usable(community, on=TODAY)) == []
    assert restore_materials(materials_in(community).filter(pk=two.pk), by=specialist) == [two.pk]
    assert _names(usable(community, on=TODAY)) == ["二"]


def test_usable_is_what_holds_today_and_has_a_right(community: Community, other_community: Community) -> None:
    make_picture(community, "今天到期", until=TODAY)
    make_picture(community, "昨天到期", until=date(2026, 3, 5))
    make_picture(community, "没写授权", licence="")
    make_link(other_community, "别处的")
    make_link(community, "共用的", shared=True)
    early = make_link(community, "还没开始")
    change_material(early, about=About("还没开始", licence="own", valid_from=date(2026, 3, 7)), by=TESTS)
    assert _names(usable(community, on=TODAY)) == ["今天到期", "共用的"]


def test_words_are_found_in_names_sources_addresses_and_tags(community: Community) -> None:
    link, picture = make_link(community), make_picture(community)
    change_material(link, about=About("春季花单", tags=("清明节",)), by=TESTS)
    told = {
        words: _names(holding(materials_in(community), words)) for words in ("花单", "店里", "example", "清明", "无")
    }
    assert told == {
        "花单": ["春季花单"],
        "店里": [picture.name],
        "example": ["春季花单"],
        "清明": ["春季花单"],
        "无": [],
    }


def test_uses_are_those_of_the_last_telling(community: Community) -> None:
    one, two = make_link(community, "一"), make_link(community, "二")
    set_uses("entry", 7, materials=[one, one])
    set_uses("entry", 7, materials=[one, two])
    set_uses("entry", 8, materials=[two])
    set_uses("entry", 7, materials=[two])
    assert sorted(Use.objects.values_list("material__name", "what_id")) == [("二", 7), ("二", 8)]
    assert {one.name: one.used for one in materials_in(community)} == {"一": 0, "二": 2}  # type: ignore[attr-defined]


def test_who_does_not_write_here_changes_nothing(community: Community, reviewer: Staff, outsider: Staff) -> None:
    link = make_link(community)
    for staff in (reviewer, outsider):
        with pytest.raises(NotAllowedError):
            create_folder("x", unit=community.unit, by=staff)
        with pytest.raises(NotAllowedError):
            archive_materials([link], by=staff)
        with pytest.raises(NotAllowedError):
            change_material(link, about=About("x"), by=staff)
