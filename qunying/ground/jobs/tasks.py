"""What the workers call: ids in, nothing out."""

from __future__ import annotations

from qunying.ground.jobs.services import take_step


def step(job_id: int) -> None:
    """One step of a job; the next is enqueued after it."""
    take_step(job_id)
