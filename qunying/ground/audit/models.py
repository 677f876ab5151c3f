"""Acts as they were written down, and the seals put on them afterwards."""

from __future__ import annotations

from django.db import models


class Act(models.Model):
    """One act of a person or a key: who, what verb, on what; ids and digests only. Never changed."""

    id = models.BigAutoField(primary_key=True)
    tx = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    verb = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=32, default="")
    subject_id = models.CharField(max_length=64, default="")
    details = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=("tx", "id"), name="act_horizon"),
            models.Index(fields=("verb", "at"), name="act_verb"),
            models.Index(fields=("actor", "at"), name="act_actor"),
        )

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject_type}:{self.subject_id}"


class Lift(models.Model):
    """One row after a restore: what is added to the transaction numbers of new acts.

    A new database counts its transactions from the beginning, and the sealer takes only what stands behind the
    last link.
    """

    lift = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.lift)


class Seal(models.Model):
    """One link of the chain: the act's digest together with the link before it."""

    number = models.BigIntegerField(primary_key=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="seal")
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.number}: {bytes(self.digest).hex()[:12]}"
