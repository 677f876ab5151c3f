"""What WeCom told, understood: customer groups that change, people who become contacts, tags. Each as facts."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.connectors.wecom.carrying import pressed
from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.contacts import community_of, end_follows, fetch_person, keep_follows
from qunying.connectors.wecom.doing import welcome
from qunying.connectors.wecom.models import Heard, Roll
from qunying.connectors.wecom.refusals import NO_RELATION
from qunying.connectors.wecom.rolls import (
    SOURCE,
    There,
    bring_level,
    fetch_group,
    joined,
    keep_version,
    left,
    version_of,
)
from qunying.connectors.wecom.tagging import set_tags
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.names import WECOM
from qunying.ground.platforms.port import BusyError, RefusedError
from qunying.kit.errors import QunyingError
from qunying.kit.letters import read_letter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from qunying.connectors.wecom.rolls import Listed
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from qunying.kit.letters import Letter

_MOST_ATTEMPTS = 10
_CLAIM = timedelta(seconds=90)
_PAUSE = timedelta(seconds=5)
_LAG = timedelta(seconds=3)
_LAGS = 3
"""How often a list is asked for again that does not show yet what an event has told."""
_log = logging.getLogger(__name__)


def understand(heard: Heard) -> bool:
    """Turn what was told into facts; False where it has to wait, or somebody else is at it.

    Asks WeCom where the event itself does not say enough, so it is never called in a transaction. When it returns
    True everything is stored, or it was given up and the row says why.
    """
    now = timezone.now()
    mine = Heard.objects.filter(pk=heard.pk, state=Heard.State.WAITING, due_at__lte=now, attempts=heard.attempts)
    if not mine.update(due_at=now + _CLAIM, attempts=F("attempts") + 1):
        return False
    heard.refresh_from_db()
    try:
        _understand(heard)
    except BusyError as busy:
        return _later(heard, busy, str(busy))
    except QunyingError as error:
        return _end(heard, Heard.State.GIVEN_UP, str(error))
    except Exception:  # noqa: BLE001 - one event that nobody understands must not stop the others
        _log.exception("something that WeCom told account %s was not understood", heard.account_id)
        return _later(heard, None, _("It was not understood. The log says more."))
    return _end(heard, Heard.State.DONE, "")


def _later(heard: Heard, busy: BusyError | None, why: str) -> bool:
    if heard.attempts >= _MOST_ATTEMPTS:
        return _end(heard, Heard.State.GIVEN_UP, why)
    again = busy.again_at if busy is not None and busy.again_at is not None else timezone.now() + _PAUSE
    Heard.objects.filter(pk=heard.pk).update(due_at=again, why=why[: Heard.WHY_LENGTH])
    return False


def _end(heard: Heard, state: Heard.State, why: str) -> bool:
    """The words go: what they told stands in the facts."""
    Heard.objects.filter(pk=heard.pk).update(state=state, why=why[: Heard.WHY_LENGTH], words="")
    return True


def _understand(heard: Heard) -> None:
    letter, account = read_letter(heard.words.encode()), heard.account
    reader = _READERS.get((letter["Event"], letter["ChangeType"]))
    if reader is not None:
        with Client(account) as client:
            reader(client, letter, heard)


def _group(account: Account, letter: Letter) -> Group | None:
    """The group tied to the chat that the letter is about."""
    return groups_through(account).select_related("community").filter(external_id=letter["ChatId"]).first()


def _chat_changed(client: Client, letter: Letter, heard: Heard) -> None:
    """Members came or went, the owner or the name changed; a chat that no group is tied to is passed over."""
    group = _group(heard.account, letter)
    if group is None:
        return
    if letter["UpdateDetail"] == "change_name":
        _rename(group, fetch_group(client, group.external_id), letter.at, heard)
    elif letter["UpdateDetail"] in {"add_member", "del_member", "change_owner"}:
        _change_members(client, group, letter, heard)


def _rename(group: Group, now: Listed, at: datetime, heard: Heard) -> None:
    if now.name:
        fact = Fact("renamed_group", at, ("name", heard.digest.hex()), group_id=group.pk, payload={"name": now.name})
        record([fact], community=group.community, source=SOURCE)


def _change_members(client: Client, group: Group, letter: Letter, heard: Heard) -> None:
    """The algorithm of versions: what is stored is passed over, what follows on it is added, else the list is asked."""
    seen, last, current = version_of(group), letter["LastMemVer"], letter["CurMemVer"]
    if current and current == seen:
        return
    follows = bool(last) and last == seen
    if follows and letter["UpdateDetail"] == "del_member":
        _apply_leaving(group, letter, seen)
        return
    try:
        now = fetch_group(client, group.external_id)
    except RefusedError:
        # Whoever came is named in the event; by which code, only the list would tell.
        if letter["UpdateDetail"] != "add_member" or not letter.items("MemChangeList"):
            raise
        _apply_coming(group, letter, seen)
        return
    if not _shows(now, letter) and heard.attempts <= _LAGS:
        raise BusyError(_("The list of the group lags behind."), again_at=timezone.now() + _LAG)
    bring_level(group, now, seen=seen, at=letter.at, key=current or heard.digest.hex(), why=_reason(letter))


def _shows(now: Listed, letter: Letter) -> bool:
    """Whether a list shows already what the event tells."""
    named, there = set(letter.items("MemChangeList")), set(now.people)
    if letter["UpdateDetail"] == "add_member":
        return named <= there
    return letter["UpdateDetail"] != "del_member" or named.isdisjoint(there)


def _reason(letter: Letter) -> str:
    if letter["UpdateDetail"] != "del_member":
        return ""
    return "removed" if letter["QuitScene"] == "1" else "left"


@transaction.atomic
def _apply_leaving(group: Group, letter: Letter, seen: str) -> None:
    """Who is named has gone; nothing needs to be asked."""
    _check_unmoved(group, seen)
    there = Membership.objects.filter(
        group=group,
        left_at__isnull=True,
        identity__platform=WECOM,
        identity__external_id__in=letter.items("MemChangeList"),
    ).values_list("identity__external_id", flat=True)
    current, why = letter["CurMemVer"], _reason(letter)
    facts = [left(group, name, letter.at, key=current, why=why) for name in sorted(there)]
    record(facts, community=group.community, source=SOURCE)
    keep_version(group, current)


@transaction.atomic
def _apply_coming(group: Group, letter: Letter, seen: str) -> None:
    _check_unmoved(group, seen)
    facts = [joined(group, There(name), letter.at) for name in sorted(letter.items("MemChangeList"))]
    record(facts, community=group.community, source=SOURCE)
    if letter["LastMemVer"] == seen and letter["CurMemVer"]:
        keep_version(group, letter["CurMemVer"])


def _check_unmoved(group: Group, seen: str) -> None:
    held = Roll.objects.select_for_update().filter(group=group).values_list("version", flat=True).first() or ""
    if held != seen:
        raise BusyError(_("The group has changed while it was asked for. It is asked for again."))


def _chat_made(client: Client, letter: Letter, heard: Heard) -> None:
    """A chat that is tied already (it was dismissed and lives again) is compared; others wait to be tied."""
    group = _group(heard.account, letter)
    if group is not None:
        now, seen = fetch_group(client, group.external_id), version_of(group)
        bring_level(group, now, seen=seen, at=letter.at, key=heard.digest.hex())


def _chat_dismissed(_client: Client, letter: Letter, heard: Heard) -> None:
    """Everybody has left."""
    group = _group(heard.account, letter)
    if group is None:
        return
    with transaction.atomic():
        there = Membership.objects.filter(group=group, left_at__isnull=True, identity__platform=WECOM)
        names = sorted(there.values_list("identity__external_id", flat=True))
        facts = [left(group, name, letter.at, key=heard.digest.hex(), why="dismissed") for name in names]
        record(facts, community=group.community, source=SOURCE)
        Roll.objects.filter(group=group).delete()


def _contact_came(client: Client, letter: Letter, heard: Heard) -> None:
    """Welcome them first, for the code lives 20 seconds; then ask who they are."""
    if heard.attempts == 1:
        welcome(client, letter["WelcomeCode"], received_at=heard.received_at)
    _contact_changed(client, letter, heard)


def _contact_changed(client: Client, letter: Letter, heard: Heard) -> None:
    if community_of(heard.account) is None:
        return
    try:
        follows, tags = fetch_person(client, letter["ExternalUserID"])
    except RefusedError as refused:
        if getattr(refused, "code", 0) == NO_RELATION:
            return  # it ended before we asked; another event tells that
        raise
    keep_follows(heard.account, follows)
    set_tags(client, {letter["ExternalUserID"]: tags})


def _contact_ended(_client: Client, letter: Letter, heard: Heard) -> None:
    by = "customer" if letter["ChangeType"] == "del_follow_user" else "colleague"
    by = "transfer" if letter["Source"] == "DELETE_BY_TRANSFER" else by
    end_follows(heard.account, [(letter["UserID"], letter["ExternalUserID"])], at=letter.at, by=by)


def _welcome_again(client: Client, letter: Letter, heard: Heard) -> None:
    """The customer agreed to the archive, and with that WeCom gives another code."""
    if heard.attempts == 1:
        welcome(client, letter["WelcomeCode"], received_at=heard.received_at)


_READERS: dict[tuple[str, str], Callable[[Client, Letter, Heard], None]] = {
    ("change_external_chat", "create"): _chat_made,
    ("change_external_chat", "update"): _chat_changed,
    ("change_external_chat", "dismiss"): _chat_dismissed,
    ("change_external_contact", "add_external_contact"): _contact_came,
    ("change_external_contact", "add_half_external_contact"): _contact_came,
    ("change_external_contact", "edit_external_contact"): _contact_changed,
    ("change_external_contact", "del_external_contact"): _contact_ended,
    ("change_external_contact", "del_follow_user"): _contact_ended,
    ("change_external_contact", "msg_audit_approved"): _welcome_again,
    ("template_card_event", ""): pressed,
}
