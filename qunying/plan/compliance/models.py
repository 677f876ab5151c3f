"""Lists of words, their words, and the edition by which every process knows that they changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def _spoken(here: str, in_english: str) -> str:
    """The English words for who reads English, where there are any."""
    return here if (get_language() or "").startswith("zh") else in_english or here


class WordList(models.Model):
    """Words that are looked for in what a unit and those below it write; without a unit, in what anybody writes.

    `key` names a list that comes with Qunying; it can be changed and switched off, not removed. `name_en` is the
    name of such a list in English.
    """

    class Kind(models.TextChoices):
        """Why the words are watched."""

        SENSITIVE = "sensitive", _("Sensitive words")
        ADVERTISING = "advertising", _("Advertising law")
        PLATFORM = "platform", _("Rules of platforms")
        OWN = "own", _("House rules")

    class Severity(models.TextChoices):
        """What follows where one is found."""

        STOP = "stop", _("Must be changed")
        WARN = "warn", _("Take another look")

    NAME_LENGTH = 80

    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    name_en = models.CharField(max_length=NAME_LENGTH, blank=True, default="")
    key = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    severity = models.CharField(max_length=4, choices=Severity.choices)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("unit", "name"), name="word_list_once_per_unit"),
            models.UniqueConstraint(fields=("name",), condition=Q(unit=None), name="word_list_once_for_everyone"),
            models.UniqueConstraint(fields=("key",), condition=~Q(key=""), name="word_list_shipped_once"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return _spoken(self.name, self.name_en)


class Word(models.Model):
    """One word of a list.

    `folded` is the spelling it is looked for in (kit/text); `exceptions` are harmless longer words in which it may
    stand; `instead` is what to write. What was removed stays, so that it can be put back.
    """

    LENGTH, REASON_LENGTH, INSTEAD_LENGTH, MOST_EXCEPTIONS = 60, 300, 200, 50

    word_list = models.ForeignKey(WordList, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=LENGTH)
    folded = models.CharField(max_length=4 * LENGTH)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    reason_en = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    instead = models.CharField(max_length=INSTEAD_LENGTH, blank=True, default="")
    exceptions = models.JSONField(default=list)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("word_list", "folded"), name="word_once_per_list"),)

    def __str__(self) -> str:
        return self.word

    @property
    def why(self) -> str:
        """The reason in the reader's language; '' where none is given."""
        return _spoken(self.reason, self.reason_en)


class Edition(models.Model):
    """One row with a random mark that every change of lists and words makes anew: what was compiled before is stale.

    A number that counts would come again where the transaction that raised it was rolled back.
    """

    mark = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.mark)
