"""What people send by hand: by group and person, the text ready to copy, done or not possible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qunying.do.reach.pictures import pictures_of_many
from qunying.do.reach.queries import absences_at, get_task_for, senders_beside, senders_in, tasks_done, tasks_for
from qunying.do.reach.rules import may_carry
from qunying.do.reach.services_tasks import finish_task, give_up_task, hand_over
from qunying.doors.console.acting import act_and_return, ids_in
from qunying.doors.console.do.reach.acts import tasks_given
from qunying.doors.console.people import check_may_anywhere, staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.models import Staff
from qunying.ground.access.roles import Permission
from qunying.ground.platforms.names import platform_label
from qunying.ground.platforms.outcomes import teller_of
from qunying.ground.platforms.port import ACTION_WORDS, Action
from qunying.kit.errors import NotFoundError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from qunying.do.reach.models import Absence, HandTask

_MOST = 200
_WHOSE = ("all", "mine", "nobody")
_DONE_DAYS = 7


@dataclass(slots=True)
class Place:
    """Where something is to be sent: a group, or one person, with everything for it."""

    name: str
    platform: str
    community: str
    person: bool
    tasks: list[dict[str, object]] = field(default_factory=list)


@require_GET
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """Everything to be sent by hand that this person may do, by where it goes, the earliest first."""
    staff = _sender(request)
    whose, person = request.GET.get("whose", "all"), None
    found = tasks_for(staff)
    if whose == "mine":
        found = found.filter(owner=staff)
    elif whose == "nobody":
        found = found.filter(owner=None)
    elif (person := to_id(whose)) is not None:
        found = found.filter(owner=person)
    rows = list(found[:_MOST])
    now = timezone.now()
    context = {
        "places": _by_place(rows, now),
        "count": len(rows),
        "more": len(rows) == _MOST,
        "whose": whose if whose in _WHOSE or person is not None else "all",
        "person": next((row.owner for row in rows if person is not None), None),
        "colleagues": _colleagues(rows),
        "zone": zone_of(staff),
        "staff": staff,
    }
    return render(request, "console/reach/tasks.html", context)


def _by_place(rows: list[HandTask], now: datetime) -> list[Place]:
    places: dict[tuple[str, int], Place] = {}
    pictures = pictures_of_many(task.delivery for task in rows)
    for task in rows:
        one = task.delivery
        if one.group is not None:
            key, name, platform = ("group", one.group.pk), one.group.name, one.group.platform
        elif one.identity is not None:
            key, name, platform = ("person", one.identity.pk), str(one.identity.member), one.identity.platform
        else:
            continue
        place = places.setdefault(
            key, Place(name, platform_label(platform), one.community.name, person=key[0] == "person")
        )
        what = ACTION_WORDS.get(Action(one.action), one.action)
        place.tasks.append(
            {
                "task": task,
                "one": one,
                "late": task.due_at < now,
                "what": what,
                "pictures": pictures[one.pk],
                "tells": teller_of(platform) is not None,
            }
        )
    return list(places.values())


@dataclass(frozen=True, slots=True)
class Load:
    """What one person (None: the whole team) has to send by hand, and what they sent in the last seven days."""

    person: Staff | None
    open: int
    late: int
    done: int
    absence: Absence | None


@require_GET
@login_required
def team(request: HttpRequest) -> HttpResponse:
    """Who has how much to send by hand, how much of it is late, and who is away."""
    staff = _sender(request)
    now = timezone.now()
    open_now = list(tasks_for(staff).values_list("owner", "due_at"))
    carried: Counter[int | None] = Counter(owner for owner, _due in open_now)
    late: Counter[int | None] = Counter(owner for owner, due in open_now if due < now)
    done = Counter(tasks_done(staff, since=now - timedelta(days=_DONE_DAYS)))
    away = {one.staff_id: one for one in absences_at(now)}
    loads = [
        Load(person, carried[person.pk], late[person.pk], done[person.pk], away.get(person.pk))
        for person in sorted(senders_beside(staff), key=lambda one: (-late[one.pk], -carried[one.pk], one.name))
    ]
    nobody = Load(None, carried[None], late[None], 0, None)
    context = {"loads": [nobody, *loads] if nobody.open else loads, "zone": zone_of(staff), "whose": "team"}
    return render(request, "console/reach/team.html", context)


def _colleagues(rows: list[HandTask]) -> list[Staff]:
    communities = {task.delivery.community_id: task.delivery.community for task in rows}.values()
    found = {person.pk: person for one in communities for person in senders_in(one) if may_carry(person, one)}
    return sorted(found.values(), key=lambda person: person.name)


@require_POST
@login_required
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """It was sent."""
    staff = _sender(request)
    task = get_task_for(staff, pk)
    sent = request.FILES.get("picture")

    def finish() -> None:
        raw, name = (sent.read(), sent.name or "") if sent else (b"", "")
        finish_task(task, proof=request.POST.get("proof", ""), by=staff, picture=raw, picture_name=name)

    return act_and_return(request, finish, done=_("Noted as sent."), back=_back())


@require_POST
@login_required
def impossible(request: HttpRequest, pk: int) -> HttpResponse:
    """It could not be sent."""
    staff = _sender(request)
    task = get_task_for(staff, pk)
    why = request.POST.get("why", "")
    words = _("Noted with the reason. Whoever wrote it sees it on the sending.")
    return act_and_return(request, lambda: give_up_task(task, why=why, by=staff), done=words, back=_back())


@require_POST
@login_required
def give_over(request: HttpRequest) -> HttpResponse:
    """Give what is ticked to a colleague, or to the whole team."""
    staff = _sender(request)
    chosen = list(tasks_for(staff).filter(pk__in=ids_in(request.POST)))
    to = _person(request.POST.get("to", ""))
    if to is None:
        count = len(chosen)
        words = ngettext("%(count)d belongs to the whole team now.", "%(count)d belong to the whole team now.", count)
        words %= {"count": count}
    else:
        words = tasks_given(len(chosen), to.name)
    return act_and_return(request, lambda: hand_over(chosen, to=to, by=staff), done=words, back=_back())


def _person(text: str) -> Staff | None:
    if not text:
        return None
    found = Staff.objects.filter(pk=to_id(text) or 0, is_active=True).first()
    if found is None:
        raise NotFoundError(_("There is no such colleague."))
    return found


def _sender(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    refusal = _("Your roles do not include sending. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.SEND, refusal=refusal)
    return staff


def _back() -> str:
    return reverse("hand_tasks")
