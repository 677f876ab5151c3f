"""Publications, the groups they go to, their short links, and figures that people typed in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class Publication(models.Model):
    """One approved version of an entry on its way into groups of its community, at one time.

    `digest` is that of the version as it was approved: what is sent is exactly that, or nothing. Its deliveries stand
    in reach, with this row's number as their `origin_id`. It is `held` where its approval was lost while something of
    it had not left yet.
    """

    class State(models.TextChoices):
        """How far it is."""

        GOING = "going", pgettext_lazy("publication", "Planned or going out")
        DONE = "done", pgettext_lazy("publication", "Published")
        HELD = "held", pgettext_lazy("publication", "Held back")
        CANCELLED = "cancelled", pgettext_lazy("publication", "Called off")

    entry = models.ForeignKey("content.Entry", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("content.Version", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    pinned = models.BooleanField(default=False)
    counts_clicks = models.BooleanField(default=False)
    """Addresses became short links of ours, one for each group."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.GOING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-due_at", "-pk")
        indexes = (
            models.Index(fields=("community", "due_at"), name="publication_by_time"),
            models.Index(fields=("entry", "state"), name="publication_by_entry"),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.version_id} {self.state}"


class PublicationGroup(models.Model):
    """One group a publication goes to; `stopped_at` where it was called off or held before it left.

    A group gets one version of an entry once, whoever publishes it how often.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="targets")
    version = models.ForeignKey("content.Version", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("publication", "group"), name="publication_group_once"),
            models.UniqueConstraint(
                fields=("version", "group"), condition=Q(stopped_at__isnull=True), name="version_in_a_group_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.publication_id} → {self.group_id}"


class PublicationLink(models.Model):
    """A short link that stands in a publication, by which its clicks are known."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="links")
    link = models.OneToOneField("reach.ShortLink", on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.link_id}"


class Sign(models.TextChoices):
    """What people do with a piece of content, as it is counted."""

    SHOWN = "shown", pgettext_lazy("content figure", "Shown")
    READ = "read", pgettext_lazy("content figure", "Read")
    LIKED = "liked", pgettext_lazy("content figure", "Liked")
    COMMENTED = "commented", pgettext_lazy("content figure", "Commented")
    SHARED = "shared", pgettext_lazy("content figure", "Shared")
    CLICKED = "clicked", pgettext_lazy("content figure", "Clicked")
    COMPLETED = "completed", pgettext_lazy("content figure", "Read or watched to the end")


class NotedFigure(models.Model):
    """A figure of a publication in one group that somebody read off a platform which tells nothing itself.

    It says how much it was altogether as of the local `day`; the newest day goes before older ones, and on one day
    what was typed last. Nothing is overwritten, so it can be seen who typed what when.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="noted")
    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=10, choices=Sign.choices)
    value = models.PositiveIntegerField()
    day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("day", "pk")

    def __str__(self) -> str:
        return f"{self.publication_id} {self.name} {self.value}"


class Piece(models.Model):
    """A piece on a platform outside the groups that carries an entry, such as an article of an official account.

    `object_id` is its id in the facts `published` and `measured` that imported tables bring.
    """

    entry = models.ForeignKey("content.Entry", on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=24)
    object_id = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("published_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("community", "platform", "object_id"), name="piece_of_one_entry"),
        )

    def __str__(self) -> str:
        return self.title
