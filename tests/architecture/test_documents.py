"""What a person may set, call, count or record is written down in docs."""

from __future__ import annotations

import re

from qunying.doors.cli.main import make_app
from qunying.ground.audit.verbs import audited_verbs
from qunying.ground.events.kinds import all_kinds
from qunying.ground.figures.catalogue import all_metrics
from tests.support.home import ROOT
from tools.docs import commands, pages

DOCS = ROOT / "docs"
SETTING = re.compile(r"""environ(?:\.get\(|\[)\s*["'](QUNYING_[A-Z_]+)""")


def _undocumented(names: list[str], page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [name for name in names if f"`{name}`" not in text]


def test_every_setting_is_documented() -> None:
    read = {name for path in (ROOT / "qunying").rglob("*.py") for name in SETTING.findall(path.read_text("utf-8"))}
    assert "QUNYING_HOME" in read
    assert _undocumented(sorted(read), "settings.md") == []


def test_every_event_kind_is_documented() -> None:
    names = [kind.name for kind in all_kinds()]
    assert "spoke" in names
    assert _undocumented(names, "events.md") == []


def test_every_metric_is_documented() -> None:
    names = [metric.name for metric in all_metrics()]
    assert "retention" in names
    assert _undocumented(names, "definitions.md") == []


def test_every_command_is_documented() -> None:
    names = [command.name for command in commands(make_app())]
    assert "qunying import" in names
    assert _undocumented(names, "commands.md") == []


def test_every_audited_verb_is_documented() -> None:
    assert _undocumented(list(audited_verbs()), "audit.md") == []


def test_the_generated_pages_are_up_to_date() -> None:
    assert [name for name, text in pages().items() if (DOCS / name).read_text(encoding="utf-8") != text] == []
