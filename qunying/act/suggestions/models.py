"""Suggestions, what came of them, and the nights on which was looked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Suggestion(models.Model):
    """Something notable in a community that wants a decision.

    `key` is the same from night to night, so that one finding stands once. `params` fill the sentence,
    which is put together when it is read, in the reader's language; `evidence` is its small chart.
    `seen_first` and `seen_last` are local days. `q` is the share of false alarms among findings as sure as
    this; null for what is no test, such as a goal off its course.
    """

    class State(models.TextChoices):
        """Where the decision stands."""

        OPEN = "open"
        ACCEPTED = "accepted"
        DISMISSED = "dismissed"
        EXPIRED = "expired"

    REASON_LENGTH = 300

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    detector = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    params = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    effect = models.FloatField()
    q = models.FloatField(null=True)
    seen_first = models.DateField()
    seen_last = models.DateField()
    raised_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    work = models.ForeignKey("schedule.WorkItem", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-seen_last", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("community", "key"), condition=Q(state="open"), name="suggestion_open_once"
            ),
        )
        indexes = (models.Index(fields=("community", "state"), name="suggestion_by_state"),)

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Result(models.Model):
    """The figure a suggestion was about, before it was accepted and after the work was done.

    Both over the same number of days; a share carries its part and whole. A difference is no proof that the
    work made it, and pages say so.
    """

    suggestion = models.OneToOneField(Suggestion, on_delete=models.CASCADE, related_name="result")
    before_from = models.DateField()
    before_to = models.DateField()
    before = models.FloatField()
    before_part = models.IntegerField(null=True)
    before_whole = models.IntegerField(null=True)
    after_from = models.DateField()
    after_to = models.DateField()
    after = models.FloatField()
    after_part = models.IntegerField(null=True)
    after_whole = models.IntegerField(null=True)
    measured_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.suggestion_id}: {self.before} → {self.after}"

    @property
    def change(self) -> float | None:
        """The relative change: 0.1 is 10 % more; None where there was nothing before."""
        return self.after / self.before - 1 if self.before else None


class Night(models.Model):
    """One look at one community: as of which local day, how many questions were put, how many findings there were."""

    community = models.ForeignKey("groups.Community", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    until = models.DateField(null=True)
    questions = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("community", "day"), name="night_once"),)

    def __str__(self) -> str:
        return f"{self.community_id} {self.day}"
