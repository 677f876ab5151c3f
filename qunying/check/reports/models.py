"""Schedules of reports, and the reports they made."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ReportSchedule(models.Model):
    """A report made again and again: on Monday, or on the first of a month or quarter, local to the community.

    `recipients` are e-mail addresses; with none, the file is only kept. The first report is that of the period
    that ends after `since` (moved when a paused schedule goes on, so that what was missed is not made up).
    """

    class Grain(models.TextChoices):
        """How long a period it covers."""

        WEEK = "week"
        MONTH = "month"
        QUARTER = "quarter"

    class Form(models.TextChoices):
        """What kind of file it makes."""

        HTML = "html"
        PDF = "pdf"
        DOCX = "docx"
        XLSX = "xlsx"

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    grain = models.CharField(max_length=8, choices=Grain.choices)
    form = models.CharField(max_length=4, choices=Form.choices)
    language = models.CharField(max_length=8)
    recipients = models.JSONField(default=list, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    since = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("community__name", "grain", "pk")

    def __str__(self) -> str:
        return f"{self.community_id} {self.grain} {self.form}"


class MadeReport(models.Model):
    """The report of one period that a schedule made, once; where its file lies, and what became of the mail.

    `period` is a name such as 2020-W40. Without a file (`size` 0), `error` says why none could be made.
    """

    class Mail(models.TextChoices):
        """What became of the mail. `unknown`: it was being handed over when the process ended."""

        NONE = "none"
        WAITING = "waiting"
        UNKNOWN = "unknown"
        SENT = "sent"
        FAILED = "failed"

    schedule = models.ForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="made")
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    grain = models.CharField(max_length=8, choices=ReportSchedule.Grain.choices)
    period = models.CharField(max_length=8)
    form = models.CharField(max_length=4, choices=ReportSchedule.Form.choices)
    language = models.CharField(max_length=8)
    size = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    error = models.TextField(blank=True, default="")
    mail = models.CharField(max_length=8, choices=Mail.choices, default=Mail.NONE)
    mailed_to = models.JSONField(default=list, blank=True)
    mail_error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("schedule", "period"), name="made_report_once_a_period"),)

    def __str__(self) -> str:
        return f"{self.community_id} {self.period} {self.form}"


class UnitLogo(models.Model):
    """The logo on reports of a unit's communities, and of those below that have none; a small PNG drawn by us."""

    unit = models.OneToOneField("units.Unit", on_delete=models.CASCADE, related_name="+")
    png = models.BinaryField()
    set_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"logo of {self.unit_id}"
