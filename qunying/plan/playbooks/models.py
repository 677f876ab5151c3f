"""What was made of a playbook in a community, from which text; and the shelf of playbooks of one's own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Application(models.Model):
    """A playbook taken to a community: drafted for review, then applied, perhaps undone.

    `text` is the exact file and `digest` its SHA-256 in hex; `content` is the whole of it as it was
    edited in the review, `original` the same before anybody edited it, `left_out` the lines not wanted, as
    “section/key”. `made` says what came of each line ({section, key, title, ref}), `kept` what undoing left
    because people had changed it ({section, key, title, reason}). `start` is a local day of the community.
    `live` names the sections that were live when it was applied.

    A draft that `follows` an applied one holds a newer version, or what has come alive since; applied, it takes
    over all that the other made, and the other is replaced. `declined` is the offer somebody said no to.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft"
        APPLIED = "applied"
        UNDONE = "undone"
        REPLACED = "replaced"

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    playbook = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    start = models.DateField()
    content = models.JSONField()
    original = models.JSONField(default=dict)
    live = models.JSONField(default=list)
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    declined = models.CharField(max_length=200, blank=True, default="")
    left_out = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    made = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=64)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.CharField(max_length=64, blank=True, default="")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("community", "playbook"),
                condition=Q(state="applied"),
                name="application_stands_once_per_playbook",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", applied_at__isnull=True, undone_at__isnull=True)
                | Q(state="applied", applied_at__isnull=False, undone_at__isnull=True)
                | Q(state="replaced", applied_at__isnull=False, undone_at__isnull=True)
                | Q(state="undone", applied_at__isnull=False, undone_at__isnull=False),
                name="application_state_has_its_times",
            ),
        )

    def __str__(self) -> str:
        return f"{self.playbook} {self.version}: {self.state}"


class Book(models.Model):
    """A playbook of one's own on the shelf of a unit, for the unit and everything below it.

    Names are given once in the house, and are none of those that come with Qunying. What is removed keeps its
    name and its versions, and can be put back.
    """

    name = models.CharField(max_length=60, unique=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class BookVersion(models.Model):
    """One version of it: the exact text, its SHA-256 in hex, and the whole content as it was when it was put there.

    `community` is where it was exported from; a file somebody brought has none.
    """

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="versions")
    version = models.CharField(max_length=20)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    community = models.ForeignKey("groups.Community", null=True, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    put_by = models.CharField(max_length=64)

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("book", "version"), name="book_version_once"),)

    def __str__(self) -> str:
        return f"{self.book.name} {self.version}"
