"""Backups that were made or tried on this machine."""

from __future__ import annotations

from django.db import models


class Backup(models.Model):
    """One backup: asked for, made, failed, or removed when its turn was over. The file lies in a directory."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        REMOVED = "removed"

    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    night = models.DateField(null=True, unique=True)
    """The day whose nightly backup this is; null where a person asked for it."""
    path = models.CharField(max_length=400, default="")
    size = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    error = models.TextField(default="")
    actor = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    """Moved on while it is being made: one that stands still has died."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.path or f"#{self.pk}"
