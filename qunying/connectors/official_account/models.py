"""What has to be remembered between WeChat and us: when it checked our address, and when we read its figures."""

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


class ArticlesRead(models.Model):
    """On which day (China's) the figures of an account's articles were last read."""

    account = models.OneToOneField("platforms.Account", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"
