"""Requests of the people whose data it is, corrections with what stood there before, periods of keeping."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SubjectRequest(models.Model):
    """What a person asked about their own data, and what came of it."""

    NOTE_LENGTH = 300

    class Kind(models.TextChoices):
        """What they ask for."""

        EXPORT = "export"
        CORRECTION = "correction"
        FREEZE = "freeze"
        ERASURE = "erasure"

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open"
        DONE = "done"
        REFUSED = "refused"

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    received = models.DateField()
    due = models.DateField()
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    """How it came, and what was meant; emptied when the person is erased."""
    answer = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    """What the person was told, and why where it was refused; emptied likewise."""
    result = models.JSONField(default=dict)
    """Counts of what was done."""
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.CharField(max_length=64, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "due"), name="subject_request_due"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Correction(models.Model):
    """That something about a person was put right; what stood there before is kept encrypted."""

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(SubjectRequest, null=True, on_delete=models.SET_NULL, related_name="+")
    field = models.CharField(max_length=32)
    sealed = models.BinaryField()
    """The value before, encrypted; empty text where there was none."""
    at = models.DateTimeField(auto_now_add=True)
    corrected_by = models.CharField(max_length=64)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.member_id}.{self.field}"


class RetentionRule(models.Model):
    """How many days one class of data is kept in a unit and below it, or, without a unit, everywhere."""

    name = models.CharField(max_length=32)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("name", "unit"), name="retention_once_per_unit"),
            models.UniqueConstraint(fields=("name",), condition=Q(unit__isnull=True), name="retention_once_everywhere"),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.days}"
