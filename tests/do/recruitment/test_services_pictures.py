"""Pictures by which people join: checked, drawn anew, replaced."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from PIL import Image

from qunying.do.recruitment.models import GroupPicture
from qunying.do.recruitment.queries import picture_of, standings
from qunying.do.recruitment.services_pictures import put_picture, remove_picture, show_first
from qunying.ground.groups.services import create_group
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS
from tests.support.recruitment import code_jpeg_with_place, code_png, put_up

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_picture_on_wechat_serves_seven_days(group: Group) -> None:
    picture = put_up(group)
    assert picture.expires_at is not None
    assert picture.expires_at - picture.uploaded_at == timedelta(days=7)


def test_a_platform_without_bounds_sets_no_end(community: Community) -> None:
    assert put_up(create_group(community, name="矩阵群", platform="matrix", by=TESTS)).expires_at is None


def test_it_ends_when_the_day_on_the_picture_begins_in_the_community(group: Group) -> None:
    until = timezone.localdate(timezone=SHANGHAI) + timedelta(days=3)
    expires = put_up(group, until=until).expires_at
    assert expires is not None
    assert expires.astimezone(SHANGHAI).isoformat() == f"{until.isoformat()}T00:00:00+08:00"


@pytest.mark.parametrize(("days", "says"), [(0, "Make a new one"), (-1, "Make a new one"), (8, "for 7 days at most")])
def test_it_refuses_a_day_that_is_over_or_beyond_the_platform(days: int, says: str, group: Group) -> None:
    with pytest.raises(QunyingError, match=says):
        put_up(group, until=timezone.localdate(timezone=SHANGHAI) + timedelta(days=days))


def test_what_is_kept_is_drawn_anew_without_place_or_camera(group: Group) -> None:
    raw = code_jpeg_with_place()
    assert dict(Image.open(io.BytesIO(raw)).getexif()) != {}
    kept = Image.open(io.BytesIO(put_picture(group, raw=raw, by=TESTS).picture))
    assert (kept.format, dict(kept.getexif())) == ("JPEG", {})


def test_a_large_screenshot_is_made_small(group: Group) -> None:
    wide = Image.new("RGBA", (1170, 2532), (255, 255, 255, 0))
    with io.BytesIO() as out:
        wide.save(out, "PNG")
        kept = Image.open(io.BytesIO(put_picture(group, raw=out.getvalue(), by=TESTS).picture))
    assert (kept.size, kept.getpixel((0, 0))) == ((462, 1000), (255, 255, 255))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "Choose a picture first"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG, JPEG or WebP"),
        (b"\x89PNG\r\n\x1a\n" + b"broken" * 20, "no PNG, JPEG or WebP"),
        (code_png()[:200], "no PNG, JPEG or WebP"),
        (code_png(scale=1), "nobody can scan it"),
        (b"\x89PNG" + b"0" * 5_000_000, "larger than 5 MB"),
    ],
    ids=["empty", "svg", "broken", "cut", "tiny", "heavy"],
)
def test_it_refuses_what_is_no_picture_to_scan(raw: bytes, says: str, group: Group) -> None:
    with pytest.raises(QunyingError, match=says):
        put_picture(group, raw=raw, by=TESTS)
    assert GroupPicture.objects.count() == 0


def test_it_refuses_a_picture_of_too_many_points(group: Group) -> None:
    with io.BytesIO() as out:
        Image.new("1", (6000, 6000)).save(out, "PNG")
        with pytest.raises(QunyingError, match="30 million points"):
            put_picture(group, raw=out.getvalue(), by=TESTS)


def test_a_new_picture_takes_the_place_of_the_one_before_which_keeps_nothing(group: Group) -> None:
    first = put_up(group)
    second = put_picture(group, raw=code_png("other"), by=TESTS)
    first.refresh_from_db()
    assert (picture_of(group), first.place, bytes(first.picture)) == (second, second.place, b"")


def test_pictures_are_shown_in_the_order_of_their_coming_unless_one_is_put_first(
    community: Community, group: Group
) -> None:
    other = create_group(community, name="花友二群", platform="wechat", by=TESTS)
    put_up(group)
    second = put_up(other)
    assert [one.picture.group for one in standings([community])] == [group, other]
    show_first(second, by=TESTS)
    assert [one.picture.group for one in standings([community])] == [other, group]


def test_a_picture_is_taken_down_once(group: Group) -> None:
    picture = put_up(group)
    remove_picture(picture, by=TESTS)
    assert picture_of(group) is None
    with pytest.raises(QunyingError, match="taken down already"):
        remove_picture(picture, by=TESTS)


def test_it_refuses_people_beyond_counting(group: Group) -> None:
    with pytest.raises(QunyingError, match="between 0 and 100000"):
        put_up(group, people=-1)
