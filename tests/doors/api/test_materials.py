"""The library, scripts, cadences and pages for sending in, for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from qunying.plan.content.models import Cadence, Entry, Submission
from qunying.plan.materials.models import Material, Script
from tests.support.content import make_submission
from tests.support.materials import MP3, picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.http import HttpResponse
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/materials"


@pytest.fixture(autouse=True)
def _home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


def _upload(program: Program, address: str, name: str, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    headers = {"Authorization": f"Bearer {program.text}", "Accept-Language": "en"}
    return program.client.post(f"/api/v1/{address}", {"file": file}, headers=headers)


def test_words_are_put_in_described_replaced_and_put_away(program: Program, community: Community) -> None:
    made = program.post(PLACE, {"kind": "text", "name": "养护", "words": "剪根", "tags": ["玫瑰"]})
    told = made.json()
    at = f"{PLACE}/{told['id']}"
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/{at}")
    assert (told["community"], told["licence"], told["tags"], told["used"]) == ("flowers", "", ["玫瑰"], 0)
    changed = program.send("PATCH", at, {"licence": "own", "valid_until": "2026-03-31"}).json()
    assert (changed["name"], changed["licence"], changed["valid_until"]) == ("养护", "own", "2026-03-31")
    assert program.send("PATCH", at, {"valid_until": None}).json()["valid_until"] is None
    assert program.send("PATCH", at, {"valid_from": "2026-04-01", "valid_until": "2026-03-01"}).status_code == 400
    assert program.post(f"{at}/contents", {"words": "剪根，换水"}).json()["version"] == 2
    assert [one["words"] for one in program.get(f"{at}/versions")["items"]] == ["剪根", "剪根，换水"]
    assert [one["id"] for one in program.get(f"{PLACE}?q=玫瑰&kind=text")["items"]] == [told["id"]]
    assert program.get(f"{PLACE}?q=百合")["items"] == []
    assert program.post(f"{at}/archive", {}).json()["archived_at"]
    assert [program.get(f"{PLACE}{more}")["items"] != [] for more in ("", "?archived=true")] == [False, True]
    assert program.post(f"{at}/restore", {}).json()["archived_at"] is None


def test_a_file_is_told_by_what_is_in_it_and_replaced_by_its_kind_alone(program: Program, community: Community) -> None:
    made = _upload(program, "communities/flowers/material-files?shared=true", "玫瑰.exe", picture_bytes())
    told = made.json()
    assert (made.status_code, told["kind"], told["name"], told["community"]) == (201, "picture", "玫瑰", None)
    at = f"{PLACE}/{told['id']}"
    assert _upload(program, f"{at}/file", "b.jpg", picture_bytes("blue")).json()["version"] == 2
    assert _upload(program, f"{at}/file", "c.mp3", MP3).status_code == 400
    assert _upload(program, "communities/flowers/material-files", "a.png", b"MZ").status_code == 400
    kept = program.send("GET", f"{at}/versions/1/file")
    assert (kept["Content-Type"], b"".join(kept.streaming_content)[:3]) == ("image/jpeg", b"\xff\xd8\xff")  # type: ignore[attr-defined]
    assert program.send("GET", f"{at}/versions/3/file").status_code == 404
    assert Material.objects.count() == 1


def test_folders_lie_in_one_another_and_go_when_empty(program: Program, community: Community) -> None:
    place = "communities/flowers/material-folders"
    outer = program.post(place, {"name": "玫瑰"}).json()
    inner = program.post(place, {"name": "养护", "parent": outer["id"]}).json()
    assert [(one["id"], one["parent"]) for one in program.get(place)] == [
        (outer["id"], None),
        (inner["id"], outer["id"]),
    ]
    program.post(PLACE, {"kind": "link", "name": "店", "address": "https://example.com", "folder": inner["id"]})
    assert len(program.get(f"{PLACE}?folder={inner['id']}")["items"]) == 1
    assert program.send("PATCH", f"{place}/{inner['id']}", {"name": "日常"}).json()["name"] == "日常"
    assert program.send("DELETE", f"{place}/{inner['id']}").status_code == 400
    assert program.post(place, {"name": "玫瑰"}).status_code == 400


def test_scripts_are_written_brought_in_changed_used_and_put_away(program: Program, community: Community) -> None:
    place = "communities/flowers/scripts"
    said = {"situation": "问价", "title": "玫瑰", "words": "{name}你好，十九块九。"}
    made = program.post(place, said).json()
    assert (made["places"], program.post(place, said).status_code) == (["name"], 400)
    many = [said | {"words": "二十块"}, said | {"title": "百合"}, {"situation": "", "title": "", "words": ""}]
    brought = program.post(f"{place}/many", {"scripts": many}).json()
    assert (brought["added"], brought["changed"], [one["row"] for one in brought["refused"]]) == (1, 1, [3])
    at = f"{place}/{made['id']}"
    assert program.send("PATCH", at, {"title": "红玫瑰"}).json()["words"] == "二十块"
    assert [one["title"] for one in program.get(f"{place}?q=红玫瑰&situation=问价")["items"]] == ["红玫瑰"]
    assert program.post(f"{at}/used", {}).status_code == 204
    assert program.get(at)["uses"] == 1
    assert program.send("DELETE", at).status_code == 204
    assert (program.send("GET", at).status_code, Script.objects.count()) == (404, 2)


def test_a_rule_puts_its_topics_on_the_plan_and_ends(program: Program, community: Community) -> None:
    place = "communities/flowers/cadences"
    start = timezone.localdate() + timedelta(days=1)
    given = {"key": "tip", "title": "小窍门", "every": "7d", "start": start.isoformat(), "time": "19:30"}
    made = program.post(place, given)
    at = f"{place}/{made.json()['id']}"
    assert (made.status_code, made.json()["time"], Entry.objects.count()) == (201, "19:30", 5)
    assert program.post(place, given).status_code == 400
    assert program.post(place, given | {"key": "b", "every": "often"}).status_code == 422
    Entry.objects.filter(slot_day=start).update(note="已经写了一半")
    assert program.post(f"{at}/end", {}).json() == {"entries": 1}
    assert (Cadence.objects.get().ended_at is None, program.get(at)["ended_at"] is None) == (False, False)
    assert [one["key"] for one in program.get(place)["items"]] == ["tip"]


def test_what_was_sent_in_is_taken_or_declined_with_a_sentence(
    program: Program, community: Community, make_program: Callable[..., Program], lead: Staff, units: Units
) -> None:
    place = "communities/flowers/calls"
    call = program.post(place, {"title": "晒晒你的玫瑰"}).json()
    assert program.post(f"{place}/{call['id']}/close", {}).json()["closed_at"]
    assert [one["sent"] for one in program.get(place)["items"]] == [0]
    one, other = make_submission(community), make_submission(community)
    at = f"communities/flowers/submissions/{one.pk}"
    entry = program.post(f"{at}/accept", {"title": "小美家的玫瑰"})
    assert (entry.status_code, entry.json()["state"], entry.json()["source"]) == (201, "draft", "member")
    assert program.get(at)["entry"] == entry.json()["id"]
    assert program.post(f"{at}/decline", {"reason": "不了"}).status_code == 400
    at = f"communities/flowers/submissions/{other.pk}"
    assert program.post(f"{at}/decline", {"reason": "照片有点暗"}).json()["answer"] == "照片有点暗"
    assert Submission.objects.get(pk=other.pk).state == "declined"
    assert program.post(f"{at}/contact", {}).status_code == 200
    writer = make_program(lead, units.shop, ["plan.see", "content.write"])
    assert writer.post(f"{at}/contact", {}).status_code == 403
    assert program.send("GET", f"{at}/pictures/9").status_code == 404


def test_without_the_scope_or_in_another_unit_the_library_stays_as_it_is(
    make_program: Callable[..., Program], stranger: Program, community: Community, lead: Staff, units: Units
) -> None:
    reader = make_program(lead, units.shop, ["plan.see"])
    for place in ("materials", "scripts", "cadences", "calls", "material-folders"):
        answers = [who.send("GET", f"communities/flowers/{place}").status_code for who in (reader, stranger)]
        assert answers == ([403, 404] if place == "calls" else [200, 404])
    given = {"kind": "text", "name": "养护", "words": "剪根"}
    assert [who.post(PLACE, given).status_code for who in (reader, stranger)] == [403, 404]
    assert Material.objects.count() == 0
