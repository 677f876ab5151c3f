"""The two reviews: let an entry pass, or send it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.content.digests import digest_now
from qunying.plan.content.models import Entry, Review
from qunying.plan.content.queries import IN_REVIEW, newest_version
from qunying.plan.content.rules import why_not_review
from qunying.plan.content.services import locked, refuse_stopped

if TYPE_CHECKING:
    from collections.abc import Collection

    from qunying.ground.audit.actors import Actor
    from qunying.plan.content.models import Version

PASS = declare_verb("content.pass", gettext_lazy("An entry passed a review."))
SEND_BACK = declare_verb("content.send_back", gettext_lazy("An entry was sent back by a review."))

PROOFREADS = {
    "words": pgettext_lazy("proofread", "Words: no slips, no doubles, names and numbers right"),
    "facts": pgettext_lazy("proofread", "Facts: dates, prices and claims hold, links lead where they say"),
    "look": pgettext_lazy("proofread", "Look: pictures, line breaks and order as they should be on a phone"),
}
"""The three proofreads inside each review."""

_NEXT = {Entry.State.FIRST: Entry.State.SECOND, Entry.State.SECOND: Entry.State.APPROVED}
_LONG = 2000


@transaction.atomic
def pass_review(entry: Entry, *, by: Actor, digest: str, proofreads: Collection[str] = (), note: str = "") -> Review:
    """Let what was read pass the review it waits for; after the second it is approved.

    `digest` is that of the version that was read: what has changed since is not approved. Raises NotAllowedError
    for somebody who may not give this review, QunyingError for a proofread left out or a finding that stops.
    """
    entry, version, step, reviewer = _in_review(entry, by)
    if not version.digest == digest == digest_now(version):
        raise QunyingError(_("It was changed since you opened it. Read it again before you decide."))
    missing = [str(PROOFREADS[name]) for name in PROOFREADS if name not in proofreads]
    if missing:
        raise QunyingError(_("Tick all three proofreads, or send it back."))
    refuse_stopped(version)
    review = _keep(version, step, Review.Verdict.PASSED, reviewer, proofreads=sorted(PROOFREADS), note=note)
    entry.state = _NEXT[Entry.State(entry.state)]
    entry.save(update_fields=["state", "changed_at"])
    details = {"step": step, "version": version.number, "digest": digest}
    write_act(PASS, by=by, subject_type="entry", subject_id=entry.pk, details=details)
    return review


@transaction.atomic
def send_back(entry: Entry, *, by: Actor, note: str, proofreads: Collection[str] = ()) -> Review:
    """Send it back to be written again, saying why; both reviews then begin anew.

    Raises NotAllowedError for somebody who may not give this review, QunyingError where no reason is said.
    """
    entry, version, step, reviewer = _in_review(entry, by)
    if not note.strip():
        raise QunyingError(_("Say what has to change, so that the writer knows."))
    done = sorted(set(proofreads) & set(PROOFREADS))
    review = _keep(version, step, Review.Verdict.SENT_BACK, reviewer, proofreads=done, note=note)
    entry.state = Entry.State.SENT_BACK
    entry.save(update_fields=["state", "changed_at"])
    details = {"step": step, "version": version.number}
    write_act(SEND_BACK, by=by, subject_type="entry", subject_id=entry.pk, details=details)
    return review


def _in_review(entry: Entry, by: Actor) -> tuple[Entry, Version, Review.Step, Staff]:
    entry = locked(entry)
    step = IN_REVIEW.get(Entry.State(entry.state))
    version = newest_version(entry)
    if step is None or version is None:
        raise QunyingError(_("“%(entry)s” does not wait for a review.") % {"entry": entry.title})
    if not isinstance(by, Staff):
        raise NotAllowedError(_("A review is given by a person, not by a key or the system."))
    reason = why_not_review(by, entry, step)
    if reason:
        raise NotAllowedError(reason)
    return entry, version, step, by


def _keep(  # noqa: PLR0913 - what a review says
    version: Version,
    step: Review.Step,
    verdict: Review.Verdict,
    by: Staff,
    *,
    proofreads: list[str],
    note: str,
) -> Review:
    if len(note) > _LONG:
        raise QunyingError(_("The note is longer than %(most)s characters. Shorten it.") % {"most": _LONG})
    return Review.objects.create(
        version=version,
        step=step,
        verdict=verdict,
        by=by,
        proofreads=proofreads,
        note=note.strip(),
        digest=version.digest,
    )
