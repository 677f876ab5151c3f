"""Journeys, their versions, the people who travel them, and every step each of these has met."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from qunying.kit.spoken import SpokenField


class Journey(models.Model):
    """A way of steps that members of a community go; what it says stands in its versions.

    Paused, nothing of it leaves and nobody goes on; ended, it is over for everybody. `key` is its name within the
    playbook that made it. `looked_at` is when it was last seen who is in the segment that sets it off.
    """

    class State(models.TextChoices):
        """How it stands."""

        DRAFT = "draft", pgettext_lazy("journey", "Draft")
        RUNNING = "running", pgettext_lazy("journey", "Running")
        PAUSED = "paused", pgettext_lazy("journey", "Paused")
        ENDED = "ended", pgettext_lazy("journey", "Ended")

    NAME_LENGTH = 80

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    key = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("community", "state"), name="journey_by_community"),)
        constraints = (
            models.UniqueConstraint(
                fields=("community", "key"), condition=~Q(key="") & ~Q(state="ended"), name="journey_key_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """What a journey says, as `definition.Definition` in its plain form; a released one never changes.

    `content_hash` names the definition. A draft that is `handed_in_at` waits for somebody else than its `author`
    to release it; any edit takes that back. At most one draft and one released version of a journey stand at a time;
    members who began on one that was replaced finish on it.
    """

    class State(models.TextChoices):
        """How it stands."""

        DRAFT = "draft", pgettext_lazy("journey version", "Draft")
        RELEASED = "released", pgettext_lazy("journey version", "Released")
        REPLACED = "replaced", pgettext_lazy("journey version", "Replaced")

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("journey", "number"), name="journey_version_once"),
            models.UniqueConstraint(
                fields=("journey", "state"), condition=~Q(state="replaced"), name="journey_version_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(released_by__isnull=False), name="journey_version_was_released"
            ),
        )

    def __str__(self) -> str:
        return f"{self.journey_id} v{self.number}"


class Traveller(models.Model):
    """A member on a journey, from beginning to end, on the version that stood when they began.

    `trigger_key` names what set it off: the same again begins nothing. `group` is the one they came into, where there
    is one. `home` is whose it was before people were merged.
    """

    class State(models.TextChoices):
        """How it stands, or how it ended."""

        UNDER_WAY = "under_way", pgettext_lazy("traveller", "Under way")
        REACHED_GOAL = "reached_goal", pgettext_lazy("traveller", "Reached the goal")
        LEFT = "left", pgettext_lazy("traveller", "Left early")
        ENDED = "ended", pgettext_lazy("traveller", "Went to the end")
        STOPPED = "stopped", pgettext_lazy("traveller", "Stopped")

    WHY_LENGTH = 300

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="travellers")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="travellers")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    home = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    identity = models.ForeignKey("members.Identity", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("groups.Group", null=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNDER_WAY)
    ended_at = models.DateTimeField(null=True)
    why = SpokenField(longest=WHY_LENGTH)
    """Why it ended before its end, in words."""
    trigger_key = models.CharField(max_length=80)

    class Meta:
        ordering = ("-began_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("journey", "member", "trigger_key"), name="traveller_once_per_trigger"),
            models.UniqueConstraint(
                fields=("journey", "member"), condition=Q(state="under_way"), name="traveller_once_at_a_time"
            ),
        )
        indexes = (
            models.Index(fields=("version", "state"), name="traveller_by_version"),
            models.Index(fields=("member", "began_at"), name="traveller_by_member"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} on {self.journey_id}: {self.state}"


class Passage(models.Model):
    """A step one traveller meets, once in each round: when it is due, and what came of it.

    This is the ledger that holds each step to at most once: the row is there before anything happens. `kind` is the
    kind of the step. A wait is due when it is over, a watch for something when it gives up. `out` is what was handed
    to reach and has not come to its end there; `delivery_key` is its key there.
    """

    class State(models.TextChoices):
        """How it stands."""

        DUE = "due", pgettext_lazy("passage", "To come")
        OUT = "out", pgettext_lazy("passage", "On its way")
        DONE = "done", pgettext_lazy("passage", "Done")
        SKIPPED = "skipped", pgettext_lazy("passage", "Skipped")

    class Outcome(models.TextChoices):
        """What came of it; '' while nothing did."""

        SENT = "sent", pgettext_lazy("passage", "Sent")
        HELD = "held", pgettext_lazy("passage", "Held back")
        REFUSED = "refused", pgettext_lazy("passage", "Refused")
        CANCELLED = "cancelled", pgettext_lazy("passage", "Called off")
        UNKNOWN = "unknown", pgettext_lazy("passage", "Unknown")
        HAND = "hand", pgettext_lazy("passage", "To be sent by hand")
        THEN = "then", pgettext_lazy("passage", "Yes")
        ELSE = "else", pgettext_lazy("passage", "No")
        WAITED = "waited", pgettext_lazy("passage", "Waited")
        MADE = "made", pgettext_lazy("passage", "Done")
        AGAIN = "again", pgettext_lazy("passage", "Once more")
        ON = "on", pgettext_lazy("passage", "Went on")
        END = "end", pgettext_lazy("passage", "The end")

    traveller = models.ForeignKey(Traveller, on_delete=models.CASCADE, related_name="passages")
    step_id = models.CharField(max_length=24)
    kind = models.CharField(max_length=8)
    round = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    why = SpokenField()
    delivery_key = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("traveller", "step_id", "round"), name="passage_once_per_round"),
        )
        indexes = (
            models.Index(fields=("state", "due_at"), name="passage_due"),
            models.Index(fields=("delivery_key",), condition=~Q(delivery_key=""), name="passage_by_delivery"),
        )

    def __str__(self) -> str:
        return f"{self.traveller_id}:{self.step_id}:{self.round} {self.state}"


class Standing(models.Model):
    """Somebody who was in the segment that sets a journey off when it was last looked; who is new begins it."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("journey", "member"), name="journey_standing_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} stands before {self.journey_id}"
