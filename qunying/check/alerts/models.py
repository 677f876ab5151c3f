"""Alerts on goals, the steps they took, and who took note of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Alert(models.Model):
    """One time a goal fell behind, from the first level until it was calm again (`closed` is that local day).

    `value` is by how many % it was behind its path when last seen; `noted` the level a person has taken
    note of: above it, the alert asks for somebody.
    """

    goal = models.ForeignKey("goals.Goal", on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    peak = models.PositiveSmallIntegerField()
    value = models.FloatField()
    opened = models.DateField()
    since = models.DateField()
    closed = models.DateField(null=True)
    noted = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-level", "since", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("goal",), condition=Q(closed__isnull=True), name="alert_open_once_per_goal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.goal_id} {self.level} since {self.since}"

    @property
    def calls(self) -> bool:
        """Whether it stands higher than anybody has taken note of."""
        return self.closed is None and self.level > self.noted


class AlertStep(models.Model):
    """A change of level on a local day, with by how many % the goal was behind."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="steps")
    day = models.DateField()
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    value = models.FloatField()

    class Meta:
        ordering = ("day", "pk")

    def __str__(self) -> str:
        return f"{self.alert_id} {self.day}: {self.before} to {self.after}"


class Acknowledgement(models.Model):
    """A person took note of an alert at a level, and said what of it."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="acknowledgements")
    level = models.PositiveSmallIntegerField()
    note = models.TextField()
    by = models.CharField(max_length=60)
    staff = models.ForeignKey("access.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.alert_id} {self.by}"


class Watch(models.Model):
    """Up to which local day the looks at a goal have been judged."""

    goal = models.OneToOneField("goals.Goal", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.goal_id} up to {self.day}"
