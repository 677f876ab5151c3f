"""Pages on what members sent in, and entries that take from the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.plan.content.models import Call, Entry, Submission
from qunying.plan.content.queries import newest_version
from tests.support.content import make_call, make_submission
from tests.support.materials import make_link, make_picture, picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
LIST_QUERIES = 11
AT = "/communities/flowers/content/sent-in/"


@pytest.fixture(autouse=True)
def _home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    rows: int,
    client_for: Callable[..., Client],
    specialist: Staff,
    community: Community,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(rows):
        make_submission(community, call=make_call(community))
    client = client_for(specialist)
    client.get(AT)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(AT).content.decode().count('<td class="main">') == rows


def test_a_page_is_opened_and_closed(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    client.post(f"{AT}pages/", {"title": "晒花"})
    call = Call.objects.get()
    assert reverse("send_in", args=[call.code]) in client.get(AT).content.decode()
    client.post(f"{AT}pages/", {"act": "close", "call": call.pk})
    assert reverse("send_in", args=[call.code]) not in client.get(AT).content.decode()


def test_one_is_taken_with_thanks_and_one_declined(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    one = make_submission(community, pictures=(("x.jpg", picture_bytes()),))
    other = make_submission(community)
    assert client.get(f"{AT}{one.pk}/").status_code == 200
    assert client.get(f"{AT}{one.pk}/pictures/1/").headers["Content-Type"] == "image/jpeg"
    page = client.post(f"{AT}{one.pk}/act/", {"act": "accept", "title": "月季", "thanks": "谢谢您！"}, follow=True)
    assert "It is a draft now" in page.content.decode()
    empty = client.post(f"{AT}{other.pk}/act/", {"act": "decline", "reason": ""}, follow=True).content.decode()
    assert "Write the sender a kind sentence" in empty
    client.post(f"{AT}{other.pk}/act/", {"act": "decline", "reason": "下次"})
    told = sorted(Submission.objects.values_list("state", "answer"))
    assert told == [("accepted", "谢谢您！"), ("declined", "下次")]
    assert client.get(f"{AT}?state=declined").content.decode().count('<td class="main">') == 1


def test_how_to_reach_a_sender_is_shown_once_to_who_may(
    client_for: Callable[..., Client], lead: Staff, specialist: Staff, community: Community
) -> None:
    one = make_submission(community, contact="13800138000")
    masked = client_for(specialist).get(f"{AT}{one.pk}/").content.decode()
    assert ("138****8000" in masked, "13800138000" in masked) == (True, False)
    client = client_for(lead)
    shown = client.post(f"{AT}{one.pk}/contact/", follow=True).content.decode()
    again = client.get(f"{AT}{one.pk}/").content.decode()
    assert ("13800138000" in shown, "13800138000" in again) == (True, False)


def test_the_list_is_taken_away_without_contacts(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    make_submission(community, contact="13800138000")
    raw = b"".join(client_for(lead).get(f"{AT}export/?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert ("阳台上的月季开了" in raw, "13800138000" in raw) == (True, False)


def test_an_entry_takes_pictures_and_a_page_from_the_library(
    client_for: Callable[..., Client], specialist: Staff, community: Community, draft_entry: Entry
) -> None:
    client, link, picture = client_for(specialist, "en"), make_link(community), make_picture(community)
    make_picture(community, "没写授权", licence="")
    at = reverse("entry_write", args=["flowers", draft_entry.pk])
    assert client.get(at).content.decode().count('name="from_library"') == 1
    given = {"title": "春", "form": "h5", "words": "来看", "material": link.pk, "from_library": [picture.pk]}
    assert client.post(at, given).status_code == 302
    draft_entry.refresh_from_db()
    version = newest_version(draft_entry)
    assert version is not None
    shown = version.pictures.get()
    assert (version.material, shown.material, "店里拍的" in shown.licence) == (link, picture, True)
    page = client.get(reverse("entry", args=["flowers", draft_entry.pk])).content.decode()
    assert "https://example.com/flowers" in page
    assert "春的" not in page
    wrong = client.post(at, {"title": "春", "form": "live", "starts_day": "2026-03-06", "host": "店长"})
    assert "Say on which day and at what time it begins." in wrong.content.decode()


def test_a_live_room_shows_when_and_who(
    client_for: Callable[..., Client], specialist: Staff, draft_entry: Entry
) -> None:
    client = client_for(specialist, "en")
    live = {"title": "直播", "form": "live", "starts_day": "2026-03-06", "starts_time": "19:30", "host": "店长"}
    client.post(reverse("entry_write", args=["flowers", draft_entry.pk]), live | {"address": "https://example.com/l"})
    page = client.get(reverse("entry", args=["flowers", draft_entry.pk])).content.decode()
    assert ("19:30" in page, "店长" in page, "https://example.com/l" in page) == (True, True, True)
    again = client.get(reverse("entry_write", args=["flowers", draft_entry.pk])).content.decode()
    assert 'value="2026-03-06"' in again
