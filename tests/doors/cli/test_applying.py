"""Playbooks at the command line: told first, asked about at a terminal, left as a draft, taken back."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from qunying.doors.cli.main import main
from qunying.plan.goals.queries import goals_of
from qunying.plan.goals.services import revise_goal
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.services import apply_playbook
from qunying.plan.playbooks.services_shelf import put_playbook
from tests.plan.playbooks.conftest import TEXT
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
APPLY = ["playbook", "apply", "small", "--community", "flowers", "--start", "2026-03-02"]
UNDO = ["playbook", "undo", "small", "--community", "flowers"]


class Terminal(io.StringIO):
    """Somebody at a keyboard who has typed this."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.fixture(autouse=True)
def _small(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")
    put_playbook(TEXT, unit=community.unit, by=TESTS)


def _type(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(text))


def test_a_draft_makes_nothing_and_waits_to_be_applied(
    community: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*APPLY, "--draft", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], [line["key"] for line in told["lines"]]) == ("draft", ["members", "active"])
    assert not goals_of(community).exists()
    apply_playbook(Application.objects.get(pk=told["application"]), by=TESTS)
    assert goals_of(community).count() == 2


def test_at_a_terminal_every_line_is_shown_and_no_makes_nothing(
    community: Community, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _type("n\n", monkeypatch)
    assert main(APPLY) == 1
    told = capsys.readouterr().err
    assert ("goals/members  500 members in a year" in told, told.endswith("Nothing was changed.\n")) == (True, True)
    assert not Application.objects.filter(community=community).exists()
    _type("y\n", monkeypatch)
    assert main(APPLY) == 0
    assert Application.objects.get(community=community).state == "applied"


def test_what_was_made_is_taken_back_and_what_people_changed_stays_and_is_named(
    community: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(UNDO) == 1
    assert capsys.readouterr().err == "No playbook “small” stands in Flowers.\n".replace("Flowers", community.name)
    assert main(APPLY) == 0
    revise_goal(goals_of(community).get(key="members"), reason="Seen again", by=TESTS)
    capsys.readouterr()
    assert main([*UNDO, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert ([row["key"] for row in told["removed"]], [row["key"] for row in told["kept"]]) == (["active"], ["members"])
    assert list(goals_of(community).values_list("key", flat=True)) == ["members"]


def test_undoing_asks_at_a_terminal_unless_told_yes(
    community: Community, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(APPLY) == 0
    _type("n\n", monkeypatch)
    assert main(UNDO) == 1
    assert goals_of(community).count() == 2
    assert main([*UNDO, "--yes"]) == 0
    assert "goals/members" in capsys.readouterr().out
    assert not goals_of(community).exists()
