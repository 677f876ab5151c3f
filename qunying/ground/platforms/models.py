"""Accounts on outside platforms through which the product acts and hears, and colleagues reached by them."""

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


class Phone(models.Model):
    """That a colleague wants their tasks on their phone: through which account, and as whom the platform knows them.

    It holds once they have pressed the button of the first card, which only the owner of the phone can.
    """

    NAME_LENGTH = 64

    staff = models.OneToOneField("access.Staff", on_delete=models.CASCADE, related_name="phone")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="phones")
    name = models.CharField(max_length=NAME_LENGTH)
    made_at = models.DateTimeField(auto_now_add=True)
    proved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.staff_id} {self.name}"


class Card(models.Model):
    """One card for one phone about one thing (`kind`, `subject`), once; `handle` is what changes it there later.

    `trouble` says why it could not be brought.
    """

    PHONE = "phone"
    KIND_LENGTH, SUBJECT_LENGTH, TROUBLE_LENGTH = 24, 40, 300

    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="cards")
    kind = models.CharField(max_length=KIND_LENGTH)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    words = models.JSONField(default=dict)
    handle = models.CharField(max_length=190, blank=True, default="")
    trouble = models.CharField(max_length=TROUBLE_LENGTH, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)
    """When a process took it up to bring it: it may get lost with its process, but never comes twice."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("phone", "kind", "subject"), name="card_once"),)
        indexes = (models.Index(fields=("kind", "subject"), name="card_about"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
