"""What has to be remembered between WeCom and us: what it told, which members a group had, whose contact who is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Heard(models.Model):
    """Something WeCom told, kept by the digest of its words until it is understood; then the words go.

    WeCom encrypts the same event anew each time it repeats it, so the digest is of what stands inside.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        DONE = "done"
        GIVEN_UP = "given_up"

    WHY_LENGTH = 300

    account = models.ForeignKey("platforms.Account", on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)
    words = models.TextField(blank=True, default="")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=WHY_LENGTH, blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "digest"), name="wecom_heard_once"),)
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state="waiting"), name="wecom_heard_waiting"),
            models.Index(fields=("account", "received_at"), name="wecom_heard_of_account"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.received_at:%Y-%m-%d %H:%M}"


class Line(models.Model):
    """How the way from WeCom to us is: when WeCom checked our address, and with which token and key (`mark`)."""

    MARK_LENGTH = 16

    account = models.OneToOneField("platforms.Account", on_delete=models.CASCADE, related_name="+")
    proved_at = models.DateTimeField()
    mark = models.CharField(max_length=MARK_LENGTH)

    def __str__(self) -> str:
        return f"{self.account_id} {self.proved_at:%Y-%m-%d %H:%M}"


class Moment(models.Model):
    """A moment that was laid before colleagues: WeCom's job, its number once it is made, when it was last looked at."""

    JOB_LENGTH = 64

    account = models.ForeignKey("platforms.Account", on_delete=models.CASCADE, related_name="+")
    job = models.CharField(max_length=JOB_LENGTH)
    number = models.CharField(max_length=JOB_LENGTH, blank=True, default="")
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "job"), name="wecom_moment_once"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.job}"


class Roll(models.Model):
    """Which state of a group's list of members our facts have come to (`member_version`)."""

    VERSION_LENGTH = 64

    group = models.OneToOneField("groups.Group", on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=VERSION_LENGTH)

    def __str__(self) -> str:
        return f"{self.group_id} {self.version}"


class Contact(models.Model):
    """Whose contact a person is or was: one row for each colleague (`userid`, WeCom's own) and person."""

    USER_LENGTH = 64
    STATE_LENGTH = 64
    REMARK_LENGTH = 120

    account = models.ForeignKey("platforms.Account", on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey("members.Identity", on_delete=models.CASCADE, related_name="+")
    userid = models.CharField(max_length=USER_LENGTH)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    channel = models.CharField(max_length=STATE_LENGTH, blank=True, default="")
    """The `state` of the code by which they came."""
    remark = models.CharField(max_length=REMARK_LENGTH, blank=True, default="")
    """What the colleague calls them."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "userid", "identity"), name="wecom_contact_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="wecom_contact_ends_after"
            ),
        )

    def __str__(self) -> str:
        return f"{self.userid} – {self.identity_id}"
