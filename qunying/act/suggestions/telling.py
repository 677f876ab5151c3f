"""What suggestions tell in a report: what was found in the period, and what was decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.act.suggestions.models import Night, Suggestion
from qunying.act.suggestions.queries import suggestions_of
from qunying.act.suggestions.words import sentence_of, title_of
from qunying.check.reports.blocks import Cell
from qunying.check.reports.port import Told
from qunying.check.reports.telling import Decision, day_cell, decisions_listed, listed
from qunying.kit import formats

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from qunying.check.reports.port import Asked

_DECIDED = (Suggestion.State.ACCEPTED, Suggestion.State.DISMISSED)


def suggestions_told(asked: Asked) -> Told | None:
    """What was first seen in the counted days, with what had been decided when the period ended."""
    rows = suggestions_of(asked.community).filter(
        seen_first__gte=asked.counted.start, seen_first__lte=asked.counted.end
    )
    end = _instants(asked)[1]
    lines = [_found(row, end) for row in rows.order_by("seen_first", "pk")]
    head = [_("Seen on"), pgettext("report", "Suggestion"), _("What the figures say"), pgettext("report", "Standing")]
    return listed(head, lines, wordy=len(head)) if lines else _looked(asked)


def _looked(asked: Asked) -> Told | None:
    """Why there are none: the looks found nothing, or nobody looked then; None where nobody ever did."""
    nights = Night.objects.filter(community=asked.community)
    within = nights.filter(until__gte=asked.counted.start, until__lte=asked.counted.end)
    if many := within.values("until").distinct().count():
        questions = within.aggregate(all=Sum("questions"))["all"]
        words = ngettext(
            "Figures were looked at on %(days)s day, with %(questions)s questions; none showed a change worth one.",
            "Figures were looked at on %(days)s days, with %(questions)s questions; none showed a change worth one.",
            many,
        )
        return Told(sentences=[words % {"days": formats.whole(many), "questions": formats.whole(questions)}])
    first = nights.order_by("day").values_list("day", flat=True).first()
    if first is None:
        return None
    words = _("None, for the figures of this period were not looked at night by night; that began on %(day)s.")
    return Told(sentences=[words % {"day": formats.day(first, weekday=False)}])


def _found(row: Suggestion, end: datetime) -> list[Cell]:
    return [day_cell(row.seen_first), Cell(title_of(row)), Cell(sentence_of(row)), Cell(_standing(row, end))]


def _standing(row: Suggestion, end: datetime) -> str:
    if row.decided_at is None or row.decided_at >= end:
        return _("not decided yet")
    if row.state == Suggestion.State.ACCEPTED:
        return _("accepted")
    return _("dismissed") if row.state == Suggestion.State.DISMISSED else _("not decided yet")


def decisions_told(asked: Asked) -> Told | None:
    """What was accepted or dismissed in the period, in the order of time."""
    zone = ZoneInfo(asked.community.timezone)
    rows = _decided_in(asked).order_by("decided_at", "pk")
    return decisions_listed(_decision(row, row.decided_at.astimezone(zone).date()) for row in rows if row.decided_at)


def _decided_in(asked: Asked) -> QuerySet[Suggestion]:
    begin, end = _instants(asked)
    found = suggestions_of(asked.community).filter(state__in=_DECIDED, decided_at__gte=begin, decided_at__lt=end)
    return found.select_related("decided_by", "work__owner")


def _decision(row: Suggestion, day: date) -> Decision:
    accepted = row.state == Suggestion.State.ACCEPTED
    words = _("Suggestion “%(title)s” accepted") if accepted else _("Suggestion “%(title)s” dismissed")
    who = row.decided_by.name if row.decided_by else ""
    return Decision(day, words % {"title": title_of(row)}, _grounds(row), who)


def _grounds(row: Suggestion) -> str:
    """Why it was dismissed, or what is to be done by whom until when."""
    if row.work is None:
        return row.reason
    owner = row.work.owner.name if row.work.owner else formats.DASH
    due = formats.day(row.work.due, weekday=False)
    return _("Work of %(owner)s, due %(due)s") % {"owner": owner, "due": due}


def _instants(asked: Asked) -> tuple[datetime, datetime]:
    return asked.span.days.instants(ZoneInfo(asked.community.timezone))
