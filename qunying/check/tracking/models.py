"""What was seen of each goal on a day, and what was kept of each week."""

from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    """How a goal stands."""

    ON_COURSE = "on_course"
    WITHIN = "within"
    OFF_COURSE = "off_course"
    REACHED = "reached"
    NEAR = "near"
    MISSED = "missed"
    UNMEASURED = "unmeasured"


class Why(models.TextChoices):
    """Why a goal cannot be judged yet. From NO_LEAVES on: what the figures call a gap, never recorded there."""

    FUTURE = "future"
    EARLY = "early"
    NO_FACTS = "no_facts"
    NO_VALUE = "no_value"
    NO_TARGET = "no_target"
    NO_LEAVES = "no_leaves"
    NO_ACTS = "no_acts"
    NO_REACTION = "no_reaction"
    NO_MESSAGES = "no_messages"
    NO_ORDERS = "no_orders"
    NO_STEP = "no_step"


class Seen(models.Model):
    """A goal as it stood when the local day `day` ended, as far as was known at `seen_at`.

    `deviation` is relative to `expected`, above 0 where it is better. `outlook` is the forecast to the due day or its
    refusal as plain data, null while it has not been worked out.
    """

    goal = models.ForeignKey("goals.Goal", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    target = models.FloatField(null=True)
    due = models.DateField()
    deviation = models.FloatField(null=True)
    share = models.FloatField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True, default="")
    facts_until = models.DateField(null=True)
    outlook = models.JSONField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.goal_id} {self.day} {self.status}"


class Standing(Seen):
    """One row for each goal and day; today's look may be repeated, one of an earlier day is not rewritten."""

    class Meta:
        ordering = ("day", "pk")
        constraints = (models.UniqueConstraint(fields=("goal", "day"), name="standing_once_a_day"),)


class Snapshot(Seen):
    """One row for each goal and ISO week, such as 2026-W47: what was seen when the week was over, never rewritten."""

    week = models.CharField(max_length=8)

    class Meta:
        ordering = ("week", "pk")
        constraints = (models.UniqueConstraint(fields=("goal", "week"), name="snapshot_once_a_week"),)
