"""The kinds of facts that only WeCom tells."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.ground.events.kinds import Kind, Presence, declare

BEFRIENDED = declare(
    Kind(
        "befriended",
        _("Became a contact of a colleague."),
        "wecom",
        None,
        Presence.NOTHING,
        {"way": int},
        plain=frozenset({"way"}),
    )
)
UNFRIENDED = declare(
    Kind(
        "unfriended",
        _("Is no contact of a colleague any more; `by` says who ended it."),
        "wecom",
        None,
        Presence.NOTHING,
        {"by": str},
        plain=frozenset({"by"}),
    )
)
