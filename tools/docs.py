"""Writes the lists in docs that are read from the code: `python -m tools.docs [--check]`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.messages import compile_all, start_django

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typer
    from django.utils.functional import _StrPromise

    from qunying.ground.figures.catalogue import Metric

DOCS = Path(__file__).resolve().parents[1] / "docs"
_MADE = "<!-- Written by `make docs` from the code; change it there. -->"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the command line: its full name, what it does, its arguments and options."""

    name: str
    help: str
    parameters: list[tuple[str, str]]


def pages() -> dict[str, str]:
    """File name in docs → what it has to hold."""
    from qunying.doors.cli.main import make_app  # noqa: PLC0415 - Django has to be started first

    return {
        "audit.md": _audit(),
        "commands.md": _commands(make_app()),
        "definitions.md": _definitions(),
        "events.md": _events(),
        "playbook.schema.json": _playbook_schema(),
    }


def _page(title: str, introduction: str, parts: list[str]) -> str:
    return "\n".join([f"# {title}", "", _MADE, "", introduction, "", *parts]).rstrip() + "\n"


def _both(text: _StrPromise | str) -> tuple[str, str]:
    """The text in English and in Chinese."""
    from django.utils import translation  # noqa: PLC0415 - Django has to be started first

    with translation.override("en"):
        english = str(text)
    with translation.override("zh-hans"):
        return english, str(text)


def _playbook_schema() -> str:
    from qunying.plan.playbooks.schema import playbook_schema  # noqa: PLC0415 - Django has to be started first

    return json.dumps(playbook_schema(), ensure_ascii=False, indent=2) + "\n"


def _events() -> str:
    from qunying.ground.events.kinds import all_kinds  # noqa: PLC0415 - Django has to be started first

    rows = ["| kind | meaning | 含义 | makes active | payload | amount |", "|---|---|---|---|---|---|"]
    for kind in all_kinds():
        english, chinese = _both(kind.meaning)
        payload = ", ".join(f"`{name}` ({wanted.__name__})" for name, wanted in kind.payload.items())
        cells = (f"`{kind.name}`", english, chinese, kind.grade or "no", payload, "yes" if kind.money else "")
        rows.append(f"| {' | '.join(cells)} |")
    text = (
        "Every fact in the event log is of one of these kinds. “Makes active” tells in which grade a person counts as "
        "active by it; speaking includes interactive, and interactive includes seen."
    )
    return _page("Kinds of events 事件种类", text, rows)


def _audit() -> str:
    from django.conf import settings  # noqa: PLC0415 - Django has to be started first

    from qunying.ground.audit.verbs import audited_verbs  # noqa: PLC0415 - Django has to be started first

    import_module(settings.ROOT_URLCONF)  # some verbs are declared in modules that only the console asks for
    rows = ["| verb | meaning | 含义 |", "|---|---|---|"]
    for name, meaning in audited_verbs().items():
        english, chinese = _both(meaning)
        rows.append(f"| `{name}` | {english} | {chinese} |")
    return _page("Audited acts 审计动作", "Every act that is written down, one row each, sealed into a chain.", rows)


def _definitions() -> str:
    from qunying.ground.figures.catalogue import all_metrics  # noqa: PLC0415 - Django has to be started first

    text = (
        "Every figure of Qunying and how it is counted. Staff and bots are left out everywhere; days are local to the "
        "community; every share comes with numerator and denominator, one of people with its 95 % Wilson interval."
    )
    return _page("Definitions 指标定义", text, [line for metric in all_metrics() for line in _definition(metric)])


def _definition(metric: Metric) -> Iterator[str]:
    title, chinese_title = _both(metric.title)
    yield f"## `{metric.name}` {title} {chinese_title}"
    yield ""
    lines: list[tuple[str, Any]] = [("", metric.definition), ("Numerator 分子: ", metric.numerator)]
    if metric.denominator is not None:
        lines.append(("Denominator 分母: ", metric.denominator))
    for label, value in lines:
        english, chinese = _both(value)
        yield f"- {label}{english} {chinese}"
    yield f"- Unit 单位: {metric.unit}"
    if metric.params:
        defaults = ", ".join(f"`{param.name}` = {_default(param.default)}" for param in metric.params)
        yield f"- Parameters 参数: {defaults}"
    if metric.columns:
        yield f"- Rows 明细列: {', '.join(f'`{column}`' for column in metric.columns)}"
    yield f"- Source 出处: {metric.source}"
    yield ""


def _default(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def commands(app: typer.Typer) -> list[Command]:
    """Every command of the command line, subcommands with their full name."""
    import typer.main  # noqa: PLC0415 - only here

    return sorted(_walk(typer.main.get_command(app), "qunying"), key=lambda command: command.name)


def _walk(command: Any, name: str) -> Iterator[Command]:
    if hasattr(command, "commands"):
        for part, below in command.commands.items():
            yield from _walk(below, f"{name} {part}")
    else:
        parameters = [_parameter(parameter) for parameter in command.params if parameter.name != "help"]
        yield Command(name, " ".join((command.help or "").split()), parameters)


def _parameter(parameter: Any) -> tuple[str, str]:
    if parameter.param_type_name == "argument":
        return parameter.name.upper(), parameter.help or ""
    return ", ".join((*parameter.opts, *parameter.secondary_opts)), parameter.help or ""


def _commands(app: typer.Typer) -> str:
    lines: list[str] = []
    for command in commands(app):
        lines += [f"## `{command.name}`", "", command.help, ""]
        lines += [f"- `{name}`{f' — {text}' if text else ''}" for name, text in command.parameters]
        lines += [""] if command.parameters else []
    text = (
        "`--json` prints one JSON object on stdout and nothing else. The exit code is 0 only on success; an error is "
        "one sentence on stderr. `QUNYING_HOME` names the installation."
    )
    return _page("Commands 命令", text, lines)


def main() -> int:
    """Write the pages; with --check, only say which are out of date."""
    compile_all()  # before Django reads them
    start_django()
    stale = []
    for name, text in pages().items():
        path = DOCS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    if "--check" in sys.argv[1:]:
        sys.stdout.write("".join(f"docs/{name} is out of date: make docs\n" for name in stale))
        return 1 if stale else 0
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
