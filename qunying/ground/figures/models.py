"""Figures that were counted and still hold."""

from __future__ import annotations

from django.db import models


class SettledFigure(models.Model):
    """The result of a metric over closed days, good as long as no fact or dimension under it changes."""

    key = models.CharField(max_length=64, primary_key=True)
    metric = models.CharField(max_length=60)
    result = models.JSONField()
    batch = models.BigIntegerField()
    dimensions = models.CharField(max_length=64)
    counted_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.metric} {self.key[:8]}"
