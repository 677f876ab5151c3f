"""Work: one thing to do, by somebody, until a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qunying.kit.saying import say


class WorkItem(models.Model):
    """One thing to do in a community, or in a unit as a whole.

    Without an owner it belongs to the team of the unit. `due` is a local day of the community. What is
    no longer wanted is dropped, not deleted. `origin_*` name what it came from: the label of an app, the
    id of its row there, and a sentence for people. What a playbook made has the playbook's `key` for it,
    and may have an English title beside the Chinese one, a note in both, and the role whose task it is.

    All times of work that comes round again have one key. `skipped` are those that nobody did and nobody
    will: dropped, and yet counted as not done; `done_note` says why.
    """

    TITLE_LENGTH = 120
    NOTE_LENGTH = 500

    class Priority(models.IntegerChoices):
        """What comes first on the same day."""

        URGENT = 1
        USUAL = 2
        LATER = 3

    title = models.CharField(max_length=TITLE_LENGTH)
    title_en = models.CharField(max_length=TITLE_LENGTH, blank=True, default="")
    note = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")
    community = models.ForeignKey("groups.Community", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_role = models.CharField(max_length=32, blank=True, default="")
    due = models.DateField()
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.USUAL)
    origin_app = models.CharField(max_length=32, blank=True, default="")
    origin_id = models.CharField(max_length=32, blank=True, default="")
    origin_words = models.CharField(max_length=300, blank=True, default="")
    key = models.CharField(max_length=60, blank=True, default="")
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    done_note = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    dropped_at = models.DateTimeField(null=True)
    skipped = models.BooleanField(default=False)

    class Meta:
        ordering = ("due", "priority", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(community__isnull=True, unit__isnull=False) | Q(community__isnull=False, unit__isnull=True),
                name="work_is_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True), name="work_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(skipped=False) | Q(dropped_at__isnull=False), name="work_skipped_is_dropped"
            ),
        )
        indexes = (
            models.Index(F("due"), condition=Q(done_at__isnull=True, dropped_at__isnull=True), name="work_open_by_due"),
            models.Index(fields=("origin_app", "origin_id"), name="work_by_origin"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """The title in the reader's language."""
        return say({"zh": self.title, "en": self.title_en})

    @property
    def how(self) -> str:
        """The note in the reader's language, '' where there is none."""
        return say({"zh": self.note, "en": self.note_en})

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.dropped_at is None
