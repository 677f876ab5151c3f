"""The event kinds this app owns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.ground.events.kinds import Grade, Kind, Presence, declare

DELIVERED = declare(
    Kind(
        "delivered",
        _("Something of ours reached a group or a person; told once it was confirmed."),
        "reach",
        None,
        Presence.NOTHING,
        {"action": str, "way": str, "origin": str, "origin_id": str},
        plain=frozenset({"action", "way", "origin", "origin_id"}),
    )
)
CLICKED = declare(
    Kind(
        "clicked",
        _("Someone followed a short link of ours; the same browser once in ten minutes."),
        "reach",
        Grade.SEEN,
        Presence.NOTHING,
        {"origin": str, "origin_id": str},
        plain=frozenset({"origin", "origin_id"}),
    )
)
