"""Verbs on answers: giving the same one twice, and clearing old ones away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from qunying.doors.api.models import Answer

if TYPE_CHECKING:
    from qunying.ground.access.models import ApiKey

KEPT = timedelta(hours=24)
"""How long an answer is given again."""


def claim_answer(name: str, *, by: ApiKey, digest: bytes) -> tuple[Answer, bool]:
    """The answer kept under this name and whether it is a new one, still empty; one past its time counts as none.

    Call it in the transaction that will fill it: whoever asks for the same name meanwhile waits for that one.
    """
    now = timezone.now()
    Answer.objects.filter(key=by, name=name, given_at__lt=now - KEPT).delete()
    return Answer.objects.get_or_create(key=by, name=name, defaults={"digest": digest, "given_at": now})


@transaction.atomic
def collect_answers() -> int:
    """Remove answers past their time; how many there were."""
    return Answer.objects.filter(given_at__lt=timezone.now() - KEPT).delete()[0]
