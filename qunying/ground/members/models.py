"""People, the identities they act under, and what is known of them."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import pgettext_lazy

from qunying.ground.members.shipped import shipped_label


def new_pseudonym() -> int:
    """A random positive 62-bit number: all the warehouse ever knows of a person or an identity."""
    return secrets.randbits(62)


class Member(models.Model):
    """A person. Staff and bots are marked, and left out of every figure by default."""

    pseudonym = models.BigIntegerField(unique=True, default=new_pseudonym, editable=False)
    display_name = models.CharField(max_length=120, blank=True, default="")
    is_staff = models.BooleanField(default=False)
    is_bot = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    """The person this one turned out to be. What it brought is there , the row waits should they part."""
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.display_name or f"#{self.pk}"


class Identity(models.Model):
    """An account on a platform; it belongs to one member, and facts name it rather than the member."""

    platform = models.CharField(max_length=24)
    external_id = models.CharField(max_length=190)
    pseudonym = models.BigIntegerField(unique=True, default=new_pseudonym, editable=False)
    display_name = models.CharField(max_length=120, blank=True, default="")
    union_id = models.CharField(max_length=64, blank=True, default="", db_default="", db_index=True)
    """What the platform calls this person across its apps (WeChat's unionid); the same one is the same person."""
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="identities")
    home = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    """Whose it was before people were merged; null while it is where it was made."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("platform", "external_id"), name="identity_once"),)

    def __str__(self) -> str:
        return f"{self.platform}:{self.external_id}"


class PrivateField(models.Model):
    """One encrypted fact about a person: real name, phone, address, birthday."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="private_fields")
    home = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
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
    """One way of sorting people: city, occupation, interest, source.

    `key` names one that ships with the product; it shows in the reader's language until someone gives it
    a name of their own. Archived ones are not offered any more; who carries their tags keeps them.
    """

    class Aspect(models.TextChoices):
        """Which side of a person it tells of."""

        BASE = "base"
        BEHAVIOUR = "behaviour"
        PREFERENCES = "preferences"
        SOCIAL = "social"

    name = models.CharField(max_length=60, unique=True)
    key = models.SlugField(max_length=40, blank=True, default="")
    aspect = models.CharField(max_length=12, choices=Aspect.choices, default=Aspect.BASE)
    own_name = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("key",), condition=~models.Q(key=""), name="tag_dimension_shipped_once"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return shipped_label(self.key, self.name) if self.key and not self.own_name else self.name


class Tag(models.Model):
    """One value in a dimension."""

    dimension = models.ForeignKey(TagDimension, on_delete=models.PROTECT, related_name="tags")
    name = models.CharField(max_length=80)
    key = models.SlugField(max_length=60, blank=True, default="")
    own_name = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("dimension", "name"), name="tag_once_per_dimension"),
            models.UniqueConstraint(fields=("key",), condition=~models.Q(key=""), name="tag_shipped_once"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return shipped_label(self.key, self.name) if self.key and not self.own_name else self.name


class MemberTag(models.Model):
    """A tag a person carries, and where it came from."""

    class Source(models.TextChoices):
        """How the tag got there."""

        HAND = "hand", pgettext_lazy("tag source", "By hand")
        RULE = "rule", pgettext_lazy("tag source", "By a rule")
        SURVEY = "survey", pgettext_lazy("tag source", "By a survey")
        IMPORT = "import", pgettext_lazy("tag source", "By an import")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="member_tags")
    home = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
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
    home = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
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
