"""The event kinds this app owns: what happens to people on a journey, never an act of their own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.ground.events.kinds import Kind, Presence, declare

_FIELDS = {"journey": int, "version": int}
_STEP = _FIELDS | {"step": str, "round": int, "outcome": str}

BEGAN = declare(
    Kind("journey_began", _("Began a journey."), "journeys", None, Presence.NOTHING, _FIELDS, plain=frozenset(_FIELDS))
)
STEPPED = declare(
    Kind(
        "journey_step", _("Met a step of a journey."), "journeys", None, Presence.NOTHING, _STEP, plain=frozenset(_STEP)
    )
)
FINISHED = declare(
    Kind(
        "journey_ended",
        _("Came to the end of a journey: its goal, its last step, an exit, or somebody stopped it."),
        "journeys",
        None,
        Presence.NOTHING,
        _FIELDS | {"outcome": str},
        plain=frozenset(_FIELDS) | {"outcome"},
    )
)
