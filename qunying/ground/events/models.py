"""The log of facts, what was said, and how far each follower has read."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One fact that happened, once, written only through `record`.

    `occurred_at` is when it happened (UTC); the local day is the community's. `amount` is in minor
    units of the community's currency. The fact names the identity that acted, never the person.
    """

    id = models.BigAutoField(primary_key=True)
    tx = models.BigIntegerField()
    source = models.CharField(max_length=32)
    source_key = models.BinaryField(max_length=16)
    kind = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey("groups.Group", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    identity = models.ForeignKey(
        "members.Identity", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    target_identity = models.ForeignKey(
        "members.Identity", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    object_type = models.CharField(max_length=24, default="")
    object_id = models.CharField(max_length=80, default="")
    channel_key = models.CharField(max_length=64, default="")
    amount = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "source_key"), name="event_once"),)
        indexes = (
            models.Index(fields=("tx", "id"), name="event_horizon"),
            models.Index(fields=("community", "occurred_at"), name="event_community"),
            models.Index(fields=("identity", "occurred_at"), name="event_identity"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Message(models.Model):
    """The words of a message, apart from the fact that it was sent: own retention, own access."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="message")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:40]


class BotDenial(models.Model):
    """Somebody said of a member who looked like a program: this is a person."""

    community = models.ForeignKey("groups.Community", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("community", "member"), name="bot_denied_once"),)

    def __str__(self) -> str:
        return f"{self.community_id}: {self.member_id}"


class FollowerCursor(models.Model):
    """How far a follower has read, as the pair (tx, id); kept in the transaction of its effects."""

    name = models.CharField(max_length=60, primary_key=True)
    tx = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name} at ({self.tx}, {self.event_id})"


class ParkedEvent(models.Model):
    """A fact a follower could not digest, set aside with the error so that the rest goes on."""

    follower = models.CharField(max_length=60)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    error = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("follower", "event"), name="parked_once"),)

    def __str__(self) -> str:
        return f"{self.follower}: {self.event_id}"


class Lease(models.Model):
    """The right of one process to run something alone for a while; taken by a conditional update."""

    name = models.CharField(max_length=60, primary_key=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
