"""Staff and the roles they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from datetime import datetime


class StaffManager(BaseUserManager["Staff"]):
    """Lookup by the name people sign in with."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """Sign-in names are compared without regard to case."""
        return self.get(username__iexact=username)


class Staff(AbstractBaseUser):
    """A person who works here and signs in."""

    NAME_LENGTH = 80

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        ordering = ("username",)
        constraints = (
            models.UniqueConstraint(Lower("username"), name="staff_username_once"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="staff_email_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def actor_key(self) -> str:
        """For example staff:12."""
        return f"staff:{self.pk}"

    # Django and allauth ask these of any user; permissions here come from roles in units.
    @property
    def is_staff(self) -> bool:
        """Nobody enters Django's own admin; there is none."""
        return False

    @property
    def is_superuser(self) -> bool:
        """Nobody stands above the roles."""
        return False


class Role(models.Model):
    """What the team decided about a role; one that is left as shipped needs no row.

    A shipped role (one of `roles.ROLES`) has no label of its own; a role of the house's own making has.
    """

    NAME_LENGTH = 32
    LABEL_LENGTH = 40

    name = models.CharField(max_length=NAME_LENGTH, primary_key=True)
    label = models.CharField(max_length=LABEL_LENGTH, blank=True, default="")
    needs_second_step = models.BooleanField(default=False)

    class Meta:
        ordering = ("label", "name")
        constraints = (models.UniqueConstraint(Lower("label"), condition=~Q(label=""), name="role_label_once"),)

    def __str__(self) -> str:
        return self.label or self.name


class RoleChange(models.Model):
    """One permission in which a role departs from what is shipped under its name (nothing, for one's own)."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="changes")
    permission = models.CharField(max_length=64)
    held = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("role", "permission"), name="role_change_once"),)

    def __str__(self) -> str:
        return f"{self.role_id} {'+' if self.held else '-'}{self.permission}"


class GrantManager(models.Manager["Grant"]):
    """Grants that know the label of a role of the house's own, so that lists of them ask nothing more."""

    def get_queryset(self) -> models.QuerySet[Grant]:
        """Every grant, with `own_label` (None for shipped roles)."""
        own = Role.objects.filter(name=models.OuterRef("role")).values("label")[:1]
        return super().get_queryset().annotate(own_label=models.Subquery(own))


class Grant(models.Model):
    """A role held by one person in one unit and everything below it."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="grants")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    granted_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[GrantManager] = GrantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("staff", "unit", "role"), name="grant_once"),)

    def __str__(self) -> str:
        return f"{self.staff} {self.role} @ {self.unit}"


class SignInLock(models.Model):
    """Failures to sign in, counted by account or by address, and until when they close the door.

    `digest` names what is counted under the installation's key, so that the table tells no address and no name
    that somebody typed. `staff` is set where it is an account that there is.
    """

    digest = models.BinaryField(max_length=16, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, null=True, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.failures} failures, closed until {self.locked_until}"


class Device(models.Model):
    """A browser from which a person has signed in, told apart by the digest of a cookie it keeps."""

    AGENT_LENGTH = 200

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="devices")
    digest = models.BinaryField(max_length=16)
    agent = models.CharField(max_length=AGENT_LENGTH, blank=True, default="")
    address = models.GenericIPAddressField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("staff", "digest"), name="device_once"),)

    def __str__(self) -> str:
        return f"{self.agent} ({self.address})"


class Invitation(models.Model):
    """A link by which somebody joins the staff, once, with a role in a unit. Kept is the digest of its secret."""

    digest = models.BinaryField(max_length=16, unique=True)
    role = models.CharField(max_length=Role.NAME_LENGTH)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(blank=True, default="")
    invited_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.role} @ {self.unit}"

    def state(self, at: datetime) -> str:
        """One of `accepted`, `revoked`, `expired` and `open` at this instant."""
        if self.accepted_at is not None:
            return "accepted"
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= at else "open"


class ApiKey(models.Model):
    """A key by which a program comes in, in place of a person.

    `text` of the key is shown once; kept are `prefix`, by which it is found and told apart, and the keyed
    digest of its secret. It may do what stands in `scopes` (names of permissions), in `unit` and below, as
    long as `owner`, who made it and answers for it, may do so, too.
    """

    NAME_LENGTH = 80
    PREFIX_LENGTH = 8

    name = models.CharField(max_length=NAME_LENGTH)
    prefix = models.CharField(max_length=PREFIX_LENGTH, unique=True)
    digest = models.BinaryField(max_length=16)
    scopes = models.JSONField(default=list)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="api_keys")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("owner", "revoked_at"), name="api_key_owner"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def actor_key(self) -> str:
        """For example key:3."""
        return f"key:{self.pk}"

    def state(self, at: datetime) -> str:
        """At this instant: `open`, `expired`, `revoked`, or `closed` where who answers for it may not sign in."""
        if self.revoked_at is not None:
            return "revoked"
        if not self.owner.is_active:
            return "closed"
        return "expired" if self.expires_at is not None and self.expires_at <= at else "open"

    def opens(self, at: datetime) -> bool:
        """Whether it is neither revoked nor expired at this instant, and who answers for it is on the staff."""
        return self.state(at) == "open"


Holder = Staff | ApiKey
"""Whoever holds permissions in units: a person, or a key."""
