"""Short links of our own: signed codes that lead to an address somebody released, and clicks counted as facts."""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.do.reach.facts import SOURCE
from qunying.do.reach.kinds import CLICKED
from qunying.do.reach.models import ShortLink
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.keys import require_keys
from qunying.kit.text.addresses import IN_TEXT, without_trailing

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from qunying.do.reach.models import Sending
    from qunying.do.reach.services_planning import Wanted
    from qunying.ground.groups.models import Community, Group

_RANDOM_BYTES, _SEAL_BYTES = 5, 5
_SEAL_LETTERS = 8
SECONDS = 600
"""The same browser following the same link again within so long is one click."""


def make_link(
    url: str, *, community: Community, sending: Sending | None = None, group: Group | None = None
) -> ShortLink:
    """A new short link to this address; raises QunyingError for what is no plain web address."""
    check_target(url)
    stem = _letters(secrets.token_bytes(_RANDOM_BYTES))
    return ShortLink.objects.create(
        code=f"{stem}{_seal(stem)}", url=url, community=community, sending=sending, group=group
    )


def check_target(url: str) -> None:
    """Raise QunyingError unless this is an http(s) address with a host and without a name and password in it."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and not parts.password
    except ValueError:
        plain = False
    if not plain or len(url) > ShortLink.URL_LENGTH or not url.isprintable() or "\\" in url or " " in url:
        raise QunyingError(_("“%(url)s” is no web address that a short link may lead to.") % {"url": url[:80]})


def find_link(code: str) -> ShortLink:
    """The link of this code; raises NotFoundError. Codes nobody gave out are known without asking the database."""
    stem, seal = code[:-_SEAL_LETTERS], code[-_SEAL_LETTERS:]
    genuine = code.isascii() and secrets.compare_digest(seal, _seal(stem))
    found = ShortLink.objects.select_related("community").filter(code=code).first() if genuine else None
    if found is None:
        raise NotFoundError(_("This link leads nowhere. Ask whoever gave it to you for another."))
    return found


def address_of(link: ShortLink) -> str:
    """The whole address that people are given."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("short_link", args=[link.code])


@transaction.atomic
def count_click(link: ShortLink, *, visitor: str) -> bool:
    """Count that somebody followed it; whether it was new. `visitor` tells browsers apart and is kept nowhere."""
    now = timezone.now()
    fact = Fact(
        CLICKED.name,
        now,
        ("clicked", link.code, visitor, int(now.timestamp()) // SECONDS),
        group_id=link.group_id,
        object_type="link",
        object_id=link.code,
        payload={"origin": "reach", "origin_id": str(link.sending_id or "")},
    )
    new = bool(record([fact], community=link.community, source=SOURCE).stored)
    if new:
        ShortLink.objects.filter(pk=link.pk).update(clicks=F("clicks") + 1)
    return new


def with_short_links(wanted: Sequence[Wanted], sending: Sending) -> list[Wanted]:
    """The same with every address in the words replaced by a short link, one for each group and address."""
    made: dict[tuple[int | None, str], str] = {}

    def short(url: str, group: Group | None) -> str:
        key = (group.pk if group else None, url)
        if key not in made:
            made[key] = address_of(make_link(url, community=sending.community, sending=sending, group=group))
        return made[key]

    return [replace(one, words=_replaced(one, short)) for one in wanted]


def _replaced(one: Wanted, short: _Short) -> str:
    def new(match: re.Match[str]) -> str:
        url = without_trailing(match[0])
        return short(url, one.group) + match[0][len(url) :]

    return IN_TEXT.sub(new, one.words)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Short = Callable[[str, Group | None], str]


def _seal(stem: str) -> str:
    key = require_keys(settings.KEYRING).digest
    return _letters(keyed_digest(key, "short link", stem)[:_SEAL_BYTES])


def _letters(given: bytes) -> str:
    return b32encode(given).decode().lower().rstrip("=")
