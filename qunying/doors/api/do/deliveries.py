"""What sendings are made of, for programs: where each thing stands, and what is to be sent by hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.do.reach.models import Delivery, HandTask
from qunying.do.reach.queries import deliveries_for, deliveries_of, get_delivery_for, get_sending_for, get_task_for
from qunying.do.reach.queries import tasks_for as tasks_open_for
from qunying.do.reach.services_outcomes import settle_delivery
from qunying.do.reach.services_tasks import finish_task, give_up_task, hand_over
from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.plan.intents import owner_named
from qunying.doors.api.shapes import Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.access.models import ApiKey

router = Router(tags=["do"])
_State = Literal["waiting", "claimed", "sent", "awaiting", "hand", "refused", "unknown", "cancelled", "held"]
_Proof = Annotated[Text, Field(max_length=HandTask.PROOF_LENGTH, examples=["群里第三条，14:32"])]


class DeliveryTold(Told):
    """One thing for one group or one person; who it is, is told where the key may see members."""

    id: int
    sending: int | None = Field(examples=[5])
    community: str
    action: str = Field(description="What is done there.", examples=["send"])
    group: int | None
    member: int | None
    identity: int | None
    account: int | None = Field(description="Through which account of ours; null: by hand.", examples=[2])
    way: str = Field(description="official, confirm or hand, as it was planned.", examples=["official"])
    state: str = Field(
        description="waiting, claimed, sent, awaiting (a person confirms), hand, refused, unknown, cancelled, held.",
        examples=["sent"],
    )
    why: str = Field(description="Why it is held back, refused, unknown or late.", examples=[""])
    due_at: Moment
    ended_at: Moment | None
    attempts: int
    external_id: str = Field(description="The platform's own name for it.", examples=["$1wtq"])


class HandTaskTold(Told):
    """Something a person is to send; its number is that of its delivery."""

    id: int
    sending: int | None = Field(examples=[5])
    community: str
    action: str = Field(description="What is to be done.", examples=["send"])
    group: int | None
    member: int | None
    words: str = Field(description="What is to be sent.", examples=["今晚七点半，来晒花吧。"])
    owner: str | None = Field(description="Whose it is; null: the team's.", examples=["lili"])
    due_at: Moment


class DeliveryList(Paging):
    """Which deliveries."""

    state: Annotated[_State | None, Field(description="Only those that stand so.")] = None


class DeliveriesAsked(DeliveryList):
    """Which deliveries of which community."""

    community: Annotated[Slug | None, Field(description="Only those of this community.")] = None


class HandTaskList(Paging):
    """Which tasks."""

    owner: Annotated[Text, Field(max_length=60, description="Only those of this colleague, by the sign-in name.")] = ""


class SettledGiven(Given):
    """What somebody found out about it."""

    arrived: bool = Field(description="false: it is sent once more.", examples=[True])


class ProofGiven(Given):
    """What somebody can check later."""

    proof: _Proof = ""


class ImpossibleGiven(Given):
    """Why it could not be sent."""

    why: Annotated[_Proof, Field(min_length=1, examples=["被移出群了"])]


class HandOverGiven(Given):
    """Which tasks go to whom."""

    tasks: Annotated[list[Id], Field(min_length=1, max_length=200, description="By their numbers.")]
    owner: Annotated[Text, Field(max_length=60, description="A sign-in name; null: the team.")] | None = None


class HandedTold(Told):
    """How many tasks changed hands."""

    count: int


def _deliveries(rows: Sequence[Delivery], *, seeing: set[int]) -> Iterable[dict[str, Any]]:
    plain = ("action", "way", "state", "why", "due_at", "ended_at", "attempts", "external_id")
    for one in rows:
        seen = one.identity if one.community.unit_id in seeing else None
        told = {"id": one.pk, "sending": one.sending_id, "community": one.community.slug, "group": one.group_id}
        told |= {"member": seen.member_id if seen else None, "identity": seen.pk if seen else None}
        told["account"] = one.account_id
        yield told | {name: getattr(one, name) for name in plain}


def _tasks(rows: Sequence[HandTask], *, seeing: set[int]) -> Iterable[dict[str, Any]]:
    for one in rows:
        order = one.delivery
        seen = order.identity if order.community.unit_id in seeing else None
        told = {"id": one.pk, "sending": order.sending_id, "community": order.community.slug, "action": order.action}
        told |= {"group": order.group_id, "member": seen.member_id if seen else None, "words": order.words}
        yield told | {"owner": one.owner and one.owner.username, "due_at": one.due_at}


def deliveries_noun(key: ApiKey) -> Noun[Delivery]:
    """Deliveries as this key may have them told."""
    return Noun("deliveries", DeliveryTold, partial(_deliveries, seeing=_seeing(key)))


def _tasks_noun(key: ApiKey) -> Noun[HandTask]:
    return Noun("hand_tasks", HandTaskTold, partial(_tasks, seeing=_seeing(key)))


def _seeing(key: ApiKey) -> set[int]:
    """The units in which the key may see members."""
    return set(units_for(key, Permission.SEE_MEMBERS).values_list("pk", flat=True))


@router.get("/deliveries", response=Page[DeliveryTold], summary="Deliveries")
def list_deliveries(request: HttpRequest, asked: Query[DeliveriesAsked]) -> HttpResponse:
    """Of sendings and of everything else that leaves. Asks for `reach.send`."""
    key = _sender(request)
    wanted = {"community__slug": asked.community, "state": asked.state}
    found = deliveries_for(key).filter(**{name: value for name, value in wanted.items() if value is not None})
    return page(request, found, deliveries_noun(key), asked)


@router.get("/sendings/{pk}/deliveries", response=Page[DeliveryTold], summary="Deliveries of a sending")
def list_of_sending(request: HttpRequest, pk: Path[Id], asked: Query[DeliveryList]) -> HttpResponse:
    """Asks for `plan.see`."""
    key = caller_of(request)
    sending = get_sending_for(key, pk)
    found = deliveries_of(sending).select_related("community", "identity")
    if asked.state is not None:
        found = found.filter(state=asked.state)
    return page(request, found, deliveries_noun(key), asked, unit=sending.community.unit)


@router.get("/deliveries/{pk}", response=DeliveryTold, summary="One delivery")
def show_delivery(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `reach.send`."""
    key = _sender(request)
    return deliveries_noun(key).one(get_delivery_for(key, pk))


@router.post("/deliveries/{pk}/settle", response=DeliveryTold, summary="Say what became of an unknown delivery")
def settle(request: HttpRequest, pk: Path[Id], given: Body[SettledGiven]) -> HttpResponse:
    """Tells the one that stands for it now: itself, or the one that is sent in its place. Asks for `reach.send`."""
    key = _sender(request)
    settled = settle_delivery(get_delivery_for(key, pk), arrived=given.arrived, by=key)
    return deliveries_noun(key).one(get_delivery_for(key, settled.pk))


@router.get("/hand-tasks", response=Page[HandTaskTold], summary="What is to be sent by hand")
def list_tasks(request: HttpRequest, asked: Query[HandTaskList]) -> HttpResponse:
    """What is open in the units where the key sends. Asks for `reach.send`."""
    key = _sender(request)
    found = tasks_open_for(key)
    if asked.owner:
        found = found.filter(owner__username__iexact=asked.owner)
    return page(request, found, _tasks_noun(key), asked)


@router.post("/hand-tasks/hand-over", response=HandedTold, summary="Give hand tasks to somebody")
def give_tasks(request: HttpRequest, given: Body[HandOverGiven]) -> HttpResponse:
    """To a colleague who may send there, or to the team. Asks for `reach.send`."""
    key = _sender(request)
    chosen = list(tasks_open_for(key).filter(pk__in=given.tasks))
    if len(chosen) != len(set(given.tasks)):
        raise NotFoundError(_("There is no such task any more, or not for you."))
    return as_json({"count": hand_over(chosen, to=owner_named(given.owner or None), by=key)})


@router.get("/hand-tasks/{pk}", response=HandTaskTold, summary="One thing to be sent by hand")
def show_task(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `reach.send`."""
    key = _sender(request)
    return _tasks_noun(key).one(get_task_for(key, pk))


@router.post("/hand-tasks/{pk}/done", response=DeliveryTold, summary="Say that it was sent by hand")
def end_task(request: HttpRequest, pk: Path[Id], given: Body[ProofGiven]) -> HttpResponse:
    """The delivery counts as sent from now on. Asks for `reach.send`."""
    key = _sender(request)
    finish_task(get_task_for(key, pk), proof=given.proof, by=key)
    return deliveries_noun(key).one(get_delivery_for(key, pk))


@router.post("/hand-tasks/{pk}/impossible", response=DeliveryTold, summary="Say that it could not be sent by hand")
def leave_task(request: HttpRequest, pk: Path[Id], given: Body[ImpossibleGiven]) -> HttpResponse:
    """Asks for `reach.send`."""
    key = _sender(request)
    give_up_task(get_task_for(key, pk), why=given.why, by=key)
    return deliveries_noun(key).one(get_delivery_for(key, pk))


def _sender(request: HttpRequest) -> ApiKey:
    key = caller_of(request)
    if not may_anywhere(key, Permission.SEND):
        raise NotAllowedError(_("The key may not send. Give it “reach.send”."))
    return key
