"""Runs that held a group's own list against what was known, and whom they found missing or too many."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Sync(models.Model):
    """One run over one group. `night` is the local day of the machine for which a nightly run was made."""

    class State(models.TextChoices):
        """How it stands."""

        DONE = "done", pgettext_lazy("sync", "Done")
        FAILED = "failed", pgettext_lazy("sync", "Failed")

    ERROR_LENGTH = 300

    account = models.ForeignKey("platforms.Account", on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="syncs")
    night = models.DateField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices)
    listed = models.PositiveIntegerField(default=0)
    """How many people the platform listed."""
    joined = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=ERROR_LENGTH, blank=True, default="")

    class Meta:
        ordering = ("-began_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("group", "night"), name="sync_once_a_night"),)
        indexes = (models.Index(fields=("account", "began_at"), name="sync_of_account"),)

    def __str__(self) -> str:
        return f"{self.group_id} {self.began_at:%Y-%m-%d %H:%M}"


class Difference(models.Model):
    """Somebody whom the platform listed and we did not know to be there, or the other way round."""

    class Sort(models.TextChoices):
        """Which way round."""

        JOINED = "joined", pgettext_lazy("sync", "There, unknown to us")
        LEFT = "left", pgettext_lazy("sync", "Gone, unknown to us")

    sync = models.ForeignKey(Sync, on_delete=models.CASCADE, related_name="differences")
    identity = models.ForeignKey("members.Identity", on_delete=models.CASCADE, related_name="+")
    sort = models.CharField(max_length=8, choices=Sort.choices)

    class Meta:
        ordering = ("sort", "pk")
        constraints = (models.UniqueConstraint(fields=("sync", "identity"), name="difference_once_a_sync"),)

    def __str__(self) -> str:
        return f"{self.sort} {self.identity_id}"
