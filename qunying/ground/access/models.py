"""Staff and the roles they hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


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


class Grant(models.Model):
    """A role held by one person in one unit and everything below it."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="grants")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("staff", "unit", "role"), name="grant_once"),)

    def __str__(self) -> str:
        return f"{self.staff} {self.role} @ {self.unit}"
