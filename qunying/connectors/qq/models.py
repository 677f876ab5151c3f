"""What has to be remembered between QQ and us: the groups the robot is in, when it may answer, our proved address."""

from __future__ import annotations

from django.db import models


class Place(models.Model):
    """A group the robot is or was in. QQ lists them nowhere: they are learnt from what it tells."""

    ID_LENGTH = 80
    NAME_LENGTH = 120

    account = models.ForeignKey("platforms.Account", on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=ID_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH, blank=True, default="")
    came_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "external_id"), name="qq_place_once"),)

    def __str__(self) -> str:
        return self.name or self.external_id


class Opening(models.Model):
    """The latest message or event of a group (or of one person) that may still be answered: until when, how often.

    `token` is its id, `by_event` says of which of the two kinds; `used` counts the answers given to it.
    """

    TOKEN_LENGTH = 190

    account = models.ForeignKey("platforms.Account", on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=Place.ID_LENGTH)
    token = models.CharField(max_length=TOKEN_LENGTH)
    by_event = models.BooleanField()
    until = models.DateTimeField(db_index=True)
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "place"), name="qq_opening_once"),)

    def __str__(self) -> str:
        return f"{self.place} {self.until:%H:%M:%S}"


class Line(models.Model):
    """When QQ checked our address, and with which secret (`mark`)."""

    MARK_LENGTH = 16

    account = models.OneToOneField("platforms.Account", on_delete=models.CASCADE, related_name="+")
    proved_at = models.DateTimeField()
    mark = models.CharField(max_length=MARK_LENGTH)

    def __str__(self) -> str:
        return f"{self.account_id} {self.proved_at:%Y-%m-%d %H:%M}"
