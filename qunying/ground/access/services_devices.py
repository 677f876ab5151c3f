"""Verbs on browsers and sessions: knowing a browser again, telling of a new one, ending what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from qunying.ground.access.models import ApiKey, Device, Staff
from qunying.ground.access.queries import devices_to_tell
from qunying.ground.access.rules import may_manage
from qunying.ground.audit.chain import keyring
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor

END_SESSIONS = declare_verb("staff.end_sessions", _("Sessions of a member of staff were ended."))
NEW_DEVICE = declare_verb("staff.new_device", _("A member of staff signed in from a browser not seen before."))


def device_digest(token: str) -> bytes:
    """What is kept of the cookie by which a browser is known again."""
    return keyed_digest(keyring().digest, "device", token)


@transaction.atomic
def note_device(staff: Staff, *, token: str, agent: str, address: str) -> Device:
    """The browser a person signs in from, made known where it is new.

    One that is not their first is to be told of: on their next page in a browser they had before, and by mail
    where mail is set up.
    """
    now = timezone.now()
    digest, agent = device_digest(token), agent[: Device.AGENT_LENGTH]
    found = Device.objects.filter(staff=staff, digest=digest).first()
    if found is not None:
        found.agent, found.address, found.last_seen_at = agent, address, now
        found.save(update_fields=["agent", "address", "last_seen_at"])
        return found
    first = not staff.devices.exists()
    told = now if first else None
    seen = {"first_seen_at": now, "last_seen_at": now, "told_at": told}
    made = Device.objects.create(staff=staff, digest=digest, agent=agent, address=address, **seen)
    if not first:
        write_act(NEW_DEVICE, by=staff, subject_type="staff", subject_id=staff.pk, details={"device": made.pk})
        if settings.EMAIL_HOST and staff.email:
            transaction.on_commit(lambda: async_task("qunying.ground.access.tasks.mail_new_device", made.pk))
    return made


@transaction.atomic
def take_news(staff: Staff, *, token: str) -> list[Device]:
    """The new browsers this person is to be told of in the browser at hand; each is given once."""
    here = Device.objects.filter(staff=staff, digest=device_digest(token)).first() if token else None
    if here is None:
        return []
    news = list(devices_to_tell(staff, here))
    if news:
        Device.objects.filter(pk__in=[device.pk for device in news]).update(told_at=timezone.now())
    return news


@transaction.atomic
def end_sessions(staff: Staff, *, by: Actor, only: int | None = None, keep: str = "") -> int:
    """End sessions of this person: the one of this number, or all but that with the key `keep`; how many it were."""
    if isinstance(by, Staff | ApiKey) and by != staff and not may_manage(by, staff):
        raise NotAllowedError(
            _("%(name)s holds roles beyond yours. Ask someone who may give all of them.") % {"name": staff.name}
        )
    found = UserSession.objects.filter(user=staff).exclude(session_key=keep)
    ended = list(found.filter(pk=only) if only is not None else found)
    for session in ended:
        session.end()
    if ended:
        write_act(END_SESSIONS, by=by, subject_type="staff", subject_id=staff.pk, details={"sessions": len(ended)})
    return len(ended)
