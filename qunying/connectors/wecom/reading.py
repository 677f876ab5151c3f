"""Every contact of every colleague, held against what we know: each night by itself, as a job in steps.

WeCom loses what it could not deliver after three tries. One colleague after another is read whole, so that who is
missing can be told; the checkpoint holds those who are left, and what is known already writes nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.contacts import (
    community_of,
    end_follows,
    keep_follows,
    read_follow,
    sharers_among,
)
from qunying.connectors.wecom.models import Contact
from qunying.connectors.wecom.rolls import BY
from qunying.connectors.wecom.tagging import carried_among, fetch_tags, keep_tags
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import start_job
from qunying.ground.jobs.turns import OPEN
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.names import WECOM
from qunying.ground.platforms.port import BusyError
from qunying.ground.platforms.services_health import health_of
from qunying.kit.errors import QunyingError
from qunying.kit.told import listed, part, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.connectors.wecom.contacts import Follow
    from qunying.ground.audit.actors import Actor
    from qunying.ground.jobs.turns import Turn

KIND = "wecom_contacts"
_AT_ONCE = 500
"""Contacts of one transaction, so that nobody waits long for it."""
_PAGE = 100
_RENEW = 20
"""Pages after which the claim on the job is renewed."""
Tags = dict[str, tuple[str, str]]
Pairs = set[tuple[str, str]]
Doubtful = dict[str, list[tuple[str, str]]]
"""People of several colleagues, with the tags (group, name) that no list has shown so far."""
_T = TypeVar("_T")


def begin_reading(account: Account, *, by: Actor) -> Job:
    """Begin to read every contact; raises QunyingError where nobody said to which community they belong."""
    if community_of(account) is None:
        raise QunyingError(
            _("Nobody said to which community the contacts of “%(account)s” belong. Say it in its settings.")
            % {"account": account.name}
        )
    return start_job(KIND, checkpoint={"account": account.pk}, by=by, unit=account.unit)


def begin_night() -> int:
    """Begin it for accounts that were not read today, once the hour has come, and at once for new ones; how many."""
    now = datetime.now().astimezone()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    begun = 0
    for account in Account.objects.filter(platform=WECOM, paused_at=None).select_related("unit"):
        jobs = Job.objects.filter(kind=KIND, checkpoint__account=account.pk)
        due = now.hour >= settings.BACKUP_HOUR and not jobs.filter(created_at__gte=midnight).exists()
        new = health_of(account) == "well" and not jobs.exists()
        if (due or new) and community_of(account) is not None and not jobs.filter(state__in=OPEN).exists():
            begin_reading(account, by=BY)
            begun += 1
    return begun


def step(turn: Turn) -> bool:
    """Read one colleague after another until the turn is over; whether all are read."""
    at = dict(turn.job.checkpoint)
    account = Account.objects.select_related("unit").filter(pk=at["account"]).first()
    if account is None or community_of(account) is None:
        raise QunyingError(_("The account or the community of its contacts is gone. What was read stays."))
    with Client(account) as client:
        try:
            return _step(turn, client, at)
        except BusyError as busy:
            # No fault of the account's: the job stumbles, and goes on from its checkpoint a little later.
            raise ConnectionError(str(busy)) from busy


def _step(turn: Turn, client: Client, at: dict[str, Any]) -> bool:
    known = fetch_tags(client)
    if "colleagues" not in at:
        told = client.ask("externalcontact/get_follow_user_list")
        names = {text(one, Contact.USER_LENGTH) for one in listed(told.get("follow_user"))}
        at |= {"colleagues": sorted(names - {""}), "counts": {}, "doubtful": {}}
    total = turn.job.total or len(at["colleagues"])
    while at["colleagues"]:
        counts, doubtful = Counter(at["counts"]), dict(at.get("doubtful", {}))
        counts.update(_read_colleague(turn, client, at["colleagues"][0], known, doubtful))
        at |= {"colleagues": at["colleagues"][1:], "counts": dict(counts), "doubtful": doubtful}
        with transaction.atomic():
            turn.job.result = at["counts"]
            turn.save(checkpoint=at, done=total - len(at["colleagues"]), total=total)
        turn.tell()
        if at["colleagues"] and turn.over():
            return False
    return True


def _read_colleague(turn: Turn, client: Client, userid: str, known: Tags, doubtful: Doubtful) -> dict[str, int]:
    """Bring one colleague's contacts in line; what was different. `doubtful` is carried on to the next colleague."""
    began = timezone.now()
    told = _fetch(turn, client, userid)
    follows = [follow for follow, _tags in told]
    fresh = sum(keep_follows(client.account, some) for some in _some(follows))
    tags = {follow.person: {known[pk] for pk in pks if pk in known} for follow, pks in told}
    corp = set(known.values())
    changed = sum(
        _bring_tags(client.account, userid, dict(some), known=corp, doubtful=doubtful)
        for some in _some(list(tags.items()))
    )
    gone = _missing(client.account, userid, {one.person for one in follows}, began)
    ended = sum(end_follows(client.account, some, at=began, by="") for some in _some(gone))
    return {"contacts": len(follows), "came": fresh, "ended": ended, "tags": changed}


def _some(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))


def _fetch(turn: Turn, client: Client, userid: str) -> list[tuple[Follow, list[str]]]:
    found: list[tuple[Follow, list[str]]] = []
    given = {"userid_list": [userid], "limit": _PAGE}
    for number, one in enumerate(client.pages("externalcontact/batch/get_by_user", "external_contact_list", **given)):
        info = part({"": one}, "")
        follow = read_follow(part(info, "external_contact"), part(info, "follow_info"), userid=userid)
        if follow is not None:
            tags = [pk for pk in listed(part(info, "follow_info").get("tag_id")) if isinstance(pk, str)]
            found.append((follow, tags))
        if number and number % (_RENEW * _PAGE) == 0:
            with transaction.atomic():
                turn.save(checkpoint=turn.job.checkpoint, done=turn.job.done, total=turn.job.total)
    return found


def _missing(account: Account, userid: str, there: set[str], began: datetime) -> Sequence[tuple[str, str]]:
    """Contacts that were open before we asked and are not listed any more."""
    rows = Contact.objects.filter(account=account, userid=userid, until__isnull=True, since__lt=began)
    names = rows.values_list("identity__external_id", flat=True)
    return [(userid, name) for name in sorted(set(names) - there)]


def _bring_tags(account: Account, userid: str, wanted: Mapping[str, Pairs], *, known: Pairs, doubtful: Doubtful) -> int:
    """Tags of people whom only this colleague knows are as listed; of others, each colleague's list is a part.

    What such a person carries beyond the first list waits in `doubtful` for the others: what none of them shows
    either is taken away after the last.
    """
    shared = sharers_among(account, wanted)
    changed = keep_tags({person: tags for person, tags in wanted.items() if person not in shared}, known=known)
    theirs = {person: wanted[person] for person in shared}
    changed += keep_tags(theirs, known=set())
    carried = carried_among(person for person, colleagues in shared.items() if colleagues[0] == userid)
    for person, colleagues in shared.items():
        left = carried.get(person, set()) & known
        if colleagues[0] != userid:
            left = {(group, name) for group, name in doubtful.get(person, ())}
        left -= theirs[person]
        doubtful.pop(person, None)
        if left and colleagues[-1] == userid:
            changed += keep_tags({person: carried_among([person]).get(person, set()) - left}, known=left)
        elif left:
            doubtful[person] = sorted(left)
    return changed
