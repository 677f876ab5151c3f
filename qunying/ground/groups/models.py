"""Communities, their groups, and who was in them when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Community(models.Model):
    """A body of people run together: one or more groups, one time zone, one currency."""

    class Kind(models.TextChoices):
        """What holds it together."""

        CUSTOMER = "customer"
        PRODUCT = "product"
        INDUSTRY = "industry"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CUSTOMER)
    introduction = models.TextField(blank=True, default="")
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    currency = models.CharField(max_length=3, default="CNY")
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """One chat group on one platform."""

    class Kind(models.TextChoices):
        """Whom it is for."""

        CORE = "core"
        PROSPECTIVE = "prospective"
        GENERAL = "general"

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=120)
    platform = models.CharField(max_length=24)
    external_id = models.CharField(max_length=190, blank=True, default="")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.GENERAL)
    capacity = models.PositiveIntegerField(default=150)
    announcement = models.TextField(blank=True, default="")
    account = models.ForeignKey("platforms.Account", null=True, on_delete=models.SET_NULL, related_name="+")
    """Through which account the platform is spoken to here; none: files in, tasks for people out."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("community", "name"), name="group_name_once_per_community"),
            models.UniqueConstraint(
                fields=("account", "external_id"),
                condition=Q(account__isnull=False),
                name="group_tied_once_per_account",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An interval during which an identity was in a group, or in a community without a group.

    Opened by a joining we know of, or by the first sign of a person whose joining nobody recorded. `role`
    is the last one held in it; when it was given stands in the log (`joined`, `role_changed`).
    """

    class Opened(models.TextChoices):
        """What opened the interval."""

        JOINED = "joined"
        SEEN = "seen"

    class Role(models.TextChoices):
        """What the person is in the group."""

        OWNER = "owner"
        ADMIN = "admin"
        ACTIVE = "active"
        MEMBER = "member"

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="memberships")
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="memberships")
    identity = models.ForeignKey("members.Identity", on_delete=models.PROTECT, related_name="memberships")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=8, choices=Opened.choices)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    channel_key = models.CharField(max_length=64, blank=True, default="")
    inviter = models.ForeignKey("members.Identity", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="membership_leaves_after_joining",
            ),
            models.UniqueConstraint(
                fields=("identity", "group"),
                condition=Q(left_at__isnull=True, group__isnull=False),
                name="membership_open_once_per_group",
            ),
            models.UniqueConstraint(
                fields=("identity", "community"),
                condition=Q(left_at__isnull=True, group__isnull=True),
                name="membership_open_once_without_group",
            ),
        )
        indexes = (
            models.Index(fields=("community", "joined_at"), name="membership_joined"),
            models.Index(fields=("identity", "joined_at"), name="membership_identity"),
        )

    def __str__(self) -> str:
        return f"{self.identity_id} in {self.group_id or self.community_id}"


class Recognition(models.Model):
    """What a member is to a community, confirmed by a colleague; ended ones stay, for they were true once."""

    class Kind(models.TextChoices):
        """What they are known for."""

        OPINION_LEADER = "leader"
        PRODUCER = "producer"

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="recognitions")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="recognitions")
    home = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("community", "member", "kind"), condition=Q(ended_at__isnull=True), name="recognition_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} in {self.community_id}"


class Stewardship(models.Model):
    """Who answers for a community at one of three levels: a colleague or a member; ended ones stay as its history."""

    class Level(models.IntegerChoices):
        """How far it reaches."""

        LEADER = 1
        DEPUTY = 2
        SPECIALIST = 3

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="stewardships")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    staff = models.ForeignKey("access.Staff", null=True, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", null=True, on_delete=models.CASCADE, related_name="stewardships")
    home = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("level", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(staff__isnull=True) ^ Q(member__isnull=True), name="stewardship_of_one_person"
            ),
            models.UniqueConstraint(
                fields=("community", "level"),
                condition=Q(ended_at__isnull=True, level=1),
                name="stewardship_one_leader",
            ),
            models.UniqueConstraint(
                fields=("community", "staff"), condition=Q(ended_at__isnull=True), name="stewardship_staff_once"
            ),
            models.UniqueConstraint(
                fields=("community", "member"), condition=Q(ended_at__isnull=True), name="stewardship_member_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.level} of {self.community_id}"
