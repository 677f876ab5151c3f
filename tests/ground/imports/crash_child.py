"""A process that starts an import, or goes on with one, and may be killed on its way.

`python crash_child.py start FILE POINT NTH`: import FILE as orders, dying by SIGKILL at the NTH checkpoint,
before its commit or after it, or before the job is marked as done. `… survive`: take up what was left, as a
worker does, and say as JSON what there is. `… queue FILE`: start the import and leave it to a worker.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction
from django.utils import timezone


def queue(path: Path, *, by_worker: bool = True) -> int:
    """Start the import; the id of its job."""
    from qunying.ground.groups.services import create_community  # noqa: PLC0415 - Django starts in main
    from qunying.ground.imports.services import start_import  # noqa: PLC0415 - as above
    from qunying.ground.units.models import Unit  # noqa: PLC0415 - as above
    from tests.support.imports import TESTS, bring_path  # noqa: PLC0415 - as above

    community = create_community("crash", name="crash", unit=Unit.objects.get(), by=TESTS)
    file = bring_path(path)
    return start_import([file], format="orders", community=community, by=TESTS, queue=by_worker).job_id


def start(path: Path, point: str, nth: int) -> None:
    """Import until killed."""
    from qunying.ground.jobs.services import take_step  # noqa: PLC0415 - Django starts in main

    job_id = queue(path, by_worker=False)
    numbers = count(1)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if point == "before_done" and sql.startswith("UPDATE") and "done" in params:
            os.kill(os.getpid(), signal.SIGKILL)
        done = execute(sql, params, many, context)
        if sql.startswith("UPDATE") and '"checkpoint" =' in sql and next(numbers) == nth:
            if point == "before_commit":
                os.kill(os.getpid(), signal.SIGKILL)
            elif point == "after_commit":
                transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        return done

    with connection.execute_wrapper(watch):
        take_step(job_id)


def survive() -> dict[str, Any]:
    """What is there once another process has taken the job up."""
    from qunying.ground.events.models import Event  # noqa: PLC0415 - Django starts in main
    from qunying.ground.jobs.models import Job  # noqa: PLC0415 - as above
    from qunying.ground.jobs.services import pick_up_stuck, take_step  # noqa: PLC0415 - as above

    found = Event.objects.count()
    past = timezone.now() - timedelta(hours=1)
    Job.objects.update(claimed_until=past, created_at=past)
    [job_id] = pick_up_stuck()
    while take_step(job_id):
        pass
    job = Job.objects.get()
    same = ("rows", "stored", "duplicates", "rejected")
    return {"found": found, "events": Event.objects.count(), "state": job.state} | {
        key: job.result[key] for key in same
    }


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "start":
        start(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    elif sys.argv[1] == "queue":
        queue(Path(sys.argv[2]))
    else:
        sys.stdout.write(json.dumps(survive()))
