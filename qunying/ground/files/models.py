"""Files people brought in or may take away."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    """One file in the home directory, named by its digest; the name people gave it is kept beside."""

    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    purpose = models.CharField(max_length=32)
    owner = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    """When the content was removed for its age; the name and the digest stay."""

    def __str__(self) -> str:
        return self.name
