"""Pages of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.plan.materials.models import Folder, Material
from tests.support.materials import MP3, make_link, make_picture, picture_bytes, sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
LIST_QUERIES = 10
AT = "/communities/flowers/materials/"


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
    for number in range(rows):
        make_link(community, f"花单{number}", shared=number == 1)
    client = client_for(specialist)
    client.get(AT)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(AT).content.decode().count('name="ids"') == rows


def test_many_files_come_in_and_each_that_cannot_is_told(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    files = [sent("花.jpg", picture_bytes()), sent("坏.exe", b"MZ"), sent("歌.mp3", MP3)]
    answer = client.post(f"{AT}upload/", {"files": files, "licence": "own", "source": "店里"})
    page = answer.content.decode()
    assert (answer.status_code, "坏.exe" in page, "2 files are in the library." in page) == (400, True, True)
    told = sorted(Material.objects.values_list("name", "kind", "licence", "community__slug"))
    assert told == [("歌", "audio", "own", "flowers"), ("花", "picture", "own", "flowers")]
    assert client.post(f"{AT}upload/", {"files": [sent("花.jpg", picture_bytes())], "shared": "1"}).status_code == 302
    assert Material.objects.filter(community=None).count() == 1


def test_filters_narrow_the_list(client_for: Callable[..., Client], specialist: Staff, community: Community) -> None:
    make_link(community)
    make_picture(community, licence="")
    client = client_for(specialist, "en")
    told = {}
    for query in ("", "kind=link", "q=郁", "state=unsaid", "state=good", "state=away", "state=over", "tag=x"):
        page = client.get(f"{AT}?{query}").content.decode()
        told[query] = page.count('name="ids"')
    assert told == {
        "": 2,
        "kind=link": 1,
        "q=郁": 1,
        "state=unsaid": 1,
        "state=good": 1,
        "state=away": 0,
        "state=over": 0,
        "tag=x": 0,
    }


def test_folders_are_made_named_filled_and_removed(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client, link = client_for(specialist, "en"), make_link(community)
    client.post(f"{AT}folders/", {"act": "make", "name": "春天"})
    folder = Folder.objects.get()
    client.post(f"{AT}bulk/", {"act": "move", "to": folder.pk, "ids": [link.pk]})
    refused = client.post(f"{AT}folders/", {"act": "drop", "folder": folder.pk}, follow=True).content.decode()
    assert "is not empty" in refused
    client.post(f"{AT}folders/", {"act": "rename", "folder": folder.pk, "name": "夏天"})
    assert client.get(f"{AT}?folder={folder.pk}").content.decode().count('name="ids"') == 1
    client.post(f"{AT}bulk/", {"act": "move", "to": "", "ids": [link.pk]})
    client.post(f"{AT}folders/", {"act": "drop", "folder": folder.pk})
    assert Folder.objects.count() == 0


def test_one_is_changed_replaced_put_away_and_taken_out(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client, picture = client_for(specialist, "en"), make_picture(community)
    at = f"{AT}{picture.pk}/"
    given = {"name": "新名", "licence": "bought", "tags": "春，花", "valid_until": "2030-01-01"}
    assert client.post(at, given).status_code == 302
    bad = client.post(at, given | {"valid_from": "2031-01-01"})
    assert (bad.status_code, "It would end before it begins" in bad.content.decode()) == (400, True)
    wrong = client.post(f"{at}replace/", {"file": sent("x.mp3", MP3)}, follow=True).content.decode()
    assert "A new version has to be one, too." in wrong
    client.post(f"{at}replace/", {"file": sent("x.jpg", picture_bytes("blue"))})
    client.post(f"{at}put/", {"act": "archive"})
    picture.refresh_from_db()
    assert (picture.name, picture.version, picture.archived_at is None) == ("新名", 2, False)
    client.post(f"{at}put/", {"act": "restore"})
    shown = client.get(reverse("material_file", args=["flowers", picture.pk, 2]))
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]
    assert (shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert client.get(at).content.decode().count("Version ") == 2


def test_what_was_put_away_comes_back_by_the_toast(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client, link = client_for(specialist, "en"), make_link(community)
    page = client.post(f"{AT}bulk/", {"act": "archive", "ids": [link.pk]}, follow=True).content.decode()
    assert "1 material was put away." in page
    client.post(f"{AT}undo/")
    link.refresh_from_db()
    assert link.archived_at is None


def test_typed_things_come_in_by_the_form(
    client_for: Callable[..., Client], specialist: Staff, community: Community
) -> None:
    client = client_for(specialist, "en")
    bad = client.post(f"{AT}new/", {"kind": "link", "name": "x", "address": "ftp://x"})
    assert (bad.status_code, "begins with https://" in bad.content.decode()) == (400, True)
    assert client.post(f"{AT}new/", {"kind": "text", "name": "x", "words": "一段"}).status_code == 302
    assert Material.objects.get().words == "一段"


def test_the_library_is_taken_away_as_a_file(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    make_link(community)
    answer = client_for(lead, "en").get(f"{AT}export/?format=csv")
    assert b"https://example.com/flowers" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
