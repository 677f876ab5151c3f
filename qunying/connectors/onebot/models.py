"""How the line to a OneBot is: whether its notice was accepted, when it was heard, how fast it may speak."""

from __future__ import annotations

from django.db import models


class Line(models.Model):
    """One account. Nothing comes in or goes out before `accepted_at`.

    `next_at` is the earliest time of the next message, `sent` how many left on the local day `day`.
    """

    account = models.OneToOneField("platforms.Account", on_delete=models.CASCADE, related_name="+")
    accepted_by = models.ForeignKey("access.Staff", null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    sent = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account_id} {self.accepted_at:%Y-%m-%d}"
