"""Verbs on people who ask to be let in: heard of, let in, turned away, settled elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.admission.models import Applicant
from qunying.do.admission.rules import check_may_admit
from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.services import ensure_identities
from qunying.ground.platforms.port import Action, Order, connector_of
from qunying.ground.privacy.queries import erased_among
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.joining import JoinRequest

ADMIT = declare_verb("applicants.admit", gettext_lazy("Somebody who asked was let into a group."))
TURN_AWAY = declare_verb(
    "applicants.turn_away", gettext_lazy("Somebody who asked to be let into a group was turned away.")
)
SETTLE = declare_verb(
    "applicants.settle", gettext_lazy("That somebody asks to be let in was marked as settled elsewhere.")
)
State = Applicant.State


@transaction.atomic
def note_applicant(request: JoinRequest) -> None:
    """Keep that somebody asks; the same request again changes nothing, and who was erased is not kept."""
    if len(request.name) > Applicant.NAME_LENGTH or erased_among([request.who]):
        return
    if Applicant.objects.filter(group=request.group, name=request.name).exists():
        return
    identities, _new = ensure_identities([request.who])
    one = Applicant(
        group=request.group,
        identity_id=identities[request.who.key],
        name=request.name,
        sort=request.sort[: Applicant.SORT_LENGTH],
        words=request.words,
        asked_at=request.at,
    )
    Applicant.objects.bulk_create([one], ignore_conflicts=True)


def admit_applicant(applicant: Applicant, *, by: Actor) -> None:
    """Let them in. Asks the platform, so it is never called in a transaction; raises what the platform refuses."""
    _answer(applicant, Action.ADMIT, State.ADMITTED, verb=ADMIT, by=by)


def turn_away_applicant(applicant: Applicant, *, why: str, by: Actor) -> None:
    """Turn them away, with a reason that the platform shows them; as `admit_applicant`."""
    reason = " ".join(why.split())
    if len(reason) > Applicant.WHY_LENGTH:
        raise QunyingError(_("A reason has at most %(most)d characters.") % {"most": Applicant.WHY_LENGTH})
    _answer(applicant, Action.TURN_AWAY, State.TURNED_AWAY, verb=TURN_AWAY, by=by, why=reason)


def settle_applicant(applicant: Applicant, *, by: Actor) -> None:
    """Ask nobody any more: it was answered in the app, or the request is gone."""
    check_may_admit(by, applicant.group.community)
    _decide(applicant, State.SETTLED, verb=SETTLE, by=by, why="")


def _answer(  # noqa: PLR0913 - one answer has that many parts
    applicant: Applicant, action: Action, state: State, *, verb: str, by: Actor, why: str = ""
) -> None:
    check_may_admit(by, applicant.group.community)
    account = applicant.group.account
    connector = connector_of(account.platform) if account is not None else None
    if account is None or connector is None:
        raise QunyingError(
            _("“%(group)s” is tied to no account any more. Answer in the app, then settle it here.")
            % {"group": applicant.group.name}
        )
    if applicant.state != State.WAITING:
        raise QunyingError(_("Somebody has answered this already."))
    order = Order(
        key=f"admission:{applicant.pk}:{action}",
        action=action,
        group=applicant.group.external_id,
        person=applicant.identity.external_id,
        subject=applicant.name,
        words=why,
        options={"sort": applicant.sort},
    )
    connector.perform(account, order)
    _decide(applicant, state, verb=verb, by=by, why=why)


@transaction.atomic
def _decide(applicant: Applicant, state: State, *, verb: str, by: Actor, why: str) -> None:
    waiting = Applicant.objects.filter(pk=applicant.pk, state=State.WAITING)
    decided = {"decided_by": by if isinstance(by, Staff) else None, "decided_at": timezone.now()}
    if not waiting.update(state=state, why=why, **decided):
        raise QunyingError(_("Somebody has answered this already."))
    write_act(verb, by=by, subject_type="applicant", subject_id=applicant.pk, details={"group": applicant.group_id})
    applicant.refresh_from_db()
