"""The organisation tree: headquarters, regions, stores."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

MAX_LEVELS = 20
"""So that a path of twenty 19-digit ids still fits its column."""


class Unit(models.Model):
    """A node of the tree; every community belongs to one, every role holds from one downward."""

    NAME_LENGTH = 80

    name = models.CharField(max_length=NAME_LENGTH)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=400, unique=True, editable=False)
    """Ids from the root down, each closed by a slash (`1/4/9/`): a prefix is a subtree."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(fields=("parent", "name"), name="unit_name_once_per_parent"),
            models.UniqueConstraint(fields=("name",), condition=Q(parent=None), name="unit_name_once_at_the_top"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """0 for a root."""
        return self.path.count("/") - 1
