from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.act.suggestions.models import Night, Suggestion
from qunying.doors.cli.main import main

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")


def suggest(community: Community, detector: str, **changed: object) -> Suggestion:
    today = date.today()  # noqa: DTZ011 - only shown
    fields = {
        "key": detector,
        "detector": detector,
        "effect": -0.4,
        "q": 0.001,
        "params": {"now": 300, "usual": 500, "weeks": 8, "group": "花友一群", "waits": 12},
        "evidence": {"kind": "weeks", "rows": []},
        "seen_first": today - timedelta(days=3),
        "seen_last": today,
    }
    return Suggestion.objects.create(community=community, **(fields | changed))


def looked(community: Community) -> None:
    """Somebody has looked tonight, so the command does not look again."""
    day = timezone.localdate()
    for each in (day - timedelta(days=1), day, day + timedelta(days=1)):
        Night.objects.create(community=community, day=each, until=day, questions=41)


def test_the_json_is_one_object_with_the_open_suggestions_in_order(
    community: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    looked(community)
    lesser = suggest(community, "answers", effect=0.1, q=0.009, params={"now": 30, "usual": 20, "waits": 12})
    first = suggest(community, "speakers", q=1e-6)
    least = suggest(community, "answers", key="answers:2", effect=0.05, q=0.009, params=lesser.params)
    suggest(community, "silence", state="dismissed", reason="放假", decided_at=timezone.now())
    assert main(["suggestions", "--community", "flowers", "--json"]) == 0
    payload = json.loads(capsys.readouterr().out)
    assert (payload["community"], payload["questions"]) == ("flowers", 41)
    assert [(row["id"], row["detector"], row["state"]) for row in payload["suggestions"]] == [
        (first.pk, "speakers", "open"),
        (lesser.pk, "answers", "open"),
        (least.pk, "answers", "open"),
    ]
    row = payload["suggestions"][1]
    assert row["sentence"].startswith("When a member spoke, it took 30 minutes")
    assert (row["q"], row["work"], row["result"], len(row["helps"])) == (0.009, None, None, 3)


def test_all_of_them_with_the_reason_are_given_on_request(
    community: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    looked(community)
    suggest(community, "silence", state="dismissed", reason="放假", decided_at=timezone.now())
    assert main(["suggestions", "--community", "flowers", "--all", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["suggestions"]
    assert [(row["state"], row["reason"]) for row in rows] == [("dismissed", "放假")]


def test_people_read_lines(community: Community, capsys: pytest.CaptureFixture[str]) -> None:
    looked(community)
    row = suggest(community, "answers", params={"now": 30, "usual": 20, "waits": 12})
    assert main(["suggestions", "--community", "flowers"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "41 questions put to the figures" in lines[0]
    assert lines[1] == f"{row.pk}. Members wait longer for an answer"
    assert [line[:5] for line in lines[3:]] == ["   - "] * 3


def test_a_community_nobody_looked_at_is_looked_at_first(
    community: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["suggestions", "--community", "flowers"]) == 0
    assert capsys.readouterr().out.startswith("There is no history yet")
    assert Night.objects.filter(community=community).count() == 1


def test_an_empty_list_says_why(community: Community, capsys: pytest.CaptureFixture[str]) -> None:
    looked(community)
    assert main(["suggestions", "--community", "flowers", "--json"]) == 0
    quiet = json.loads(capsys.readouterr().out)["quiet"]
    assert (quiet["reason"], quiet["words"][:24]) == ("nothing_found", "41 questions were put to")
    Night.objects.update(until="2026-01-31")
    assert main(["suggestions", "--community", "flowers"]) == 0
    assert capsys.readouterr().out.startswith("The record ends on 31 Jan 2026, ")


def test_an_unknown_community_is_refused_in_a_sentence(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggestions", "--community", "nobody", "--json"]) == 1
    told = capsys.readouterr()
    assert (told.out, "nobody" in told.err) == ("", True)
