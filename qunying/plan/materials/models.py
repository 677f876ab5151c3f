"""Folders, materials with their files and where they were used, and scripts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _


class Folder(models.Model):
    """A place in the tree of materials: of one community, or, without one, of a unit and all below it."""

    NAME_LENGTH = 40

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("groups.Community", null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="inside")
    name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                "unit",
                Coalesce("community", Value(0)),
                Coalesce("parent", Value(0)),
                Lower("name"),
                name="folder_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Material(models.Model):
    """Something that content can be made of; what `kind` says decides whether it has a file, an address or words.

    It is one community's, or, without one, may be used in all communities of the unit and below. `valid_from` and
    `valid_until` (last day, included) are local days between which it says the truth; `licence_until` is the last day
    on which it may be used. `version` is the number of the newest `MaterialVersion`, whose contents stand here too.
    """

    NAME_LENGTH, SOURCE_LENGTH, ADDRESS_LENGTH = 120, 200, 500

    class Kind(models.TextChoices):
        """What it is."""

        PICTURE = "picture", _("Picture")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Audio")
        DOCUMENT = "document", _("Document")
        LINK = "link", _("Link")
        CARD = "card", _("Card or web page")
        TEXT = "text", _("Text")

    class Licence(models.TextChoices):
        """By what right it is used."""

        UNKNOWN = "", _("Not said yet")
        OWN = "own", _("Made by ourselves")
        GRANTED = "granted", _("Allowed by its maker")
        BOUGHT = "bought", _("Bought")
        FREE = "free", _("Free licence")
        MEMBER = "member", _("Sent in by a member")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("groups.Community", null=True, on_delete=models.PROTECT, related_name="+")
    folder = models.ForeignKey(Folder, null=True, on_delete=models.SET_NULL, related_name="materials")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=NAME_LENGTH)
    words = models.TextField(blank=True, default="")
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True, default="")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=80, blank=True, default="")
    licence = models.CharField(max_length=8, choices=Licence.choices, blank=True, default=Licence.UNKNOWN)
    source = models.CharField(max_length=SOURCE_LENGTH, blank=True, default="")
    licence_until = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("unit", "archived_at"), name="material_by_unit"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="material_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name


class MaterialVersion(models.Model):
    """What a material was at one time; a file or words that are replaced stay here."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    words = models.TextField(blank=True, default="")
    address = models.CharField(max_length=Material.ADDRESS_LENGTH, blank=True, default="")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=80, blank=True, default="")
    written_by = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("material", "number")
        constraints = (models.UniqueConstraint(fields=("material", "number"), name="material_version_once"),)

    def __str__(self) -> str:
        return f"{self.material_id} v{self.number}"


class MaterialTag(models.Model):
    """A word under which a material is found."""

    LENGTH, MOST = 20, 20

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=LENGTH)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("material", "name"), name="material_tag_once"),)

    def __str__(self) -> str:
        return self.name


class Use(models.Model):
    """That a material stands in something: `what` names its kind (`entry`), `what_id` the one."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="uses")
    what = models.CharField(max_length=20)
    what_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (models.UniqueConstraint(fields=("material", "what", "what_id"), name="material_use_once"),)

    def __str__(self) -> str:
        return f"{self.material_id} {self.what} {self.what_id}"


class Script(models.Model):
    """Words that are said again and again in a `situation` (a greeting, a question about prices, a complaint).

    Of one community, or, without one, of a unit and all below it. `{name}` marks what is filled in each time.
    """

    TITLE_LENGTH, SITUATION_LENGTH, MOST_WORDS = 60, 30, 2_000

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("groups.Community", null=True, on_delete=models.PROTECT, related_name="+")
    situation = models.CharField(max_length=SITUATION_LENGTH)
    title = models.CharField(max_length=TITLE_LENGTH)
    words = models.TextField()
    uses = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("situation", "title", "pk")
        constraints = (
            models.UniqueConstraint(
                "unit",
                Coalesce("community", Value(0)),
                Lower("situation"),
                Lower("title"),
                condition=Q(archived_at__isnull=True),
                name="script_once",
            ),
        )

    def __str__(self) -> str:
        return self.title
