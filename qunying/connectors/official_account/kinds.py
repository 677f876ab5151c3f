"""The kinds of fact that only an official account tells."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.ground.events.kinds import Grade, Kind, declare

SCANNED = declare(
    Kind("scanned", _("Scanned a code of an official account they follow already."), "official_account", Grade.SEEN)
)
PRESSED = declare(
    Kind(
        "pressed_menu",
        _("Pressed an entry in the menu of an official account."),
        "official_account",
        Grade.INTERACTIVE,
        payload={"entry": str},
        plain=frozenset({"entry"}),
    )
)
