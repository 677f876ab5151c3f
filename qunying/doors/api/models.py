"""Answers already given, so that a request sent twice acts once."""

from __future__ import annotations

from django.db import models


class Answer(models.Model):
    """What was answered to a request with an Idempotency-Key, kept for a day.

    `name` is what the program sent, `digest` the SHA-256 of method, address and body: another request under the
    same name is refused. Written in the transaction of the effects, so that there is never one without the other.
    """

    NAME_LENGTH = 100

    key = models.ForeignKey("access.ApiKey", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=80, default="")
    location = models.CharField(max_length=300, default="")
    body = models.BinaryField(default=b"")
    given_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "name"), name="answer_once"),)

    def __str__(self) -> str:
        return f"{self.name}: {self.status}"
