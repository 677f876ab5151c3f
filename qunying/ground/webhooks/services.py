"""Verbs on webhooks: making, switching off and on, trying, sending again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_q.tasks import async_task

from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.kinds import kind_named
from qunying.ground.webhooks.followers import new_delivery
from qunying.ground.webhooks.models import Delivery, Endpoint
from qunying.ground.webhooks.rules import may_listen
from qunying.ground.webhooks.sealing import new_secret, seal_secret
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.kit.outward import check_address

if TYPE_CHECKING:
    from collections.abc import Collection

    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

CREATE = declare_verb("webhooks.create", gettext_lazy("A webhook was made."))
OFF = declare_verb("webhooks.off", gettext_lazy("A webhook was switched off."))
ON = declare_verb("webhooks.on", gettext_lazy("A webhook was switched on again."))
TRY = declare_verb("webhooks.try", gettext_lazy("A test was sent to a webhook."))
AGAIN = declare_verb("webhooks.again", gettext_lazy("Deliveries of a webhook were sent again."))

State = Delivery.State


@transaction.atomic
def create_endpoint(name: str, *, url: str, kinds: Collection[str], unit: Unit, by: Staff) -> tuple[Endpoint, str]:
    """Have facts of these kinds (none: all) sent to the address; the row, and the secret, shown this once.

    Raises QunyingError for an address that is not https or leads inside, or a kind there is not.
    """
    _check_may(by, unit)
    name = name.strip()
    if not name or len(name) > Endpoint.NAME_LENGTH:
        raise QunyingError(_("A name has 1 to %(most)s characters.") % {"most": Endpoint.NAME_LENGTH})
    if len(url) > Endpoint.URL_LENGTH:
        raise QunyingError(_("The address is longer than %(most)s characters.") % {"most": Endpoint.URL_LENGTH})
    check_address(url, local=settings.WEBHOOKS_LOCAL)
    chosen = sorted({kind_named(kind).name for kind in kinds})
    endpoint = Endpoint.objects.create(name=name, url=url, kinds=chosen, unit=unit, owner=by)
    secret = new_secret()
    endpoint.sealed = seal_secret(endpoint, secret)
    endpoint.save(update_fields=["sealed"])
    _write(CREATE, endpoint, by=by, unit=unit.pk, kinds=chosen)
    return endpoint, secret


@transaction.atomic
def switch_off(endpoint: Endpoint, *, by: Actor, why: str = Endpoint.Off.HAND) -> None:
    """Send nothing any more; what waits has failed. Whoever answers for it is told by mail where nobody did it."""
    _check_may(by, endpoint.unit)
    now = timezone.now()
    if not Endpoint.objects.filter(pk=endpoint.pk, off_at__isnull=True).update(off_at=now, off_why=why):
        return
    endpoint.refresh_from_db(fields=["off_at", "off_why"])
    waiting = Delivery.objects.filter(endpoint=endpoint, state=State.WAITING)
    waiting.update(state=State.FAILED, ended_at=now)
    _write(OFF, endpoint, by=by, why=why)
    if why != Endpoint.Off.HAND:
        transaction.on_commit(lambda: async_task("qunying.ground.webhooks.tasks.mail_off", endpoint.pk, cluster="fast"))


@transaction.atomic
def switch_on(endpoint: Endpoint, *, by: Actor) -> None:
    """Send what is recorded from now on; what failed meanwhile can be sent again by hand."""
    _check_may(by, endpoint.unit)
    on = {"off_at": None, "off_why": "", "failing_since": None}
    if not Endpoint.objects.filter(pk=endpoint.pk, off_at__isnull=False).update(**on):
        return
    endpoint.refresh_from_db()
    _write(ON, endpoint, by=by)


@transaction.atomic
def send_test(endpoint: Endpoint, *, by: Actor) -> Delivery:
    """Send a message that tells nothing, so that the other side can be tried."""
    _check_may(by, endpoint.unit)
    _check_on(endpoint)
    delivery = new_delivery(endpoint, None, timezone.now())
    delivery.save()
    _write(TRY, endpoint, by=by, delivery=delivery.pk)
    return delivery


@transaction.atomic
def send_again(endpoint: Endpoint, *, by: Actor, delivery: Delivery | None = None) -> int:
    """Send one delivery again, or all that failed; how many. Each keeps its id and gets three days anew."""
    _check_may(by, endpoint.unit)
    _check_on(endpoint)
    ended = Delivery.objects.filter(endpoint=endpoint).exclude(state=State.WAITING)
    chosen = ended.filter(state=State.FAILED) if delivery is None else ended.filter(pk=delivery.pk)
    now = timezone.now()
    again = chosen.update(state=State.WAITING, attempts=0, begun_at=now, due_at=now, ended_at=None)
    if again:
        _write(AGAIN, endpoint, by=by, deliveries=again)
    return again


def _check_may(by: Actor, unit: Unit) -> None:
    if isinstance(by, Staff | ApiKey) and not may_listen(by, unit):
        raise NotAllowedError(
            _("Your roles do not include sending facts of “%(unit)s” out: that takes its keys and its members.")
            % {"unit": unit.name}
        )


def _check_on(endpoint: Endpoint) -> None:
    if endpoint.off_at is not None:
        raise QunyingError(_("“%(name)s” is switched off. Switch it on first.") % {"name": endpoint.name})


def _write(verb: str, endpoint: Endpoint, *, by: Actor, **details: object) -> None:
    write_act(verb, by=by, subject_type="webhook", subject_id=endpoint.pk, details=details)
