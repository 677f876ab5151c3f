"""What the patrol saw, and faults from when they came until they went."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Fault(models.Model):
    """Something that is not as it should be, from the first look that saw it to the first that did not."""

    check_name = models.CharField(max_length=40)
    state = models.CharField(max_length=12)
    values = models.JSONField(default=dict)
    """Numbers for the sentence, as they were seen last."""
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("check_name",), condition=Q(closed_at=None), name="fault_open_once"),
        )

    def __str__(self) -> str:
        return f"{self.check_name} {self.opened_at:%Y-%m-%d}"


class Patrol(models.Model):
    """One round of the patrol: every check with what it saw."""

    at = models.DateTimeField()
    results = models.JSONField()
    """A list of {"check", "state", "values"}, in the order of the checks."""

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
