"""What was made of a playbook in a community, and from which text."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Application(models.Model):
    """A playbook taken to a community: drafted for review, then applied, perhaps undone.

    `text` is the exact file and `digest` its SHA-256 in hex; `content` is the whole of it as it was
    edited in the review, `left_out` the lines not wanted, as “section/key”. `made` says what came of each
    line ({section, key, title, ref}), `kept` what undoing left because people had changed it ({section, key, title,
    reason}). `start` is a local day of the community.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft"
        APPLIED = "applied"
        UNDONE = "undone"

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    playbook = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    start = models.DateField()
    content = models.JSONField()
    left_out = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    made = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=64)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.CharField(max_length=64, blank=True, default="")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("community", "playbook"),
                condition=Q(state="applied"),
                name="application_stands_once_per_playbook",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", applied_at__isnull=True, undone_at__isnull=True)
                | Q(state="applied", applied_at__isnull=False, undone_at__isnull=True)
                | Q(state="undone", applied_at__isnull=False, undone_at__isnull=False),
                name="application_state_has_its_times",
            ),
        )

    def __str__(self) -> str:
        return f"{self.playbook} {self.version}: {self.state}"
