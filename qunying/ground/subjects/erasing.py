"""The job of an erasure, in steps that can each be repeated: forget, files, words, compact, search.

What to look for is known only before the first step. It travels in the checkpoint, encrypted, and leaves it
with the last step.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from qunying.ground.events.models import Event, Message
from qunying.ground.files.models import StoredFile
from qunying.ground.files.services import remove_contents
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.report import Report
from qunying.ground.imports.services_collecting import remove_report
from qunying.ground.imports.stores import source_of
from qunying.ground.jobs.services import Behind
from qunying.ground.members.models import Member
from qunying.ground.members.sealing import keys_now
from qunying.ground.privacy.models import Erasure
from qunying.ground.privacy.queries import account_digest
from qunying.ground.subjects.compacting import LARGE, compact_database, database_size, delete_for_good
from qunying.ground.subjects.forgetting import forget
from qunying.ground.subjects.holdings import all_holdings
from qunying.ground.subjects.models import SubjectRequest
from qunying.ground.subjects.needles import gather_needles, needles_as_json, needles_from_json
from qunying.ground.subjects.places import clear_files
from qunying.ground.subjects.remembered import Remembered, remember
from qunying.ground.subjects.tables import bar_tables
from qunying.ground.subjects.traces import search_traces
from qunying.kit.crypto import decrypt, encrypt

if TYPE_CHECKING:
    from qunying.ground.jobs.models import Job
    from qunying.ground.jobs.turns import Turn
    from qunying.ground.subjects.needles import Needle

KIND = "subjects.erase"
LABEL = gettext_lazy("Erasure of a person")
STEPS = ("forget", "files", "words", "compact", "search")
_SHOWN = 50


def erasure_step(turn: Turn) -> bool:
    """Do the next step; whether it was the last one."""
    delete_for_good()
    works = {"forget": _forget, "files": _files, "words": _words, "compact": _compact, "search": _search}
    while True:
        step = turn.job.checkpoint.get("step", STEPS[0])
        works[step](turn)
        turn.tell()
        if step == STEPS[-1]:
            return True
        if turn.over() or connection.in_atomic_block:
            # Files and deleted bytes have to wait until the rows are gone for good.
            return False


def _next(turn: Turn, step: str, **more: Any) -> None:
    at = turn.job.checkpoint | more | {"step": step}
    turn.save(checkpoint=at, done=STEPS.index(step), total=len(STEPS))


def _member(turn: Turn) -> Member:
    return Member.objects.get(pk=turn.job.checkpoint["member"])


def _forget(turn: Turn) -> None:
    """Everything in the database that says who the person is, in one transaction; remembered beforehand."""
    member = _member(turn)
    if Erasure.objects.filter(member=member).exists():  # repeated over somebody who is erased already
        _next(turn, "files", counts={})
        return
    name, at = turn.job.checkpoint["name"], timezone.now()
    digests = tuple(account_digest(row.platform, row.external_id) for row in member.identities.all())
    runs = _runs_of(member)
    remember(Remembered(name, at, digests))
    with transaction.atomic():
        sealed = seal_needles(gather_needles(member), turn.job)
        counts = forget(member, name=name, at=at, by=Behind(turn.job.actor))
        _next(turn, "files", needles=sealed, counts=counts, runs=runs)


def _runs_of(member: Member) -> list[int]:
    """The imports whose files may have told of the person: those of the formats and communities of their facts."""
    facts = Event.objects.filter(identity__member=member, source__startswith="import:")
    told = set(facts.order_by().values_list("community_id", "source").distinct())
    return [run.pk for run in ImportRun.objects.order_by("pk") if (run.community_id, source_of(run)) in told]


def _files(turn: Turn) -> None:
    """Uploads that told of the person lose their content, reports are deleted; the lake is built anew if need be."""
    from qunying.ground.warehouse.services import rebuild_lake

    at, by = turn.job.checkpoint, Behind(turn.job.actor)
    runs = at.get("runs", [])
    files = StoredFile.objects.filter(pk__in=ImportRun.objects.filter(pk__in=runs).values("files"))
    counts = {"uploads": remove_contents(files, by=by), "reports": sum(remove_report(Report(pk)) for pk in runs)}
    veiled = at["counts"].get("veiled", 0)
    found = clear_files(_needles(turn), by=by, rebuild=rebuild_lake)
    if veiled and not found["lake"]:
        rebuild_lake()
        found["lake"] = 1
    for key, count in found.items():
        counts[key] = counts.get(key, 0) + count
    with transaction.atomic():
        _next(turn, "words", counts=at["counts"] | {key: count for key, count in counts.items() if count})


def _words(turn: Turn) -> None:
    """What others wrote of the person, wherever it stands; and whatever was recorded while the first step ran."""
    Message.objects.filter(event__identity__member=_member(turn)).delete()
    barred = bar_tables(_needles(turn))
    counts = turn.job.checkpoint["counts"] | ({"barred": barred} if barred else {})
    with transaction.atomic():
        _next(turn, "compact", counts=counts)


def _compact(turn: Turn) -> None:
    """Deleted bytes go; a large database only from the command line, for a worker is given a minute."""
    inline = turn.deadline is None
    compacted = (inline or database_size() < LARGE) and compact_database()
    with transaction.atomic():
        _next(turn, "search", compacted=compacted)


def _search(turn: Turn) -> None:
    """The proof: nothing is found any more. Then the needles go, and the request is answered."""
    at = turn.job.checkpoint
    needles = _needles(turn)
    traces = search_traces(needles, deleted=at["compacted"])
    kept = [one.name for one in all_holdings() if one.erase is None]
    result = {
        "member": at["member"],
        "erased": at["counts"],
        "kept": kept,
        "needles": len(needles),
        "compacted": at["compacted"],
        "traces": [str(trace) for trace in traces[:_SHOWN]],
        "clean": not traces,
    }
    turn.job.result = result
    with transaction.atomic():
        SubjectRequest.objects.filter(job=turn.job).update(result=result)
        if not traces:
            done = SubjectRequest.objects.filter(job=turn.job, state=SubjectRequest.State.OPEN)
            done.update(state=SubjectRequest.State.DONE, closed_at=timezone.now(), closed_by=turn.job.actor)
        bare = {key: value for key, value in at.items() if key != "needles"}
        turn.save(checkpoint=bare, done=len(STEPS), total=len(STEPS))


def seal_needles(needles: list[Needle], job: Job) -> str:
    """The needles encrypted for the checkpoint of this job."""
    return base64.b64encode(encrypt(keys_now(), needles_as_json(needles), bound_to=f"erasure:{job.pk}")).decode()


def _needles(turn: Turn) -> list[Needle]:
    sealed = turn.job.checkpoint.get("needles")
    if not sealed:
        return []
    return needles_from_json(decrypt(keys_now(), base64.b64decode(sealed), bound_to=f"erasure:{turn.job.pk}"))
