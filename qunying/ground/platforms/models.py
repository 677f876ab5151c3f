"""Accounts on outside platforms through which the product acts and hears."""

from __future__ import annotations

from django.db import models


class Account(models.Model):
    """One account, robot or application at a platform, answered for by a unit.

    `settings` holds what is no secret, `sealed` the encrypted rest. While `paused_at` stands, nothing leaves
    through it. `checks` is what the last look at it saw, in every language of the house (`services_health`).
    """

    NAME_LENGTH = 80

    name = models.CharField(max_length=NAME_LENGTH)
    platform = models.CharField(max_length=24)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    settings = models.JSONField(default=dict)
    sealed = models.BinaryField(default=b"")
    paused_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checks = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("platform", "name", "pk")

    def __str__(self) -> str:
        return self.name
