"""Mergings of people, what suggests them, and the rules that may do without asking."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Merge(models.Model):
    """Two people turned out to be one: `absorbed` went into `kept`. Undone ones stay, as their history."""

    kept = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    absorbed = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    rule = models.CharField(max_length=12, blank=True, default="")
    """The rule that did it: unionid or phone; empty where a person did."""
    reasons = models.JSONField(default=list)
    given = models.JSONField(default=dict)
    """What the merging changed on the row of `kept` itself: marks set, a name filled in."""
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("absorbed",), condition=Q(undone_at__isnull=True), name="merge_standing_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.kept_id}"


class Likeness(models.Model):
    """Two people who may be one, with the reasons and a score between 0 and 1.

    The one with the lower id comes first. What was dismissed once is not suggested again.
    """

    first = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    """[{"why": key of a reason, "weight": 0 to 1, …}], the strongest first; never a private value."""
    found_at = models.DateTimeField(auto_now_add=True)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-score", "pk")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="likeness_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="likeness_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"


class MergeRule(models.Model):
    """A kind of likeness that may merge people without asking; off until someone switches it on."""

    class Name(models.TextChoices):
        """What two people must share."""

        UNION = "unionid"
        PHONE = "phone"

    name = models.CharField(max_length=12, choices=Name.choices, primary_key=True)
    on = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
