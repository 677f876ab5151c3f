"""What each form asks for, and what may not be taken from the library."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qunying.kit.errors import QunyingError
from qunying.plan.content.checks_parts import find_missing_parts, find_unusable
from qunying.plan.content.digests import digest_now
from qunying.plan.content.models import Entry
from qunying.plan.content.services import Draft, Planned, Shown, propose_entry, write_version
from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import materials_in
from qunying.plan.materials.services import About, Body, archive_materials, change_material, replace_material
from tests.support.cast import TESTS
from tests.support.materials import make_link, make_picture

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Version

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)


@pytest.fixture(autouse=True)
def _home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


def _written(community: Community, form: str, **draft: Any) -> Version:
    entry = propose_entry("题目", community=community, form=form, planned=Planned(slot_day=DAY), by=TESTS)
    return write_version(entry, draft=Draft("题目", form=form, words="一段话", **draft), by=TESTS)


@pytest.mark.parametrize(
    ("form", "details", "told"),
    [
        ("text", {}, []),
        ("image", {}, ["stop"]),
        ("video", {}, ["stop", "warn"]),
        ("audio", {"address": "https://example.com/a", "length": "2:30"}, []),
        ("live", {}, ["stop", "stop", "warn"]),
        ("live", {"starts": "2026-03-06T19:30", "address": "https://example.com/live", "host": "店长"}, []),
        ("h5", {"address": "#小程序://花店/abc"}, ["warn"]),
    ],
)
def test_each_form_asks_for_what_it_needs(
    form: str, details: dict[str, str], told: list[str], community: Community
) -> None:
    version = _written(community, form, details=details)
    assert [one.severity for one in find_missing_parts(version)] == told
    assert version.digest == digest_now(version)


@pytest.mark.parametrize(
    "details",
    [{"address": "ftp://x"}, {"address": "https://a b"}, {"length": "2分"}, {"length": "2:61"}],
)
def test_what_is_none_is_refused(details: dict[str, str], community: Community) -> None:
    with pytest.raises(QunyingError):
        _written(community, "video", details=details)
    for wrong in ({"starts": "soon"}, {"host": "字" * 41}):
        with pytest.raises(QunyingError):
            _written(community, "live", details=wrong)


def test_what_the_form_does_not_ask_for_is_left_out(community: Community) -> None:
    version = _written(community, "h5", details={"address": "https://example.com", "host": "店长", "length": "x"})
    assert version.details == {"address": "https://example.com"}


def test_materials_that_may_not_be_used_on_the_day_are_found(community: Community) -> None:
    over = make_picture(community, "过期", until=date(2026, 3, 5))
    today = make_picture(community, "当天", until=DAY)
    unsaid = make_picture(community, "没写", licence="")
    early = make_picture(community, "太早")
    change_material(early, about=About("太早", licence="own", valid_from=date(2026, 3, 7)), by=TESTS)
    away = make_picture(community, "收起")
    archive_materials([away], by=TESTS)
    pictures = tuple(Shown(one.file, material=one) for one in (over, today, unsaid, early, away) if one.file)
    found = list(find_unusable(_written(community, "image", pictures=pictures)))
    assert [(one.excerpt, one.severity) for one in found] == [
        ("过期", "stop"),
        ("没写", "stop"),
        ("太早", "stop"),
        ("收起", "warn"),
    ]


def test_uses_are_counted_and_a_version_keeps_the_file_it_was_written_with(community: Community) -> None:
    link, picture = make_link(community), make_picture(community)
    assert picture.file is not None
    version = _written(community, "h5", material=link, pictures=(Shown(picture.file, material=picture),))
    assert {one.name: one.used for one in materials_in(community)} == {"春季花单": 1, "郁金香": 1}  # type: ignore[attr-defined]
    digest = version.digest
    replace_material(link, body=Body(Material.Kind.LINK, address="https://example.com/other"), by=TESTS)
    version.refresh_from_db()
    assert digest_now(version) == digest
    write_version(Entry.objects.get(), draft=Draft("题目", words="没有素材了"), by=TESTS)
    assert {one.used for one in materials_in(community)} == {0}  # type: ignore[attr-defined]
