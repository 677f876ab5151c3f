"""`playbook apply` and `undo`: what would be made is told first, and what was made can be taken back."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils.translation import gettext as _

from qunying.doors.cli.books import CLI, book_named
from qunying.doors.cli.home import require_home
from qunying.doors.cli.output import Json, emit, err
from qunying.ground.groups.queries import get_community
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.formats import day
from qunying.plan.playbooks.drafts import draft_parts, with_doubts
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.queries import applied_named
from qunying.plan.playbooks.services import apply_at_once, check_fits, draft_playbook, undo_playbook, what_stays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.drafts import Part
    from qunying.plan.playbooks.shelf import Playbook

Row = dict[str, Any]

_Community = Annotated[str, typer.Option(help="Short name of the community.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask; a script is never asked.")]


def apply(  # noqa: PLR0913 - what the command line offers
    name: Annotated[str, typer.Argument(help="Name of a playbook, or a file that ends in .yaml.")],
    *,
    community: _Community,
    start: Annotated[str, typer.Option(help="First day, such as 2026-03-02, in the community's time zone.")],
    draft: Annotated[bool, typer.Option("--draft", help="Make nothing yet: leave a draft to review.")] = False,
    yes: _Yes = False,
    as_json: Json = False,
) -> None:
    """Apply a playbook to a community. A terminal shows every line first and asks; a script applies at once.

    With --draft nothing is made: the draft waits in the console to be looked through, changed and applied. What the
    community's own facts say against a line stands on stderr. `playbook undo` takes back what was made.
    """
    require_home()
    book = book_named(name)
    place, first = get_community(community), _day(start)
    parts = _review(book, place, first)
    if draft:
        _leave_draft(book, place, first, parts, as_json=as_json)
        return
    if _is_to_ask(yes=yes, as_json=as_json):
        _ask([*_listed(book, place, first, parts), *_doubt_lines(parts)], _("Make all of this?"))
    else:
        _tell_doubts(parts)
    application = apply_at_once(place, playbook=book, start=first, by=CLI)
    made = [{"section": row["section"], "key": row["key"], "title": row["title"]} for row in application.made]
    payload = _payload(application, place, book) | {"made": made, "doubts": _doubts(parts)}
    emit(payload, as_json=as_json, lines=_applied(book, place, first, made))


def undo(
    name: Annotated[str, typer.Argument(help="Name of the playbook that stands in the community.")],
    *,
    community: _Community,
    yes: _Yes = False,
    as_json: Json = False,
) -> None:
    """Take back what a playbook made in a community; what people have worked on since stays, and is named."""
    require_home()
    place = get_community(community)
    application = applied_named(place, name)
    if application is None:
        raise NotFoundError(
            _("No playbook “%(name)s” stands in %(community)s.") % {"name": name, "community": place.name}
        )
    if _is_to_ask(yes=yes, as_json=as_json):
        _ask(_undone(application, place, what_stays(application)), _("Take this back?"))
    application = undo_playbook(application, by=CLI)
    kept = {(row["section"], row["key"]) for row in application.kept}
    gone = [_plain(row) for row in application.made if (row["section"], row["key"]) not in kept]
    payload = {"application": application.pk, "community": place.slug, "playbook": application.playbook}
    lines = _undone(application, place, application.kept)
    emit(payload | {"removed": gone, "kept": application.kept}, as_json=as_json, lines=lines)


def _review(book: Playbook, place: Community, first: date) -> list[Part]:
    """Every line that would be made, with what the community's own facts say against it.

    Counted before anything is written, for that takes a moment.
    """
    check_fits(book.content)
    draft = Application(community=place, playbook=book.name, start=first, content=book.content)
    return with_doubts(draft_parts(draft), draft)


def _leave_draft(book: Playbook, place: Community, first: date, parts: Sequence[Part], *, as_json: bool) -> None:
    application = draft_playbook(place, playbook=book, start=first, by=CLI)
    lines = [
        *_listed(book, place, first, parts),
        _(
            "Nothing is made yet: this is draft %(number)s. Open it in the console under Playbooks, change what you "
            "like, and apply it there."
        )
        % {"number": application.pk},
    ]
    rows = [
        {"section": part.name, "key": one.line.key, "title": one.line.title} for part in parts for one in part.lines
    ]
    emit(_payload(application, place, book) | {"lines": rows, "doubts": _doubts(parts)}, as_json=as_json, lines=lines)
    _tell_doubts(parts)


def _payload(application: Application, place: Community, book: Playbook) -> dict[str, Any]:
    return {
        "application": application.pk,
        "state": application.state,
        "community": place.slug,
        "playbook": book.name,
        "version": book.version,
        "start": application.start,
        "waiting": book.waiting,
    }


def _is_to_ask(*, yes: bool, as_json: bool) -> bool:
    """A person at a terminal is asked; a script, or who said yes already, is not."""
    return not (yes or as_json) and sys.stdin.isatty()


def _ask(lines: Sequence[str], question: str) -> None:
    """Show the lines and go on after a yes alone."""
    for line in lines:
        err.print(line, markup=False)
    if not typer.confirm(question, err=True):
        raise QunyingError(_("Nothing was changed."))


def _doubts(parts: Sequence[Part]) -> list[Row]:
    """What the community's own facts say against a line, as the review in the console shows it."""
    return [
        {"section": part.name, "key": one.line.key, "title": one.line.title, "words": words}
        for part in parts
        for one in part.lines
        for words in one.doubts
    ]


def _doubt_lines(parts: Sequence[Part]) -> list[str]:
    return [f"{row['section']}/{row['key']}  {row['title']}: {row['words']}" for row in _doubts(parts)]


def _tell_doubts(parts: Sequence[Part]) -> None:
    for line in _doubt_lines(parts):
        err.print(line, markup=False)


def _listed(book: Playbook, place: Community, first: date, parts: Sequence[Part]) -> Iterator[str]:
    """What applying would make, line by line."""
    words = _("“%(playbook)s” would make this of %(community)s from %(start)s:")
    yield words % {"playbook": book.title, "community": place.name, "start": day(first)}
    for part in parts:
        yield from (f"  {part.name}/{one.line.key}  {one.line.title}" for one in part.lines)
    yield from _waiting(book)


def _applied(book: Playbook, place: Community, first: date, made: Sequence[Row]) -> Iterator[str]:
    words = _("“%(playbook)s” is applied to %(community)s from %(start)s.")
    yield words % {"playbook": book.title, "community": place.name, "start": day(first)}
    yield from map(_line, made)
    yield from _waiting(book)
    command = f"qunying playbook undo {book.name} --community {place.slug}"
    yield _("To take it back: %(command)s") % {"command": command}


def _waiting(book: Playbook) -> Iterator[str]:
    if book.waiting:
        yield _("Kept for later, nothing is made of it yet: %(names)s.") % {"names": ", ".join(book.waiting)}


def _undone(application: Application, place: Community, kept: Sequence[Row]) -> list[str]:
    """What undoing takes away, and what it leaves with the reason."""
    stays = {(row["section"], row["key"]): row["reason"] for row in kept}
    gone = [row for row in application.made if (row["section"], row["key"]) not in stays]
    words = _("Of “%(playbook)s” in %(community)s goes:")
    lines = [words % {"playbook": application.playbook, "community": place.name}, *map(_line, gone)]
    if kept:
        lines += [_("Stays, because people have worked on it since:")]
        lines += [f"{_line(row)}: {row['reason']}" for row in kept]
    return lines


def _line(row: Row) -> str:
    return f"  {row['section']}/{row['key']}  {row['title']}"


def _plain(row: Row) -> Row:
    return {name: row[name] for name in ("section", "key", "title")}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QunyingError(_("“%(text)s” is not a day. Write it as 2026-03-02.") % {"text": text}) from None
