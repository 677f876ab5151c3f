"""Verbs on suggestions: look, accept, dismiss, take back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.history import Look, read_history
from qunying.act.suggestions.looking import Finding, ask_everything, findings
from qunying.act.suggestions.models import Night, Suggestion
from qunying.act.suggestions.results import measure_results
from qunying.act.suggestions.words import sentence_of, title_of
from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.plan.schedule.services import Origin, add_work, drop_work

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

RAISE = declare_verb("suggestions.raise", gettext_lazy("A night's look raised suggestions."))
ACCEPT = declare_verb("suggestions.accept", gettext_lazy("A suggestion was accepted and became work."))
DISMISS = declare_verb("suggestions.dismiss", gettext_lazy("A suggestion was dismissed, with the reason."))
REOPEN = declare_verb("suggestions.reopen", gettext_lazy("The decision on a suggestion was taken back."))

APP = "suggestions"
State = Suggestion.State
EXPIRES = timedelta(days=28)
"""A finding that has not been seen again for so long is no longer asked about."""
QUIET_AFTER_DISMISSAL = timedelta(days=28)
QUIET_AFTER_ACCEPTANCE = timedelta(days=56)


def look_for_suggestions(community: Community, *, by: Actor, today: date | None = None) -> Night:
    """Look at the figures up to yesterday (local) and keep what was found: the same finding stands once.

    What stands open gets the new evidence; what was dismissed stays quiet for four weeks, what was accepted
    for eight; what has not been seen for four weeks expires. The same night again changes nothing more.
    """
    today = today or timezone.localdate(timezone=ZoneInfo(community.timezone))
    history = read_history(community, today=today)
    questions = ask_everything(Look(history, history.until)) if history else []
    found = findings(questions)
    with transaction.atomic():
        raised = [row.pk for finding in found if (row := _keep(community, finding, today))]
        _expire(community, today)
        if raised:
            details = {"suggestions": raised}
            write_act(RAISE, by=by, subject_type="community", subject_id=community.pk, details=details)
        counts = {
            "until": history.until if history else None,
            "questions": sum(asked.p is not None for asked in questions),
            "found": len(found),
        }
        night, _made = Night.objects.update_or_create(community=community, day=today, defaults=counts)
    return night


def look_now(community: Community, *, by: Actor, today: date | None = None) -> Night:
    """Look for suggestions, and measure what came of those accepted long enough ago, as every night does."""
    night = look_for_suggestions(community, by=by, today=today)
    measure_results(community, today=today)
    return night


def _keep(community: Community, finding: Finding, today: date) -> Suggestion | None:
    """The new row of a finding; None where it stands already or is to stay quiet."""
    asked = finding.asked
    fresh = {"params": asked.params, "evidence": asked.evidence, "effect": asked.effect, "q": finding.q}
    rows = Suggestion.objects.filter(community=community, key=asked.key)
    if rows.filter(state=State.OPEN).update(**fresh, seen_last=today) or _is_quiet(rows.all(), today):
        return None
    return Suggestion.objects.create(
        community=community, key=asked.key, detector=asked.detector, seen_first=today, seen_last=today, **fresh
    )


def _is_quiet(rows: QuerySet[Suggestion], today: date) -> bool:
    zero = timedelta()
    waits = {State.DISMISSED: QUIET_AFTER_DISMISSAL, State.ACCEPTED: QUIET_AFTER_ACCEPTANCE}
    return any(
        row.decided_at is not None and today - row.decided_at.date() < waits.get(State(row.state), zero) for row in rows
    )


def _expire(community: Community, today: date) -> None:
    unseen = Suggestion.objects.filter(community=community, state=State.OPEN, seen_last__lt=today - EXPIRES)
    unseen.update(state=State.EXPIRED, decided_at=timezone.now())


@transaction.atomic
def accept_suggestion(  # noqa: PLR0913 - what, by when, who, how it is called, and since when
    suggestion: Suggestion,
    *,
    due: date,
    by: Actor,
    owner: Staff | None = None,
    title: str = "",
    at: datetime | None = None,
) -> Suggestion:
    """Make work of it, with an owner (None: the team) and a day; `at` is when it was decided, now if not said.

    Raises QunyingError where it is decided already.
    """
    suggestion = _open(suggestion)
    suggestion.work = add_work(
        title or default_title(suggestion),
        place=suggestion.community,
        due=due,
        owner=owner,
        by=by,
        origin=Origin(APP, suggestion.pk, sentence_of(suggestion)),
    )
    _decide(suggestion, State.ACCEPTED, by=by, at=at)
    write_act(ACCEPT, by=by, subject_type="suggestion", subject_id=suggestion.pk, details={"work": suggestion.work.pk})
    return suggestion


@transaction.atomic
def dismiss_suggestion(suggestion: Suggestion, *, reason: str, by: Actor, at: datetime | None = None) -> Suggestion:
    """Leave it, and say why; `at` is when it was decided, now if not said.

    Raises QunyingError without a reason, or where it is decided already.
    """
    suggestion = _open(suggestion)
    reason = reason.strip()
    if not reason:
        raise QunyingError(_("Say in a few words why: it is what the next person will want to know."))
    if len(reason) > Suggestion.REASON_LENGTH:
        raise QunyingError(
            _("The reason is longer than %(most)s characters. Shorten it.") % {"most": Suggestion.REASON_LENGTH}
        )
    _decide(suggestion, State.DISMISSED, by=by, at=at, reason=reason)
    write_act(DISMISS, by=by, subject_type="suggestion", subject_id=suggestion.pk)
    return suggestion


@transaction.atomic
def reopen_suggestion(suggestion: Suggestion, *, by: Actor) -> Suggestion:
    """Take the decision back: the work it became is dropped where it is still open.

    Raises QunyingError where the finding stands open again already, or its result has been measured.
    """
    suggestion = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    others = Suggestion.objects.filter(community=suggestion.community_id, key=suggestion.key, state=State.OPEN)
    if others.exists() or hasattr(suggestion, "result"):
        raise QunyingError(_("This decision can no longer be taken back: the suggestion has moved on."))
    if suggestion.work is not None and suggestion.work.is_open:
        drop_work(suggestion.work, by=by)
    suggestion.state, suggestion.reason, suggestion.work = State.OPEN, "", None
    suggestion.decided_at = suggestion.decided_by = None
    suggestion.save(update_fields=["state", "reason", "work", "decided_at", "decided_by"])
    write_act(REOPEN, by=by, subject_type="suggestion", subject_id=suggestion.pk)
    return suggestion


def default_title(suggestion: Suggestion) -> str:
    """What the work is called where nobody says otherwise."""
    return title_of(suggestion)[:120]


def _open(suggestion: Suggestion) -> Suggestion:
    found = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if found.state != State.OPEN:
        raise QunyingError(_("This suggestion has been decided already. Take the decision back first."))
    return found


def _decide(
    suggestion: Suggestion, state: Suggestion.State, *, by: Actor, at: datetime | None, reason: str = ""
) -> None:
    suggestion.state, suggestion.reason = state, reason
    suggestion.decided_at = at or timezone.now()
    suggestion.decided_by = by if isinstance(by, Staff) else None
    suggestion.save(update_fields=["state", "reason", "decided_at", "decided_by", "work"])
