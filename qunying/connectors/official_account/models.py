"""What has to be remembered of the way from WeChat to us."""

from __future__ import annotations

from django.db import models


class Line(models.Model):
    """When WeChat checked our address, and with which token and key (`mark`)."""

    MARK_LENGTH = 16

    account = models.OneToOneField("platforms.Account", on_delete=models.CASCADE, related_name="+")
    proved_at = models.DateTimeField()
    mark = models.CharField(max_length=MARK_LENGTH)

    def __str__(self) -> str:
        return f"{self.account_id} {self.proved_at:%Y-%m-%d %H:%M}"
