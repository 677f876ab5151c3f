"""What has to be typed into the WeCom console so that it finds us: our address, a token and a key, made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.wecom.callbacks import PATH
from qunying.ground.platforms.callbacks import callback_address
from qunying.ground.platforms.handouts import Handed, Handout
from qunying.ground.platforms.names import WECOM
from qunying.kit.envelopes import new_secrets
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account


def make_letter(account: Account) -> Handed:
    """The three lines for the console, with a fresh token and key; raises QunyingError where no address is known."""
    address = callback_address(account, PATH)
    if not address:
        raise QunyingError(_("Nobody said where WeCom finds Qunying. Fill in the address in the account's settings."))
    token, key = new_secrets()
    text = f"URL: {address}\nToken: {token}\nEncodingAESKey: {key}\n"
    return Handed(f"qunying-wecom-{account.pk}.txt", "text/plain", text, {"token": token, "aes_key": key})


HANDOUT = Handout(
    WECOM,
    gettext_lazy("Address for events"),
    gettext_lazy(
        "Three lines to copy into the WeCom console: open the app → “Receive messages” → “Set up API reception”. Its "
        "secrets are shown in no other place; a new file makes the earlier one stop working."
    ),
    make_letter,
)
