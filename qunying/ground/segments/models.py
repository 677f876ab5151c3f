"""Segments: conditions with a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Segment(models.Model):
    """People who fit conditions, asked anew each time; in one community, or in all of a unit.

    `conditions` is the plain form of `conditions.Group`. `tag` is what its members carry by rule, at most
    one segment sets a tag: what carries it by rule then is this segment's to take away.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("groups.Community", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    conditions = models.JSONField()
    tag = models.OneToOneField("members.Tag", null=True, on_delete=models.SET_NULL, related_name="+")
    tagged_at = models.DateTimeField(null=True)
    by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "name"), condition=Q(community__isnull=True), name="segment_once_per_unit"
            ),
            models.UniqueConstraint(
                fields=("community", "name"),
                condition=Q(community__isnull=False),
                name="segment_once_per_community",
            ),
        )

    def __str__(self) -> str:
        return self.name
