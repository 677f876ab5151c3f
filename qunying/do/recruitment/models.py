"""Channels, what was spent on them, their links, the pictures behind the links, and how many came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Channel(models.Model):
    """A way by which people come, under the key that facts of joining carry (`channel_key`).

    With a community it is that community's own; without one it serves every community of `unit` and below. Ended
    channels stay, for people came by them.
    """

    KEY_LENGTH = 64
    NAME_LENGTH = 80
    WANTED_LENGTH = 500

    class Kind(models.TextChoices):
        """What sort of way it is."""

        OWNED = "owned"
        PARTNER = "partner"
        WORD = "word"
        ADVERT = "advert"
        OFFLINE = "offline"

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("groups.Community", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=KEY_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OWNED)
    wanted = models.TextField(blank=True, default="")
    """Who is wanted by this way, in words for colleagues and for those who open the link."""
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("community", "key"), condition=Q(community__isnull=False), name="channel_key_once_in_community"
            ),
            models.UniqueConstraint(
                fields=("unit", "key"), condition=Q(community__isnull=True), name="channel_key_once_in_unit"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ChannelCost(models.Model):
    """What a channel cost in one community on a local day, in minor units of its currency; withdrawn ones stay."""

    NOTE_LENGTH = 200

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="costs")
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    amount = models.BigIntegerField()
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-day", "-pk")
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="channel_cost_above_zero"),)
        indexes = (models.Index(fields=("community", "day"), name="channel_cost_by_day"),)

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.amount} on {self.day}"


class JoinLink(models.Model):
    """The link of a channel into one community: a code nobody guesses. At most one of them is open."""

    CODE_LENGTH = 16

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="links")
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "community"), condition=Q(closed_at__isnull=True), name="join_link_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"link of {self.channel_id} into {self.community_id}"


class ChannelCode(models.Model):
    """A code of the channel that a platform made; whoever comes by it comes with the channel's key.

    `kind` is one of the account's offers, `targets` the platform's ids of whom or what it leads to, `address` what
    it stands for, `picture` a small JPEG drawn anew where there is one. Where its account was removed it stays, and
    works on at the platform.
    """

    ID_LENGTH = 128
    ADDRESS_LENGTH = 800

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="codes")
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("platforms.Account", null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=16)
    external_id = models.CharField(max_length=ID_LENGTH)
    address = models.CharField(max_length=ADDRESS_LENGTH)
    picture = models.BinaryField(default=b"")
    targets = models.JSONField(default=list)
    chosen = models.BooleanField(default=False)
    """The answer to the question that goes with its kind."""
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("account", "external_id"), name="channel_code_once"),)

    def __str__(self) -> str:
        return f"{self.kind} of {self.channel_id} into {self.community_id}"


class GroupPicture(models.Model):
    """The picture with which people join a group by scanning, as a small JPEG drawn anew by us.

    `expires_at` is when the platform stops honouring it, None where it never does. `people` is how many were in the
    group when it was put up, where the colleague said so. Of a community's pictures the one with the lowest `place`
    that still serves is shown. One that was replaced or taken away keeps no picture.
    """

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    picture = models.BinaryField()
    digest = models.CharField(max_length=64)
    place = models.IntegerField(default=0)
    people = models.PositiveIntegerField(null=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("group",), condition=Q(removed_at__isnull=True), name="group_picture_up_once"
            ),
        )

    def __str__(self) -> str:
        return f"picture of {self.group_id}"


class VisitCount(models.Model):
    """How many visitors a link brought in a quarter of an hour (UTC), and which group they were shown.

    Without a group they came in vain: nothing was up that served. Nothing here says who anybody was.
    """

    link = models.ForeignKey(JoinLink, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    group = models.ForeignKey("groups.Group", null=True, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("link", "at", "group"), condition=Q(group__isnull=False), name="visits_once_by_group"
            ),
            models.UniqueConstraint(fields=("link", "at"), condition=Q(group__isnull=True), name="visits_once_in_vain"),
        )
        indexes = (models.Index(fields=("group", "at"), name="visits_by_group"),)

    def __str__(self) -> str:
        return f"{self.count} by {self.link_id} at {self.at}"


class VisitSalt(models.Model):
    """The random salt of one local day; with it go the day's visitors, and then nobody can tell who came."""

    community = models.ForeignKey("groups.Community", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    salt = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("community", "day"), name="visit_salt_once_a_day"),)

    def __str__(self) -> str:
        return f"salt of {self.day}"


class Visitor(models.Model):
    """A digest that keeps a visitor from being counted twice on one day; gone when the day is over."""

    salt = models.ForeignKey(VisitSalt, on_delete=models.CASCADE, related_name="visitors")
    digest = models.BinaryField(max_length=16)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("salt", "digest"), name="visitor_once_a_day"),)

    def __str__(self) -> str:
        return f"visitor of {self.salt_id}"
