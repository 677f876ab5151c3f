"""The groups that are known of an account: kept as they are heard of, told apart by who made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qunying.connectors.dingtalk.models import Conversation

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account


@transaction.atomic
def note_conversation(account: Account, name: str, *, title: str = "", is_scene: bool = False) -> None:
    """Keep a group under DingTalk's own id; a title replaces an earlier one, a scene group stays one."""
    told: dict[str, object] = {"title": title[: Conversation.TITLE_LENGTH]} if title else {}
    told |= {"is_scene": True} if is_scene else {}
    row, made = Conversation.objects.get_or_create(account=account, external_id=name, defaults=told)
    if not made and any(getattr(row, field) != value for field, value in told.items()):
        Conversation.objects.filter(pk=row.pk).update(**told)


def is_scene(account: Account, name: str) -> bool:
    """Whether it is known to be a scene group of the app."""
    return Conversation.objects.filter(account=account, external_id=name, is_scene=True).exists()


def conversations_of(account: Account) -> list[tuple[str, str]]:
    """Id and title of every group that is known, by title."""
    rows = Conversation.objects.filter(account=account).order_by("title", "external_id")
    return [(row.external_id, str(row)) for row in rows]
