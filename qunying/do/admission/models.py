"""People who ask to be let into a group."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class Applicant(models.Model):
    """Somebody who asked to be let into a group, and what a colleague answered.

    `name` is the request's own at the platform and `sort` what the platform wants back with the answer.
    """

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", pgettext_lazy("applicant", "Waiting")
        ADMITTED = "admitted", pgettext_lazy("applicant", "Let in")
        TURNED_AWAY = "refused", pgettext_lazy("applicant", "Turned away")
        SETTLED = "settled", pgettext_lazy("applicant", "Settled elsewhere")

    NAME_LENGTH = 120
    SORT_LENGTH = 20
    WHY_LENGTH = 80

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey("members.Identity", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    sort = models.CharField(max_length=SORT_LENGTH, blank=True, default="")
    words = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=WHY_LENGTH, blank=True, default="")
    decided_by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("group", "name"), name="applicant_once"),)
        indexes = (models.Index(fields=("asked_at",), condition=Q(state="waiting"), name="applicant_waiting"),)

    def __str__(self) -> str:
        return f"{self.identity_id} at {self.group_id}"
