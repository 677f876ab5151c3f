"""The stage a community seems to be in, and the stages people said it was in."""

from __future__ import annotations

from django.db import models


class Stage(models.TextChoices):
    """The five stages of a community's life."""

    START = "start"
    GROWTH = "growth"
    MATURITY = "maturity"
    DECLINE = "decline"
    REVIVAL = "revival"


class StageProposal(models.Model):
    """What the figures of a community looked like when the local day `day` ended; counted on the day `looked`."""

    community = models.OneToOneField("groups.Community", on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    day = models.DateField()
    looked = models.DateField()
    evidence = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.community_id} {self.stage}"


class StageMark(models.Model):
    """A person said which stage the community is in from a local day on; the latest holds, the others are history."""

    community = models.ForeignKey("groups.Community", on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    since = models.DateField()
    proposed = models.CharField(max_length=8, choices=Stage.choices, blank=True, default="")
    evidence = models.JSONField(default=dict)
    note = models.TextField(blank=True, default="")
    by = models.CharField(max_length=60)
    staff = models.ForeignKey("access.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("community", "-at"), name="stage_mark_latest"),)

    def __str__(self) -> str:
        return f"{self.community_id} {self.stage} since {self.since}"
