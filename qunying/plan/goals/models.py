"""Goals, how they were revised, and what people measured for them by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from qunying.kit.periods import Period

if TYPE_CHECKING:
    from datetime import date

_WEEK, _MONTH, _QUARTER = 10, 45, 135


class Goal(models.Model):
    """One thing a community is to reach: a figure, a target, and the local days from `start` to `due`.

    Numbers stand in the unit of the figure: people, a share from 0 to 1, money in minor units. The
    target is a number of its own, or `target_ratio` times the baseline.
    """

    class Dimension(models.TextChoices):
        """What it is about."""

        USER = "user"
        CONTENT = "content"
        INTERACTION = "interaction"
        BUSINESS = "business"
        BRAND = "brand"

    class Term(models.TextChoices):
        """How far ahead it thinks, and so how often it is revised."""

        LONG = "long"
        MIDDLE = "middle"
        SHORT = "short"

    class Horizon(models.TextChoices):
        """The length of time it spans."""

        YEAR = "year"
        QUARTER = "quarter"
        MONTH = "month"
        WEEK = "week"

    class Direction(models.TextChoices):
        """Which way is better."""

        UP = "up"
        DOWN = "down"

    class Unit(models.TextChoices):
        """What its numbers count."""

        PEOPLE = "people"
        FACTS = "facts"
        ORDERS = "orders"
        SHARE = "share"
        MONEY = "money"
        PER_DAY = "per_day"
        NUMBER = "number"

    class NoBaseline(models.TextChoices):
        """Why there is no baseline."""

        HAND = "hand"
        SHORT = "short"
        EMPTY = "empty"
        UNTAKEN = "untaken"

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    key = models.CharField(max_length=60, blank=True, default="")
    playbook = models.CharField(max_length=80, blank=True, default="")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True, default="")
    note = models.TextField(blank=True, default="")
    dimension = models.CharField(max_length=12, choices=Dimension.choices)
    term = models.CharField(max_length=8, choices=Term.choices)
    owner = models.ForeignKey("access.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner_role = models.CharField(max_length=32, blank=True, default="")

    metric = models.CharField(max_length=60, blank=True, default="")
    params = models.JSONField(default=dict, blank=True)
    unit = models.CharField(max_length=8, choices=Unit.choices)
    window = models.PositiveSmallIntegerField(default=1)
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.UP)
    target_value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    target_ratio = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    flexibility = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal("0.1"))
    benchmark = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    benchmark_source = models.CharField(max_length=200, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")
    """Where a playbook has its target from."""
    start = models.DateField()
    due = models.DateField()

    baseline = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    baseline_numerator = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    baseline_denominator = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    baseline_from = models.DateField(null=True)
    baseline_to = models.DateField(null=True)
    baseline_at = models.DateTimeField(null=True)
    no_baseline = models.CharField(max_length=8, choices=NoBaseline.choices, blank=True, default=NoBaseline.UNTAKEN)

    made_at = models.DateTimeField(auto_now_add=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("start", "due", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(due__gte=F("start")), name="goal_due_after_start"),
            models.CheckConstraint(
                condition=Q(target_value__isnull=True, target_ratio__isnull=False)
                | Q(target_value__isnull=False, target_ratio__isnull=True),
                name="goal_one_kind_of_target",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(no_baseline=""), name="goal_baseline_or_reason"
            ),
            models.CheckConstraint(condition=Q(window__gte=1), name="goal_window_of_days"),
            models.UniqueConstraint(
                fields=("community", "key"),
                condition=~Q(key="") & Q(dropped_at__isnull=True),
                name="goal_key_once_per_community",
            ),
        )
        indexes = (models.Index(fields=("community", "due"), name="goal_community_due"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The title in the language of the reader, where it has one in it."""
        english = bool(self.title_en) and not (get_language() or "zh").startswith("zh")
        return self.title_en if english else self.title

    @property
    def by_hand(self) -> bool:
        """Whether a person enters its values."""
        return not self.metric

    @property
    def span(self) -> Period:
        """The local days it runs."""
        return Period(self.start, self.due)

    @property
    def horizon(self) -> Goal.Horizon:
        """Week, month, quarter or year, by the days it runs."""
        return horizon_of(self.start, self.due)

    @property
    def target(self) -> Decimal | None:
        """The number to be reached; None for a multiple of a baseline that is not known."""
        if self.target_ratio is None:
            return self.target_value
        return None if self.baseline is None else self.baseline * self.target_ratio


def horizon_of(start: date, due: date) -> Goal.Horizon:
    """Up to 10 days are a week, up to 45 a month, up to 135 a quarter, more a year."""
    days = (due - start).days + 1
    if days <= _WEEK:
        return Goal.Horizon.WEEK
    if days <= _MONTH:
        return Goal.Horizon.MONTH
    return Goal.Horizon.QUARTER if days <= _QUARTER else Goal.Horizon.YEAR


class Revision(models.Model):
    """A look at a goal at which its target or its due day was changed, or left as it is; never rewritten."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField(auto_now_add=True)
    day = models.DateField()
    by = models.CharField(max_length=60)
    staff = models.ForeignKey("access.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    old_due = models.DateField()
    new_due = models.DateField()
    old_target = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    new_target = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    old_ratio = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    new_ratio = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    off_rhythm = models.BooleanField(default=False)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.goal_id} {self.day}"

    @property
    def kept(self) -> bool:
        """Whether the goal was left as it is."""
        return (self.old_due, self.old_target, self.old_ratio) == (self.new_due, self.new_target, self.new_ratio)


class HandValue(models.Model):
    """A value that a person measured for a goal on a local day; the latest entry of a day counts."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="values")
    day = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    numerator = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    note = models.TextField(blank=True, default="")
    by = models.CharField(max_length=60)
    staff = models.ForeignKey("access.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("day", "pk")

    def __str__(self) -> str:
        return f"{self.goal_id} {self.day}: {self.value}"
