"""The file that lets the account in: the registration of an application service, each time with fresh tokens.

https://spec.matrix.org/latest/application-service-api/#registration
"""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.platforms.callbacks import callback_address
from qunying.ground.platforms.handouts import Handed, Handout
from qunying.ground.platforms.names import MATRIX
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account

_USER = re.compile(r"@[a-z0-9._=/+-]+:[A-Za-z0-9.:\[\]-]+")
TOKEN_BYTES = 32


def service_id(account: Account) -> str:
    """What the homeserver calls this application service."""
    return f"qunying-{account.pk}"


def make_registration(account: Account) -> Handed:
    """The registration as YAML; raises QunyingError for a name that is none, or where no address is known."""
    user, address = str(account.settings.get("user", "")), callback_address(account)
    if not _USER.fullmatch(user):
        raise QunyingError(
            _("“%(user)s” is no name of an account on Matrix. Write it whole, such as @qunying:example.org.")
            % {"user": user}
        )
    if not address:
        raise QunyingError(
            _("Nobody said where the homeserver finds Qunying. Fill in the address in the account's settings.")
        )
    tokens = {name: secrets.token_urlsafe(TOKEN_BYTES) for name in ("as_token", "hs_token")}
    localpart, _colon, server = user.removeprefix("@").partition(":")
    values = {
        "id": service_id(account),
        "url": address,
        **tokens,
        "sender_localpart": localpart,
        "user": re.escape(user),
        "alias": f"#{re.escape(localpart)}_.*:{re.escape(server)}",
    }
    text = _YAML.format(**{name: json.dumps(value) for name, value in values.items()})
    return Handed(f"qunying-{account.pk}.yaml", "application/yaml", text, tokens)


_YAML = """\
id: {id}
url: {url}
as_token: {as_token}
hs_token: {hs_token}
sender_localpart: {sender_localpart}
rate_limited: false
receive_ephemeral: true
de.sorunome.msc2409.push_ephemeral: true
namespaces:
  users:
    - exclusive: true
      regex: {user}
  aliases:
    - exclusive: true
      regex: {alias}
  rooms: []
"""

HANDOUT = Handout(
    MATRIX,
    gettext_lazy("Registration file"),
    gettext_lazy(
        "Put it on the homeserver, name it under app_service_config_files in homeserver.yaml, and start the homeserver "
        "again. Its secrets are shown in no other place; a new file makes the earlier one stop working."
    ),
    make_registration,
)
