"""Pages of content: the list, one entry, its versions, writing and planning, and what many are done at once."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from qunying.plan.content.models import Entry, Picture
from qunying.plan.content.queries import newest_version
from qunying.plan.content.services import Draft, Planned, propose_entry, write_version
from qunying.plan.content.services_reviews import PROOFREADS
from qunying.plan.content.services_themes import set_theme
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db
LIST_QUERIES = 10


def client_of(staff: Staff) -> Client:
    client = Client()
    staff.language = "en"
    staff.save(update_fields=["language"])
    client.force_login(staff)
    return client


def address(name: str, entry: Entry, *more: int) -> str:
    return reverse(name, args=(entry.community.slug, entry.pk, *more))


def act(client: Client, entry: Entry, **given: object) -> str:
    response: HttpResponse = client.post(address("entry_act", entry), given, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def png() -> SimpleUploadedFile:
    with io.BytesIO() as out:
        Image.new("RGB", (8, 6), "red").save(out, "JPEG")
        return SimpleUploadedFile("tulip.jpg", out.getvalue(), "image/jpeg")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_whatever_its_length(
    community: Community, specialist: Staff, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    theme = set_theme("产品", community=community, by=TESTS)
    for number in range(count):
        planned = Planned(theme=theme, owner=specialist, slot_day=date(2026, 3, 6))
        propose_entry(f"题目{number}", community=community, planned=planned, by=TESTS)
    client = client_of(specialist)
    client.get(reverse("content", args=["flowers"]))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("content", args=["flowers"])).content.decode()
    assert page.count('name="ids"') == count


def test_the_list_is_narrowed_by_its_address(community: Community, draft_entry: Entry, specialist: Staff) -> None:
    propose_entry("夏天", community=community, by=TESTS)
    client = client_of(specialist)
    at, titles = reverse("content", args=["flowers"]), ("春天的第一束花", "夏天")
    told = {}
    for query in ("", "state=draft", "q=夏", "owner=me", "form=video"):
        page = client.get(f"{at}?{query}").content.decode()
        told[query] = [title for title in titles if title in page]
    assert told == {"": [*titles], "state=draft": [titles[0]], "q=夏": [titles[1]], "owner=me": [], "form=video": []}


def test_an_empty_plan_offers_the_first_step_to_those_who_write(
    community: Community, specialist: Staff, reviewer: Staff
) -> None:
    at = reverse("content", args=["flowers"])
    assert reverse("entry_new", args=["flowers"]) in client_of(specialist).get(at).content.decode()
    assert reverse("entry_new", args=["flowers"]) not in client_of(reviewer).get(at).content.decode()


def test_a_topic_is_planned_written_handed_in_and_approved_through_the_pages(
    community: Community, group: Group, specialist: Staff, reviewer: Staff, second: Staff, lead: Staff
) -> None:
    writer = client_of(specialist)
    given = {"title": "新品到店", "form": "text", "slot_day": "2026-03-06", "slot_time": "19:30"}
    given |= {"groups": str(group.pk), "source": "own", "owner": str(specialist.pk)}
    writer.post(reverse("entry_new", args=["flowers"]), given)
    entry = Entry.objects.get()
    assert (entry.due, list(entry.groups.all()), entry.owner) == (date(2026, 3, 5), [group], specialist)
    words = {"title": "新品到店", "form": "image", "words": "郁金香来了", "new_licence": "店里自己拍的"}
    words |= {"quotes": "花未眠 | 川端康成，短引", "links": "https://flowers.example/a"}
    writer.post(address("entry_write", entry), words | {"new_pictures": png()})
    picture = Picture.objects.get()
    assert picture.licence == "店里自己拍的"
    shown = writer.get(address("entry_picture", entry, picture.pk))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "waits for its first review" in act(writer, entry, act="hand_in")
    digest = newest_version(Entry.objects.get()).digest  # type: ignore[union-attr]
    ticks = list(PROOFREADS)
    assert "Tick all three" in act(client_of(reviewer), entry, act="pass", digest=digest, proofread=ticks[:2])
    assert "It passed this review" in act(client_of(reviewer), entry, act="pass", digest=digest, proofread=ticks)
    assert "Version 1 may go out as it is" in act(client_of(second), entry, act="pass", digest=digest, proofread=ticks)
    kept = {f"licence-{picture.pk}": "店里自己拍的", f"caption-{picture.pk}": "郁金香"}
    page = writer.post(address("entry_write", entry), words | kept, follow=True).content.decode()
    assert "may go out as it is" not in page
    assert Entry.objects.get().state == Entry.State.DRAFT


def test_a_picture_that_is_none_is_refused_and_nothing_is_saved(draft_entry: Entry, specialist: Staff) -> None:
    words = {
        "title": "题目",
        "form": "text",
        "words": "改",
        "new_pictures": SimpleUploadedFile("a.png", b"MZ no picture"),
    }
    page = client_of(specialist).post(address("entry_write", draft_entry), words).content.decode()
    assert "is no PNG, JPEG or WebP picture" in page
    assert Entry.objects.get().version == 1


def test_who_may_not_write_is_told_so_and_may_still_comment(draft_entry: Entry, reviewer: Staff) -> None:
    client = client_of(reviewer)
    assert client.get(address("entry_write", draft_entry)).status_code == 403
    assert client.post(address("entry_act", draft_entry), {"act": "drop"}).status_code == 403
    assert "标题再短一点" in act(client, draft_entry, act="comment", note="标题再短一点")


def test_what_checks_found_is_marked_in_its_place(draft_entry: Entry, specialist: Staff) -> None:
    write_version(draft_entry, draft=Draft("新品", words="去 https://item.jd.com/1.html 看看"), by=specialist)
    page = act(client_of(specialist), draft_entry, act="hand_in")
    assert '<mark class="found-stop"' in page
    assert "A buying link needs the mark" in page


def test_a_version_shows_what_it_changed(draft_entry: Entry, specialist: Staff) -> None:
    write_version(draft_entry, draft=Draft("春天的第一束花", words="郁金香到店了，一共六种颜色。"), by=specialist)
    page = client_of(specialist).get(address("entry_version", draft_entry, 2)).content.decode()
    assert "一共<del>五</del><ins>六</ins>种颜色" in page
    assert client_of(specialist).get(address("entry_version", draft_entry, 3)).status_code == 404


def test_many_are_dropped_at_once_and_taken_up_again(community: Community, specialist: Staff) -> None:
    entries = [propose_entry(f"题目{number}", community=community, by=TESTS) for number in range(3)]
    client = client_of(specialist)
    at = reverse("content_bulk", args=["flowers"])
    assert "No entry is chosen" in client.post(at, {}, follow=True).content.decode()
    page = client.post(at, {"ids": [entry.pk for entry in entries[:2]]}, follow=True).content.decode()
    assert "2 entries were dropped." in page
    assert Entry.objects.filter(state="dropped").count() == 2
    client.post(reverse("content_undo", args=["flowers"]))
    assert not Entry.objects.filter(state="dropped").exists()


def test_the_list_is_taken_away_by_those_who_may(draft_entry: Entry, lead: Staff, specialist: Staff) -> None:
    at = reverse("content_export", args=["flowers"])
    file = b"".join(client_of(lead).get(f"{at}?format=csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert file.splitlines()[1].startswith("春天的第一束花,Draft")
    assert client_of(specialist).get(at).status_code == 403
