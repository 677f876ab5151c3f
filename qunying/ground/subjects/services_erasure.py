"""Verbs on erasures: begin one, say beforehand what it would do, repeat those a restored database forgot."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.actors import System
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.models import Event, Message
from qunying.ground.imports.models import ImportRun
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end, start_job, take_step
from qunying.ground.jobs.turns import OPEN
from qunying.ground.members.models import Identity, Member
from qunying.ground.privacy.models import Tombstone
from qunying.ground.privacy.queries import account_digest, erasure_of
from qunying.ground.subjects.erasing import KIND, STEPS
from qunying.ground.subjects.forgetting import entomb
from qunying.ground.subjects.holdings import all_holdings
from qunying.ground.subjects.remembered import remembered
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.subjects.models import SubjectRequest

ERASE = declare_verb("subjects.erase", gettext_lazy("The erasure of a member was begun."))
_CHORE = System("chores")


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would touch."""

    accounts: int
    messages: int
    facts: int
    rows: int
    """Rows that are told in the export and go or are emptied."""
    kept: list[str]
    """What stays, each with the reason."""


def preview_erasure(member: Member) -> Preview:
    """What erasing this person would do; changes nothing."""
    going = [one for one in all_holdings() if one.erase is not None and one.name not in {"messages", "facts"}]
    return Preview(
        accounts=member.identities.count(),
        messages=Message.objects.filter(event__identity__member=member).count(),
        facts=Event.objects.filter(identity__member=member).count(),
        rows=sum(sum(1 for _row in one.tell(member)) for one in going),
        kept=[f"{one.label}: {one.kept}" for one in all_holdings() if one.erase is None],
    )


@transaction.atomic
def erase_member(member: Member, *, by: Actor, request: SubjectRequest | None = None, queue: bool = True) -> Job:
    """Begin to erase a person; the job's result says what went, what is kept and that nothing is found any more.

    There is no way back. Raises QunyingError while imports or another erasure of this person run.
    """
    if member.merged_into_id is not None:
        raise QunyingError(_("This person was merged into another one. Erase that one: the accounts are there."))
    _refuse_while_running(member)
    unit = member.identities.values_list("memberships__community__unit", flat=True).order_by().first()
    checkpoint = {"member": member.pk, "name": secrets.token_hex(12), "step": STEPS[0]}
    job = start_job(KIND, checkpoint=checkpoint, by=by, total=len(STEPS), queue=queue)
    if unit is not None:
        Job.objects.filter(pk=job.pk).update(unit=unit)
    if request is not None:
        request.job = job
        request.save(update_fields=["job"])
    write_act(ERASE, by=by, subject_type="member", subject_id=member.pk, details={"job": job.pk})
    return job


def _refuse_while_running(member: Member) -> None:
    if ImportRun.objects.filter(job__state__in=OPEN).exists():
        raise QunyingError(
            _("An import is running, and its file may tell of this person. Wait until it has ended, or cancel it.")
        )
    if Job.objects.filter(kind=KIND, state__in=OPEN, checkpoint__member=member.pk).exists():
        raise QunyingError(_("This person is being erased already. The page of jobs shows how far that is."))


def repeat_erasures(*, by: Actor = _CHORE) -> int:
    """Erase again whoever stands on the list of erasures and is back, as after a restore; how many people.

    Run it at the end of every restore, before anybody reads the database; the nightly chore runs it, too.
    """
    listed = {digest: erasure for erasure in remembered() for digest in erasure.digests}
    if not listed:
        return 0
    known = {bytes(row) for row in Tombstone.objects.values_list("digest", flat=True)}
    back = _members_of({*listed, *known})
    for pk in back:
        member = Member.objects.get(pk=pk)
        if erasure_of(member) is None:
            _erase_again(erase_member(member, by=by, queue=False))
    for digest in listed.keys() - known:
        entomb([digest], name=listed[digest].name, at=listed[digest].at)
    return len(back)


def _erase_again(job: Job) -> None:
    """Now; inside a transaction (a restore) the rows now, and files and deleted bytes as soon as it has committed."""
    if not connection.in_atomic_block:
        run_to_end(job)
        return
    take_step(job.pk)
    transaction.on_commit(lambda: run_to_end(Job.objects.get(pk=job.pk)))


def _members_of(digests: set[bytes]) -> list[int]:
    rows = Identity.objects.values_list("member_id", "platform", "external_id").iterator(chunk_size=5000)
    return sorted({pk for pk, platform, external_id in rows if account_digest(platform, external_id) in digests})
