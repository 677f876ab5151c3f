"""What has to be remembered of DingTalk: the groups in which the robot was spoken to or which it opened."""

from __future__ import annotations

from django.db import models


class Conversation(models.Model):
    """A group as DingTalk calls it. It lists groups to nobody, so those that are heard of are kept, to be tied.

    `is_scene` says that the app made it from a template: only there may it ask for members and change them.
    """

    ID_LENGTH, TITLE_LENGTH = 190, 120

    account = models.ForeignKey("platforms.Account", on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=ID_LENGTH)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True, default="")
    is_scene = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "external_id"), name="dingtalk_conversation_once"),)

    def __str__(self) -> str:
        return self.title or self.external_id
