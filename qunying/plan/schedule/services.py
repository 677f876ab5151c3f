"""Verbs on work: add, finish, reopen, hand over, put off, drop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Community
from qunying.kit.errors import QunyingError
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.queries import earlier_times, missed_times, unit_of
from qunying.plan.schedule.rules import may_carry

if TYPE_CHECKING:
    from datetime import date, datetime

    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

ADD = declare_verb("schedule.add", gettext_lazy("Work was added."))
FINISH = declare_verb("schedule.finish", gettext_lazy("Work was ticked off."))
REOPEN = declare_verb("schedule.reopen", gettext_lazy("Work was taken up again."))
HAND_OVER = declare_verb("schedule.hand_over", gettext_lazy("Work was handed to somebody else."))
PUT_OFF = declare_verb("schedule.put_off", gettext_lazy("The due day of work was moved."))
DROP = declare_verb("schedule.drop", gettext_lazy("Work was dropped, for it is no longer wanted."))
SKIP = declare_verb("schedule.skip", gettext_lazy("Missed times of work that comes round again were skipped."))
UNSKIP = declare_verb(
    "schedule.unskip", gettext_lazy("Missed times of work that had been skipped were taken up again.")
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What work came from: the label of an app, the id of its row, a sentence for people."""

    app: str = ""
    id: str | int = ""
    words: str = ""


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Told:
    """What a plan says of a piece of work beside its title: the title in English, how to do it, whose task it is.

    `role` is the name of a role, `key` the name of the work within the plan.
    """

    title_en: str = ""
    note: str = ""
    note_en: str = ""
    role: str = ""
    key: str = ""


NOTHING = Told()


@transaction.atomic
def add_work(  # noqa: PLR0913 - what a piece of work is born with
    title: str,
    *,
    place: Community | Unit,
    due: date,
    by: Actor,
    owner: Staff | None = None,
    priority: int = WorkItem.Priority.USUAL,
    origin: Origin = NOWHERE,
    told: Told = NOTHING,
) -> WorkItem:
    """Add work in a community or a unit, due on a local day; without an owner it is the team's.

    Raises QunyingError for an empty or over-long title, or an owner who does not work there.
    """
    work = WorkItem(
        title=_tidy_title(title),
        due=due,
        owner=owner,
        priority=priority,
        origin_app=origin.app,
        origin_id=str(origin.id),
        origin_words=origin.words[:300],
        title_en=" ".join(told.title_en.split())[: WorkItem.TITLE_LENGTH],
        note=told.note.strip(),
        note_en=told.note_en.strip(),
        owner_role=told.role,
        key=told.key,
        created_by=by.actor_key,
    )
    if isinstance(place, Community):
        work.community = place
    else:
        work.unit = place
    _check_owner(work, owner)
    work.save()
    details = {"owner": owner and owner.pk, "due": due.isoformat(), "origin": origin.app}
    write_act(ADD, by=by, subject_type="work", subject_id=work.pk, details=details)
    return work


@transaction.atomic
def finish_work(work: WorkItem, *, by: Actor, note: str = "", at: datetime | None = None) -> WorkItem:
    """Tick it off, with a note if there is something to say; `at` is when it was done, where that was earlier.

    Raises QunyingError where it has ended already, or would end in the future.
    """
    work, now = _open(work), timezone.now()
    if at is not None and at > now:
        raise QunyingError(_("Work cannot have been done in the future. Tick it off when it is done."))
    work.done_at, work.done_note = at or now, _tidy_note(note)
    work.done_by = by if isinstance(by, Staff) else None
    work.save(update_fields=["done_at", "done_by", "done_note"])
    late = work.due < _day(work, work.done_at)
    write_act(FINISH, by=by, subject_type="work", subject_id=work.pk, details={"late": late})
    return work


@transaction.atomic
def reopen_work(work: WorkItem, *, by: Actor) -> WorkItem:
    """Take it up again, whether it was done or dropped; raises QunyingError where it is open."""
    work = _locked(work)
    if work.is_open:
        raise QunyingError(_("“%(work)s” is open already.") % {"work": work.title})
    work.done_at = work.done_by = work.dropped_at = None
    work.done_note, work.skipped = "", False
    work.save(update_fields=["done_at", "done_by", "done_note", "dropped_at", "skipped"])
    write_act(REOPEN, by=by, subject_type="work", subject_id=work.pk)
    return work


@transaction.atomic
def hand_over_work(work: WorkItem, *, owner: Staff | None, by: Actor) -> WorkItem:
    """Give it to somebody else, or (None) back to the team; the same owner again changes nothing."""
    work = _open(work)
    if work.owner_id == (owner and owner.pk):
        return work
    _check_owner(work, owner)
    before, work.owner = work.owner_id, owner
    work.save(update_fields=["owner"])
    details = {"from": before, "to": owner and owner.pk}
    write_act(HAND_OVER, by=by, subject_type="work", subject_id=work.pk, details=details)
    return work


@transaction.atomic
def put_off_work(work: WorkItem, *, due: date, by: Actor) -> WorkItem:
    """Move the day it is due; the same day again changes nothing."""
    work = _open(work)
    if work.due == due:
        return work
    before, work.due = work.due, due
    work.save(update_fields=["due"])
    details = {"from": before.isoformat(), "to": due.isoformat()}
    write_act(PUT_OFF, by=by, subject_type="work", subject_id=work.pk, details=details)
    return work


@transaction.atomic
def drop_work(work: WorkItem, *, by: Actor) -> WorkItem:
    """Take it off everyone's list without its being done; it can be reopened."""
    work = _open(work)
    work.dropped_at = timezone.now()
    work.save(update_fields=["dropped_at"])
    write_act(DROP, by=by, subject_type="work", subject_id=work.pk)
    return work


@transaction.atomic
def skip_missed(work: WorkItem, *, by: Actor, note: str = "") -> list[int]:
    """Take the earlier times of work that comes round again off the list, those nobody did; this one stays.

    They keep the note and count as not done wherever execution is judged. Gives their ids, the earliest first;
    raises QunyingError where none is left.
    """
    missed, now, note = list(missed_times(work).select_for_update()), timezone.now(), _tidy_note(note)
    if not missed:
        raise QunyingError(_("“%(work)s” has no earlier time left to skip.") % {"work": work.title})
    for one in missed:
        one.dropped_at, one.skipped, one.done_note = now, True, note
        one.save(update_fields=["dropped_at", "skipped", "done_note"])
    return _written(SKIP, work, missed, by)


@transaction.atomic
def take_up_skipped(work: WorkItem, *, by: Actor) -> list[int]:
    """Put back what was skipped last of the earlier times of this work; raises QunyingError where nothing was."""
    skipped = earlier_times(work).filter(skipped=True)
    last = skipped.order_by("-dropped_at").values_list("dropped_at", flat=True).first()
    back = list(skipped.filter(dropped_at=last).select_for_update())
    if not back:
        raise QunyingError(_("Nothing of “%(work)s” was skipped.") % {"work": work.title})
    for one in back:
        one.dropped_at, one.skipped, one.done_note = None, False, ""
        one.save(update_fields=["dropped_at", "skipped", "done_note"])
    return _written(UNSKIP, work, back, by)


def _written(verb: str, work: WorkItem, times: list[WorkItem], by: Actor) -> list[int]:
    found = [one.pk for one in times]
    write_act(verb, by=by, subject_type="work", subject_id=work.pk, details={"times": found})
    return found


def _locked(work: WorkItem) -> WorkItem:
    return WorkItem.objects.select_for_update().get(pk=work.pk)


def _open(work: WorkItem) -> WorkItem:
    work = _locked(work)
    if not work.is_open:
        raise QunyingError(_("“%(work)s” has ended already. Reopen it first.") % {"work": work.title})
    return work


def _day(work: WorkItem, at: datetime) -> date:
    zone = work.community.timezone if work.community else "Asia/Shanghai"
    return timezone.localdate(at, timezone=ZoneInfo(zone))


def _check_owner(work: WorkItem, owner: Staff | None) -> None:
    if owner is not None and not may_carry(owner, unit_of(work)):
        raise QunyingError(
            _("%(person)s has no role in “%(unit)s”. Choose somebody who works there, or give a role first.")
            % {"person": owner.name, "unit": unit_of(work).name}
        )


def _tidy_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise QunyingError(_("Work needs a title: what is to be done?"))
    if len(title) > WorkItem.TITLE_LENGTH:
        raise QunyingError(
            _("The title is longer than %(most)s characters. Shorten it.") % {"most": WorkItem.TITLE_LENGTH}
        )
    return title


def _tidy_note(note: str) -> str:
    note = note.strip()
    if len(note) > WorkItem.NOTE_LENGTH:
        raise QunyingError(
            _("The note is longer than %(most)s characters. Shorten it.") % {"most": WorkItem.NOTE_LENGTH}
        )
    return note
