"""Looking after the system: followers, facts set aside, rounds, backups, the chain of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import MOST_ID, Given, Id, Moment, Page, Paging, Slug, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_everywhere
from qunying.ground.audit.verify import verify_chain
from qunying.ground.backups.nightly import ask_backup
from qunying.ground.events.followers import followers
from qunying.ground.events.queries import get_parked_for, parked_counts, parked_for
from qunying.ground.events.services_followers import replay_follower, retry_fact
from qunying.ground.patrol.checks import result_from
from qunying.ground.patrol.queries import last_patrol
from qunying.ground.patrol.services import make_round
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.access.models import ApiKey
    from qunying.ground.events.models import ParkedEvent
    from qunying.ground.patrol.models import Patrol

router = Router(tags=["system"])


class FollowerTold(Told):
    """A follower of the log: how many facts it is behind, since how many seconds, how many it set aside."""

    name: str
    behind: int
    seconds: int | None
    parked: int


class ParkedTold(Told):
    """A fact a follower could not digest."""

    id: int
    follower: str
    event: int
    attempts: int
    error: str
    parked_at: Moment


class RetryTold(Told):
    """Whether the fact went through."""

    through: bool


class SeenTold(Told):
    """What a check saw; `remedy` says what to do, '' where all is well."""

    check: str
    state: str
    words: str
    remedy: str


class RoundTold(Told):
    """The last round; `at` is null before the first."""

    at: Moment | None
    seen: list[SeenTold]


class BackupTold(Told):
    """A backup that was asked for."""

    id: int
    state: str


class ChainTold(Told):
    """Whether the audit is exactly what was sealed, and how many breaks there are."""

    whole: bool
    breaks: int


class ReplayGiven(Given):
    """From which fact on; 0: the beginning."""

    start: Annotated[int, Field(ge=0, le=MOST_ID, examples=[0])]


def _parked(rows: Sequence[ParkedEvent]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = {name: getattr(one, name) for name in ("follower", "attempts", "error", "parked_at")}
        yield {"id": one.pk, "event": one.event_id} | plain


PARKED = Noun("parked", ParkedTold, _parked)


@router.get("/followers", response=list[FollowerTold], summary="Followers of the log")
def list_followers(request: HttpRequest) -> HttpResponse:
    """How far each is behind. Asks for `system.run`."""
    _keeper(request)
    parked, told = parked_counts(), []
    for one in followers():
        lag = one.lag()
        seconds = None if lag.oldest is None else round(lag.oldest.total_seconds())
        told.append({"name": one.name, "behind": lag.waiting, "seconds": seconds, "parked": parked.get(one.name, 0)})
    return as_json(told)


@router.post("/followers/{name}/replay", response=list[FollowerTold], summary="Send a follower back")
def replay(request: HttpRequest, name: Path[Slug], given: Body[ReplayGiven]) -> HttpResponse:
    """It reads everything from there again. Asks for `system.run` everywhere."""
    replay_follower(name, from_id=given.start, by=_keeper(request, whole=True))
    return list_followers(request)


@router.get("/parked", response=Page[ParkedTold], summary="Facts set aside")
def list_parked(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """Those of the key's communities. Asks for `system.run`."""
    return page(request, parked_for(_keeper(request)), PARKED, asked)


@router.post("/parked/{pk}/retry", response=RetryTold, summary="Hand a fact over again")
def retry(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """To the follower that set it aside. Asks for `system.run`."""
    key = caller_of(request)
    return as_json({"through": retry_fact(get_parked_for(key, pk), by=key)})


@router.get("/health", response=RoundTold, summary="How the installation is")
def show_health(request: HttpRequest) -> HttpResponse:
    """What the last round saw. Asks for `system.run`."""
    _keeper(request)
    return as_json(_round(last_patrol()))


@router.post("/health", response=RoundTold, summary="Make a round now")
def look(request: HttpRequest) -> HttpResponse:
    """Looks at everything. Asks for `system.run` everywhere."""
    _keeper(request, whole=True)
    return as_json(_round(make_round()))


@router.post("/backups", response={201: BackupTold}, summary="Ask for a backup")
def back_up(request: HttpRequest) -> HttpResponse:
    """It begins within a few seconds. Asks for `system.run` everywhere."""
    asked = ask_backup(by=_keeper(request, whole=True))
    return as_json({"id": asked.pk, "state": asked.state}, status=201)


@router.post("/acts/verify", response=ChainTold, summary="Verify the audit", tags=["audit"])
def verify(request: HttpRequest) -> HttpResponse:
    """Recomputes every link of the chain. Asks for `audit.see` everywhere."""
    if not may_everywhere(caller_of(request), Permission.SEE_AUDIT):
        raise NotAllowedError(_("The chain runs through every unit. Only those who read the whole audit may check it."))
    report = verify_chain()
    return as_json({"whole": report.ok, "breaks": len(report.breaks)})


def _keeper(request: HttpRequest, *, whole: bool = False) -> ApiKey:
    key = caller_of(request)
    if not may_anywhere(key, Permission.RUN_SYSTEM):
        raise NotAllowedError(_("The key may not look after the system. Give it “system.run”."))
    if whole and not may_everywhere(key, Permission.RUN_SYSTEM):
        raise NotAllowedError(_("This concerns every unit. Only those who look after the whole may do it."))
    return key


def _round(seen: Patrol | None) -> dict[str, Any]:
    found = [result_from(plain) for plain in seen.results] if seen else []
    told = [{"check": one.check, "state": str(one.state), "words": one.words, "remedy": one.remedy} for one in found]
    return {"at": seen.at if seen else None, "seen": told}
