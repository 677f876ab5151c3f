"""How far execution may stay behind the plan before a unit is pointed out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Tolerance(models.Model):
    """The execution deviation a unit is allowed, in per cent; it holds for everything below until another is set."""

    unit = models.OneToOneField("units.Unit", on_delete=models.CASCADE, related_name="+")
    percent = models.DecimalField(max_digits=4, decimal_places=1)
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="tolerance_is_a_share"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.percent} %"
