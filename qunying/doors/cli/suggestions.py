"""`suggestions`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.queries import in_order, is_stale, last_night, past_results, suggestions_of
from qunying.act.suggestions.quiet import quiet_of, quiet_words
from qunying.act.suggestions.services import look_now
from qunying.act.suggestions.words import expected_of, helps_of, result_words, sentence_of, stake_of, title_of
from qunying.doors.cli.output import Json, emit
from qunying.ground.audit.actors import System
from qunying.ground.groups.queries import get_community
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.act.suggestions.models import Night
    from qunying.ground.groups.models import Community

_CLI = System("cli")


def register(app: typer.Typer) -> None:
    """Add the command `suggestions`."""
    app.command("suggestions")(suggestions)


def suggestions(
    *,
    community: Annotated[str, typer.Option(help="Short name of the community.")],
    decided: Annotated[bool, typer.Option("--all", help="Those decided, too, with what came of them.")] = False,
    as_json: Json = False,
) -> None:
    """List what deserves a decision; look for it first where nobody has looked today."""
    place = get_community(community)
    _look_where_stale(place)
    rows = suggestions_of(place)
    shown = in_order(rows if decided else rows.filter(state=Suggestion.State.OPEN))
    night = last_night(place)
    payload: dict[str, Any] = {
        "community": place.slug,
        "day": night and night.day,
        "until": night and night.until,
        "questions": night.questions if night else 0,
        "suggestions": [_plain(row) for row in shown],
        "quiet": None if shown else {"reason": quiet_of(night), "words": quiet_words(night)},
    }
    emit(payload, as_json=as_json, lines=_lines(shown, night))


def _look_where_stale(community: Community) -> None:
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    if not is_stale(community, today):
        return
    from qunying.ground.warehouse.services import catch_up

    with suppress(QunyingError):  # another process is at it; figures read from the log what the lake lacks
        catch_up()
    look_now(community, by=_CLI, today=today)


def _plain(row: Suggestion) -> dict[str, Any]:
    result = getattr(row, "result", None)
    return {
        "id": row.pk,
        "key": row.key,
        "detector": row.detector,
        "state": row.state,
        "title": title_of(row),
        "sentence": sentence_of(row),
        "effect": row.effect,
        "q": row.q,
        "seen_first": row.seen_first,
        "seen_last": row.seen_last,
        "evidence": row.evidence,
        "helps": [str(line) for line in helps_of(row)],
        "at_stake": stake_of(row),
        "expected": expected_of(past_results([row.community_id], row.detector)),
        "reason": row.reason,
        "work": row.work
        and {"id": row.work.pk, "title": row.work.title, "due": row.work.due, "done": row.work.done_at},
        "result": result and {"before": result.before, "after": result.after, "words": result_words(row, result)},
    }


def _lines(rows: list[Suggestion], night: Night | None) -> Iterator[str]:
    if not rows or night is None or night.until is None:
        yield quiet_words(night)
        return
    counted = {"questions": night.questions, "until": night.until, "found": len(rows)}
    yield _("%(questions)s questions put to the figures up to %(until)s; %(found)s suggestions.") % counted
    for row in rows:
        yield f"{row.pk}. {title_of(row)}"
        yield f"   {sentence_of(row)}"
        for line in helps_of(row):
            yield f"   - {line}"
