"""The ledger of consents, marks that forbid, and what is left of people who were erased."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Consent(models.Model):
    """One line of the ledger: a person agreed to a purpose, or took it back. Lines are only ever added."""

    class Source(models.TextChoices):
        """How we know."""

        HAND = "hand"
        FORM = "form"
        IMPORT = "import"
        PLATFORM = "platform"

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=32)
    given = models.BooleanField()
    at = models.DateTimeField()
    """When the person said so (UTC)."""
    source = models.CharField(max_length=8, choices=Source.choices)
    text_version = models.CharField(max_length=40, blank=True, default="")
    """Which wording they were shown."""
    by_guardian = models.BooleanField(default=False)
    recorded_by = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=("member", "purpose", "at"), name="consent_standing"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.purpose} {'+' if self.given else '−'}"


class Minor(models.Model):
    """A person who is not of age: under 14 everything of theirs is sensitive and a guardian decides."""

    class Band(models.TextChoices):
        """How young."""

        CHILD = "under_14"
        YOUTH = "under_18"

    member = models.OneToOneField("members.Member", primary_key=True, on_delete=models.PROTECT, related_name="+")
    band = models.CharField(max_length=8, choices=Band.choices)
    marked_by = models.CharField(max_length=64)
    marked_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.member_id} {self.band}"


class Freeze(models.Model):
    """A stretch of time during which nothing is done with what we hold of a person, except keeping it."""

    REASON_LENGTH = 200

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=REASON_LENGTH)
    since = models.DateTimeField(auto_now_add=True)
    frozen_by = models.CharField(max_length=64)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ("-since", "-id")
        constraints = (
            models.UniqueConstraint(fields=("member",), condition=Q(lifted_at__isnull=True), name="frozen_once"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} since {self.since:%Y-%m-%d}"


class Erasure(models.Model):
    """That a person was erased, and when. The member stays as a number without a name."""

    member = models.OneToOneField("members.Member", primary_key=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    erased_by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.member_id} {self.at:%Y-%m-%d}"


class Tombstone(models.Model):
    """The keyed digest of an account that must not come back. It says nothing to whoever lacks the key."""

    digest = models.BinaryField(max_length=16, unique=True)
    erasure = models.CharField(max_length=32)
    """The name of the erasure, not its member: nothing here leads from an account to a person."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return bytes(self.digest).hex()
