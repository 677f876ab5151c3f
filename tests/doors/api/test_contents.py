"""Content for programs: themes, entries and their versions; reviews stay with people."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from qunying.ground.audit.models import Act
from qunying.plan.content.models import Entry, Review, Theme, Version
from qunying.plan.content.rules import why_not_review
from qunying.plan.content.services_reviews import pass_review, send_back
from tests.support.cast import TESTS
from tests.support.content import make_entry
from tests.support.words import make_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
THEMES, ENTRIES = "communities/flowers/themes", "communities/flowers/entries"
WORDS = {"title": "三月花期", "words": "剪根，换水。", "links": ["https://example.com/roses"]}
ALL = ["words", "facts", "look"]


def test_a_theme_is_made_changed_and_put_away(program: Program, community: Community) -> None:
    answer = program.post(THEMES, {"name": "品牌故事", "share": 15})
    theme = Theme.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/{THEMES}/{theme.pk}")
    changed = program.send("PATCH", f"{THEMES}/{theme.pk}", {"name_en": "Brand story", "share": None}).json()
    assert changed == {
        "id": theme.pk,
        "name": "品牌故事",
        "name_en": "Brand story",
        "share": None,
        "archived_at": None,
    }
    assert program.send("PATCH", f"{THEMES}/{theme.pk}", {"share": 20}).json()["share"] == 20
    assert program.post(THEMES, {"name": "产品", "share": 90}).status_code == 400
    assert program.post(f"{THEMES}/{theme.pk}/archive", {}).json()["archived_at"] is not None
    assert [one["archived_at"] is None for one in program.get(THEMES)["items"]] == [False]
    assert program.send("PATCH", f"{THEMES}/{theme.pk + 1}", {"share": 1}).status_code == 404


def test_the_matrix_tells_a_month_by_theme(program: Program, community: Community) -> None:
    theme = program.post(THEMES, {"name": "产品", "share": 50}).json()["id"]
    for number, chosen in enumerate((theme, theme, None)):
        body = {"title": f"题{number}", "theme": chosen, "slot_day": f"2026-03-0{number + 1}"}
        assert program.post(ENTRIES, body).status_code == 201
    told = program.get("communities/flowers/content-matrix?month=2026-03")
    assert (told["first"], told["last"], told["total"]) == ("2026-03-01", "2026-03-31", 3)
    assert [(one["theme"], one["count"], one["wanted"]) for one in told["themes"]] == [(theme, 2, 50), (None, 1, None)]
    assert program.get("communities/flowers/content-matrix")["total"] == 0
    assert program.send("GET", "communities/flowers/content-matrix?month=2026-13").status_code == 422


def test_an_entry_is_proposed_planned_and_found_again(
    program: Program, community: Community, group: Group, specialist: Staff
) -> None:
    given = {"title": "三月花期", "owner": specialist.username, "slot_day": "2026-03-05", "slot_time": "19:30"}
    answer = program.post(ENTRIES, given | {"groups": [group.pk], "note": "配图"})
    entry = Entry.objects.get()
    told = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/{ENTRIES}/{entry.pk}")
    assert {name: told[name] for name in given} == given
    assert (told["state"], told["groups"], told["version"]) == ("topic", [group.pk], 0)
    changed = program.send("PATCH", f"{ENTRIES}/{entry.pk}", {"slot_time": None, "owner": None, "groups": []}).json()
    assert (changed["slot_day"], changed["slot_time"], changed["owner"]) == ("2026-03-05", None, None)
    assert (changed["groups"], changed["note"]) == ([], "配图")
    found = [program.get(f"{ENTRIES}?{query}")["items"] for query in ("first=2026-03-05", "last=2026-03-04")]
    assert [len(items) for items in found] == [1, 0]
    assert [len(program.get(f"{ENTRIES}?state={state}")["items"]) for state in ("topic", "approved")] == [1, 0]
    assert program.get(f"{ENTRIES}/{entry.pk}?fields=id,title") == {"id": entry.pk, "title": "三月花期"}


def test_what_a_key_writes_its_owner_has_written(
    program: Program, community: Community, director: Staff, lead: Staff
) -> None:
    entry = make_entry(community)
    at = f"{ENTRIES}/{entry.pk}/versions"
    answer = program.post(at, WORDS)
    assert (answer.status_code, answer["Location"], answer.json()["author"]) == (
        201,
        f"/api/v1/{at}/2",
        director.username,
    )
    assert program.post(at, WORDS).json()["number"] == 2
    assert program.post(f"{ENTRIES}/{entry.pk}/hand-in", {}).json()["state"] == "first"
    entry.refresh_from_db()
    assert why_not_review(director, entry, Review.Step.FIRST) != ""
    send_back(entry, by=lead, note="再短一点")
    [review] = program.get(f"{ENTRIES}/{entry.pk}/reviews")["items"]
    assert {name: review[name] for name in ("version", "step", "verdict", "note", "by")} == {
        "version": 2,
        "step": "first",
        "verdict": "back",
        "note": "再短一点",
        "by": lead.username,
    }
    assert Act.objects.filter(verb="content.write").latest("pk").actor.startswith("key:")


def test_an_approval_is_told_with_its_version_and_gone_with_the_next(
    program: Program, community: Community, lead: Staff, reviewer: Staff
) -> None:
    entry = make_entry(community)
    at = f"{ENTRIES}/{entry.pk}"
    program.post(f"{at}/versions", WORDS)
    program.post(f"{at}/hand-in", {})
    for person in (reviewer, lead):
        entry.refresh_from_db()
        pass_review(entry, by=person, digest=Version.objects.latest("pk").digest, proofreads=ALL)
    assert [one["approved"] for one in program.get(f"{at}/versions")["items"]] == [False, True]
    program.post(f"{at}/versions", WORDS | {"words": "换水，剪根。"})
    assert [one["approved"] for one in program.get(f"{at}/versions")["items"]] == [False, False, False]
    assert program.get(at)["state"] == "draft"


def test_what_the_checks_found_is_told_where_handing_in_is_refused(
    program: Program, community: Community, units: Units
) -> None:
    make_words(units.shop, "最佳", severity="stop")
    entry = make_entry(community)
    program.post(f"{ENTRIES}/{entry.pk}/versions", WORDS | {"words": "全国最佳花店"})
    assert program.post(f"{ENTRIES}/{entry.pk}/hand-in", {}).status_code == 400
    told = program.get(f"{ENTRIES}/{entry.pk}/versions/2")
    [found] = [one for one in told["findings"] if one["severity"] == "stop"]
    assert (found["start"], found["end"], found["excerpt"]) == (2, 4, "最佳")


def test_a_picture_is_taken_in_shown_and_stays_until_it_is_taken_away(
    program: Program, stranger: Program, community: Community
) -> None:
    raw = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(raw, "PNG")
    headers = {"Authorization": f"Bearer {program.text}"}
    sent = {"picture": SimpleUploadedFile("玫瑰.png", raw.getvalue())}
    answer = program.client.post("/api/v1/communities/flowers/content-pictures", sent, headers=headers)
    file = answer.json()["file"]
    at = f"{ENTRIES}/{make_entry(community).pk}"
    shown = WORDS | {"pictures": [{"file": file, "licence": "自己拍的"}]}
    assert answer.status_code == 201
    assert [one["file"] for one in program.post(f"{at}/versions", shown).json()["pictures"]] == [file]
    kept = program.post(f"{at}/versions", WORDS | {"title": "改了"}).json()["pictures"]
    assert [(one["file"], one["licence"]) for one in kept] == [(file, "自己拍的")]
    assert program.send("GET", f"{at}/pictures/{file}")["Content-Type"] == "image/jpeg"
    assert program.post(f"{at}/versions", WORDS | {"pictures": []}).json()["pictures"] == []
    assert program.post(f"{at}/versions", WORDS | {"pictures": [{"file": file + 1}]}).status_code == 404
    assert stranger.send("GET", f"{at}/pictures/{file}").status_code == 404


def test_an_entry_is_dropped_with_a_word_and_taken_up_again(
    program: Program, community: Community, director: Staff
) -> None:
    at = f"{ENTRIES}/{make_entry(community).pk}"
    assert program.post(f"{at}/drop", {"note": "过季了"}).json()["state"] == "dropped"
    assert program.post(f"{at}/take-up", {}).json()["state"] == "draft"
    assert program.post(f"{at}/comments", {"words": "第二段短一点"}).status_code == 201
    told = [(one["words"], one["by"], one["version"]) for one in program.get(f"{at}/comments")["items"]]
    assert told == [("过季了", director.username, 1), ("第二段短一点", director.username, 1)]


def test_a_key_without_the_permission_only_reads_and_one_from_outside_finds_nothing(
    make_program: Callable[..., Program], stranger: Program, community: Community, lead: Staff, units: Units
) -> None:
    reader = make_program(lead, units.shop, ["plan.see"])
    entry = make_entry(community)
    at = f"{ENTRIES}/{entry.pk}"
    acts = [
        (THEMES, {"name": "x"}),
        (ENTRIES, {"title": "x"}),
        (f"{at}/versions", WORDS),
        *((f"{at}/{name}", {}) for name in ("hand-in", "drop", "take-up")),
        (f"{at}/comments", {"words": "x"}),
    ]
    assert [reader.post(*one).status_code for one in acts] == [403] * 7
    assert [stranger.post(*one).status_code for one in acts] == [404] * 7
    reads = (THEMES, ENTRIES, at, f"{at}/versions", f"{at}/versions/1", f"{at}/reviews", f"{at}/comments")
    assert [reader.send("GET", one).status_code for one in reads] == [200] * 7
    assert [stranger.send("GET", one).status_code for one in reads] == [404] * 7
    blind = make_program(lead, units.shop, ["figures.see"])
    assert blind.send("GET", ENTRIES).status_code == 404
    assert TESTS.actor_key == entry.created_by
