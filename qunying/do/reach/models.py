"""Sendings, the deliveries they are made of, the tasks for people among these, and what holds them to a measure."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from qunying.kit.spoken import SpokenField


class Sending(models.Model):
    """Words for the groups named in `SendingGroup`, or for the people of a segment, at one time.

    Each edit takes it back to `drafted`. `checked_hash` names exactly what was handed in: the words, to whom and when.
    `advert` marks what wants to sell: it needs consent where it goes to one person, and the mark 「广告」 everywhere.
    People of a segment are reached on one of `platforms` (none: on any).
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFTED = "drafted", pgettext_lazy("sending", "Draft")
        CHECKED = "checked", pgettext_lazy("sending", "Waits for release")
        GOING = "going", pgettext_lazy("sending", "Going out")
        DONE = "done", pgettext_lazy("sending", "Done")
        CANCELLED = "cancelled", pgettext_lazy("sending", "Called off")

    TITLE_LENGTH = 80
    WORDS_LENGTH = 4000

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH)
    words = models.TextField(max_length=WORDS_LENGTH)
    advert = models.BooleanField(default=False)
    segment = models.ForeignKey("segments.Segment", null=True, on_delete=models.SET_NULL, related_name="+")
    platforms = models.JSONField(default=list)
    pictures = models.JSONField(default=list)
    """Ids of stored files, in the order in which they go behind the words."""
    counts_clicks = models.BooleanField(default=False)
    """Addresses in the words become short links of ours when it is released."""
    due_at = models.DateTimeField(null=True)
    """When it leaves (UTC); null: as soon as it is released."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    checked_hash = models.CharField(max_length=64, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("community", "state"), name="sending_by_community"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state__in=("going", "done")) | Q(released_by__isnull=False), name="sending_was_released"
            ),
        )

    def __str__(self) -> str:
        return self.title


class SendingGroup(models.Model):
    """One group a sending goes to."""

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="targets")
    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("sending", "group"), name="sending_group_once"),)

    def __str__(self) -> str:
        return f"{self.sending_id} → {self.group_id}"


class Delivery(models.Model):
    """One thing for one group or one person.

    `key` is what the app that wanted it calls it, so that it is planned once; `order_key` is random, so that no backup
    brought back gives it twice; `named` is what it is called towards the platform. `origin` and `origin_id` say which
    app wanted it and for which of its rows. `way` and `way_reason` are what the connector said when it was planned.
    `words` and `options` are as they leave; `content_hash` names them. What has not been claimed by `expires_at` never
    leaves.
    """

    class State(models.TextChoices):
        """How it stands. Only what the platform or a person confirmed is `sent`."""

        WAITING = "waiting", pgettext_lazy("reach", "Waiting")
        CLAIMED = "claimed", pgettext_lazy("reach", "On its way")
        SENT = "sent", pgettext_lazy("reach", "Sent")
        AWAITING = "awaiting", pgettext_lazy("reach", "Waits for a person to confirm")
        HAND = "hand", pgettext_lazy("reach", "To be sent by hand")
        REFUSED = "refused", pgettext_lazy("reach", "Refused")
        UNKNOWN = "unknown", pgettext_lazy("reach", "Unknown")
        CANCELLED = "cancelled", pgettext_lazy("reach", "Called off")
        HELD = "held", pgettext_lazy("reach", "Held back")

    ENDED = (State.SENT, State.REFUSED, State.CANCELLED, State.HELD)
    """Nothing more happens to these by itself, and nobody is asked about them."""
    SPENT = (State.CLAIMED, State.SENT, State.AWAITING, State.HAND, State.UNKNOWN)
    """What counts when it is asked how much somebody was sent: it has left, or may have."""

    KEY_LENGTH = 120

    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    order_key = models.CharField(max_length=KEY_LENGTH, blank=True, default="")
    origin = models.CharField(max_length=24)
    origin_id = models.CharField(max_length=40, blank=True, default="")
    sending = models.ForeignKey(Sending, null=True, on_delete=models.CASCADE, related_name="deliveries")
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=16)
    group = models.ForeignKey("groups.Group", null=True, on_delete=models.PROTECT, related_name="+")
    identity = models.ForeignKey("members.Identity", null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("platforms.Account", null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=190, blank=True, default="")
    words = models.TextField(blank=True, default="")
    options = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    advert = models.BooleanField(default=False)
    by_traits = models.BooleanField(default=False)
    """Chosen by what is known of the person, such as a segment does."""
    way = models.CharField(max_length=12)
    way_reason = SpokenField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    held_by = models.CharField(max_length=32, blank=True, default="")
    why = SpokenField()
    """Why it is held, refused, unknown or late, in words."""
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    external_id = models.CharField(max_length=190, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(group__isnull=False) | Q(identity__isnull=False), name="reach_delivery_goes_somewhere"
            ),
        )
        indexes = (
            models.Index(fields=("state", "account", "due_at"), name="reach_delivery_due"),
            models.Index(fields=("sending", "state"), name="reach_delivery_by_sending"),
            models.Index(fields=("group", "due_at"), name="reach_delivery_by_group"),
            models.Index(fields=("identity", "due_at"), name="reach_delivery_by_identity"),
            models.Index(fields=("origin", "origin_id"), name="reach_delivery_by_origin"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

    @property
    def named(self) -> str:
        """Its name for all time towards the platform; older ones are known there by their `key`."""
        return self.order_key or self.key


class HandTask(models.Model):
    """What a person is to do for a delivery: whose it is, until when, and how it ended, with what as proof.

    Without an owner it belongs to whoever may send in the unit. One that could not be done says why in `proof`.
    `stands_in_for` is who gets it back once they are no longer away. Where the platform tells what became of it, it was
    `asked` so often, and is again at `ask_at`; what it told has ended without an `ended_by`.
    """

    PROOF_LENGTH = 500

    class End(models.TextChoices):
        """How it ended."""

        DONE = "done", pgettext_lazy("hand task", "Done")
        IMPOSSIBLE = "impossible", pgettext_lazy("hand task", "Not possible")

    delivery = models.OneToOneField(Delivery, primary_key=True, on_delete=models.CASCADE, related_name="task")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField()
    end = models.CharField(max_length=10, choices=End.choices, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proof = models.CharField(max_length=PROOF_LENGTH, blank=True, default="")
    proof_picture = models.ForeignKey("files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    stands_in_for = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked = models.PositiveSmallIntegerField(default=0)
    ask_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_at", "pk")
        indexes = (models.Index(fields=("end", "due_at"), name="hand_task_open"),)

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.end or 'open'}"


class Reminder(models.Model):
    """That somebody is reminded of a task by mail, once before its time and once after it (`late`).

    It is `taken_at` by the process that mails it, before it mails: a mail may get lost with its process, but never
    comes twice.
    """

    task = models.ForeignKey(HandTask, on_delete=models.CASCADE, related_name="reminders")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    late = models.BooleanField()
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("task", "staff", "late"), name="hand_task_reminder_once"),)

    def __str__(self) -> str:
        return f"{self.task_id} → {self.staff_id}{' late' if self.late else ''}"


class Absence(models.Model):
    """From when until when somebody is away, and who does meanwhile what they were to send by hand.

    `ended_at` is set where they came back earlier than they had said.
    """

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("begins_at", "pk")
        indexes = (models.Index(fields=("staff", "ends_at"), name="absence_of_staff"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("begins_at")), name="absence_lasts"),
            models.CheckConstraint(condition=~Q(deputy=models.F("staff")), name="absence_has_another_deputy"),
        )

    def __str__(self) -> str:
        return f"{self.staff_id} until {self.ends_at}"


class ShortLink(models.Model):
    """An address of ours that leads to `url`, which never changes; how often it was followed, bots left out.

    What a sending leads to has one for each group it goes to, so that clicks tell by which group they came.
    """

    URL_LENGTH = 2000

    code = models.CharField(max_length=24, unique=True)
    url = models.CharField(max_length=URL_LENGTH)
    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    sending = models.ForeignKey(Sending, null=True, on_delete=models.CASCADE, related_name="links")
    group = models.ForeignKey("groups.Group", null=True, on_delete=models.SET_NULL, related_name="+")
    clicks = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.code


class Measure(models.Model):
    """How much a unit and those below it may send, and when nothing leaves; nearer units go before farther ones.

    Hours are local to the community; the same hour twice means that there are no quiet hours. 0 means nothing at all.
    """

    unit = models.OneToOneField("units.Unit", primary_key=True, on_delete=models.CASCADE, related_name="+")
    person_day = models.PositiveSmallIntegerField(default=1)
    person_week = models.PositiveSmallIntegerField(default=3)
    group_day = models.PositiveSmallIntegerField(default=5)
    group_week = models.PositiveSmallIntegerField(default=20)
    quiet_from = models.PositiveSmallIntegerField(default=22)
    quiet_until = models.PositiveSmallIntegerField(default=8)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(quiet_from__lte=23, quiet_until__lte=23), name="measure_hours_are_of_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}"


class Bucket(models.Model):
    """What is left of a platform's limit: `tokens` as of `at`; it fills again as time goes by."""

    name = models.CharField(max_length=120, unique=True)
    account = models.ForeignKey("platforms.Account", on_delete=models.CASCADE, related_name="+")
    tokens = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.tokens:.1f}"


class Lane(models.Model):
    """One worker at a time sends through an account: until when it is taken, and until when the platform is busy."""

    account = models.OneToOneField("platforms.Account", primary_key=True, on_delete=models.CASCADE, related_name="+")
    taken_until = models.DateTimeField(null=True)
    closed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.account_id} until {self.taken_until}"
