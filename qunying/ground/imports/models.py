"""Runs of importers and the mappings people saved for them."""

from __future__ import annotations

from django.db import models


class ColumnMapping(models.Model):
    """Which column of a file means what, saved under a name to be used again."""

    community = models.ForeignKey("groups.Community", on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("community", "format", "name"), name="mapping_name_once"),)

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One import of one or more files: what was asked, and what came of it."""

    job = models.OneToOneField("jobs.Job", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("groups.Group", null=True, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=32)
    files = models.ManyToManyField("files.StoredFile", related_name="+")
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    dry_run = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.format} {self.pk}"
