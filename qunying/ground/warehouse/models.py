"""The book of the lake: which facts went in with which batch, and what has been counted."""

from __future__ import annotations

from django.db import models


class LakeBatch(models.Model):
    """A numbered batch and the range of the log it holds, written before the lake is touched."""

    number = models.BigIntegerField(primary_key=True)
    from_tx = models.BigIntegerField()
    from_id = models.BigIntegerField()
    to_tx = models.BigIntegerField()
    to_id = models.BigIntegerField()
    rows = models.BigIntegerField()
    committed = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.number}: {self.rows}"


class DayMark(models.Model):
    """The last batch that touched a local day of a community: a settled figure older than it is void."""

    community = models.ForeignKey("groups.Community", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    batch = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("community", "day"), name="day_mark_once"),)

    def __str__(self) -> str:
        return f"{self.community_id} {self.day}"
