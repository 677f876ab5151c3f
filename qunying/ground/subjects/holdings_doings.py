"""What is held of what a person did: stays, facts, orders, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.ground.events.kinds import ORDERED, REFUNDED, kind_named
from qunying.ground.events.models import BotDenial, Event, Message
from qunying.ground.groups.models import Membership
from qunying.ground.subjects.holdings import Holding, register_holding
from qunying.ground.syncs.models import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.members.models import Member

_MONEY = (ORDERED.name, REFUNDED.name)
_AT_ONCE = 500


def _tell_stays(member: Member) -> Iterable[dict[str, Any]]:
    rows = Membership.objects.filter(identity__member=member).select_related("community", "group")
    for row in rows.order_by("joined_at", "pk"):
        yield {
            "community": row.community.name,
            "group": row.group.name if row.group else "",
            "from": row.joined_at,
            "to": row.left_at,
            "channel": row.channel_key,
            "role": row.role,
        }


def _facts_of(member: Member) -> QuerySet[Event]:
    return (
        Event.objects.filter(identity__member=member).select_related("community", "group").order_by("occurred_at", "pk")
    )


def _tell_orders(member: Member) -> Iterable[dict[str, Any]]:
    for row in _facts_of(member).filter(kind__in=_MONEY).iterator():
        yield {
            "at": row.occurred_at,
            "kind": str(kind_named(row.kind).meaning),
            "order": row.object_id,
            "minor_units": row.amount,
            "currency": row.community.currency,
            **row.payload,
        }


def _tell_messages(member: Member) -> Iterable[dict[str, Any]]:
    rows = Message.objects.filter(event__identity__member=member).select_related("event__community", "event__group")
    for row in rows.order_by("event__occurred_at", "pk").iterator():
        event = row.event
        yield {
            "at": event.occurred_at,
            "community": event.community.name,
            "group": event.group.name if event.group else "",
            "text": row.text,
        }


def _tell_denials(member: Member) -> Iterable[dict[str, Any]]:
    for row in BotDenial.objects.filter(member=member).select_related("community").order_by("pk"):
        yield {"at": row.at, "community": row.community.name}


def _erase_denials(member: Member) -> int:
    return BotDenial.objects.filter(member=member).delete()[0]


def _tell_differences(member: Member) -> Iterable[dict[str, Any]]:
    rows = Difference.objects.filter(identity__member=member).select_related("sync__group").order_by("pk")
    for row in rows.iterator():
        yield {"at": row.sync.began_at, "group": row.sync.group.name, "state": row.get_sort_display()}


def _erase_differences(member: Member) -> int:
    return Difference.objects.filter(identity__member=member).delete()[0]


def _erase_messages(member: Member) -> int:
    return Message.objects.filter(event__identity__member=member).delete()[0]


def _tell_facts(member: Member) -> Iterable[dict[str, Any]]:
    for row in _facts_of(member).exclude(kind__in=_MONEY).iterator():
        yield {
            "at": row.occurred_at,
            "kind": str(kind_named(row.kind).meaning),
            "community": row.community.name,
            "group": row.group.name if row.group else "",
            "about": row.object_id,
            "channel": row.channel_key,
            "source": row.source,
            **row.payload,
        }


def _erase_payloads(member: Member) -> int:
    """Free words in facts go; what figures and orders need (role, form, units, product) stays."""
    changed = []
    for event in Event.objects.filter(identity__member=member).exclude(payload={}).iterator():
        kept = {name: value for name, value in event.payload.items() if name in kind_named(event.kind).plain}
        if kept != event.payload:
            event.payload = kept
            changed.append(event)
    Event.objects.bulk_update(changed, ["payload"], batch_size=_AT_ONCE)
    return len(changed)


for _holding in (
    Holding(
        "stays",
        _("Where they were"),
        ("groups.Membership",),
        _tell_stays,
        kept=_("Without an account they are nobody's; past figures count them."),
    ),
    Holding(
        "orders",
        _("Orders"),
        ("events.Event",),
        _tell_orders,
        kept=_("Records of sales are kept for at least three years (电子商务法 Art 31), without account or name."),
    ),
    Holding("denials", _("Said to be a person, not a bot"), ("events.BotDenial",), _tell_denials, _erase_denials),
    Holding(
        "differences",
        _("What a group's own list told of them"),
        ("syncs.Difference",),
        _tell_differences,
        _erase_differences,
    ),
    Holding("messages", _("Messages"), ("events.Message",), _tell_messages, _erase_messages),
    Holding("facts", _("What they did"), ("events.Event",), _tell_facts, _erase_payloads),
):
    register_holding(_holding)
