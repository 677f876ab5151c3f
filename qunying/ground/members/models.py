"""People, the identities they act under, and what is known of them."""

from __future__ import annotations

import secrets

from django.db import models


def new_pseudonym() -> int:
    """A random positive 62-bit number: all the warehouse ever knows of a person or an identity."""
    return secrets.randbits(62)


class Member(models.Model):
    """A person. Staff and bots are marked, and left out of every figure by default."""

    pseudonym = models.BigIntegerField(unique=True, default=new_pseudonym, editable=False)
    display_name = models.CharField(max_length=120, blank=True, default="")
    is_staff = models.BooleanField(default=False)
    is_bot = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.display_name or f"#{self.pk}"


class Identity(models.Model):
    """An account on a platform; it belongs to one member, and facts name it rather than the member."""

    platform = models.CharField(max_length=24)
    external_id = models.CharField(max_length=190)
    pseudonym = models.BigIntegerField(unique=True, default=new_pseudonym, editable=False)
    display_name = models.CharField(max_length=120, blank=True, default="")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="identities")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("platform", "external_id"), name="identity_once"),)

    def __str__(self) -> str:
        return f"{self.platform}:{self.external_id}"


class PrivateField(models.Model):
    """One encrypted fact about a person: real name, phone, address, birthday."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="private_fields")
    name = models.CharField(max_length=32)
    sealed = models.BinaryField()
    digest = models.BinaryField(max_length=16)
    """Keyed digest of the normalised value: finds an exact match without reading anything."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "name"), name="private_field_once"),)
        indexes = (models.Index(fields=("name", "digest"), name="private_field_search"),)

    def __str__(self) -> str:
        return f"{self.member_id}.{self.name}"


class TagDimension(models.Model):
    """One way of sorting people: city, occupation, interest, source."""

    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """One value in a dimension."""

    dimension = models.ForeignKey(TagDimension, on_delete=models.PROTECT, related_name="tags")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("dimension", "name"), name="tag_once_per_dimension"),)

    def __str__(self) -> str:
        return self.name


class MemberTag(models.Model):
    """A tag a person carries, and where it came from."""

    class Source(models.TextChoices):
        """How the tag got there."""

        HAND = "hand"
        RULE = "rule"
        SURVEY = "survey"
        IMPORT = "import"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="member_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="member_tags")
    source = models.CharField(max_length=8, choices=Source.choices)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "tag"), name="member_tag_once"),)

    def __str__(self) -> str:
        return f"{self.member_id}:{self.tag_id}"


class Note(models.Model):
    """What a colleague wrote about a person."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.text[:40]


class DimensionChange(models.Model):
    """Grows by a row whenever people, memberships or tags change; the sum of weights is their version.

    Only inserted, so writers never wait for one another; a task folds old rows into one for each community.
    """

    community_id = models.PositiveBigIntegerField(null=True, db_index=True)
    """Whose figures are concerned; null: everyone's. A plain number, as communities stand above members."""
    weight = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.weight)
