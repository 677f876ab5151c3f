"""Programs that listen, and what was sent to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Endpoint(models.Model):
    """An address that is told of new facts of a unit's communities, as long as `owner` may see members there.

    `kinds` are names of event kinds, empty for all. `sealed` is the encrypted secret that signs. `failing_since`
    is when the first of the failures came that no success has ended.
    """

    class Off(models.TextChoices):
        """Why nothing is sent any more."""

        HAND = "hand", pgettext_lazy("webhook", "Switched off")
        GONE = "gone", pgettext_lazy("webhook", "The address said it is gone (410)")
        FAILING = "failing", pgettext_lazy("webhook", "Failed for three days")

    NAME_LENGTH = 80
    URL_LENGTH = 500

    name = models.CharField(max_length=NAME_LENGTH)
    url = models.CharField(max_length=URL_LENGTH)
    kinds = models.JSONField(default=list)
    sealed = models.BinaryField(default=b"")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("access.Staff", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    off_at = models.DateTimeField(null=True)
    off_why = models.CharField(max_length=8, choices=Off.choices, blank=True, default="")
    failing_since = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One fact (none: a test) on its way to one endpoint; its body is written anew from the fact at each attempt."""

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey("events.Event", null=True, on_delete=models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("endpoint", "event"), name="delivery_once"),)
        indexes = (
            models.Index(fields=("state", "due_at"), name="delivery_due"),
            models.Index(fields=("endpoint", "state"), name="delivery_by_endpoint"),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"
