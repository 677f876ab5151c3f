"""Verbs on phones and cards: wanting tasks on one's phone, having cards brought, taking presses, closing cards."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_q.tasks import async_task

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.platforms.models import Account, Card, Phone
from qunying.ground.platforms.phones import Words, carrier_of, carrying_platforms, presser_of
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.access.models import Staff

WANT = declare_verb("phones.want", gettext_lazy("Somebody wants their tasks on their phone."))
PROVE = declare_verb("phones.prove", gettext_lazy("Somebody confirmed on their phone that it is theirs."))
DROP = declare_verb("phones.drop", gettext_lazy("Somebody wants no tasks on their phone any more."))


def accounts_for_phones(staff: Staff) -> list[Account]:
    """The accounts that carry cards and answer for a unit in which this person sends, or for one above it."""
    mine = list(units_for(staff, Permission.SEND).values_list("path", flat=True))
    rows = Account.objects.filter(platform__in=carrying_platforms(), paused_at=None).select_related("unit")
    return [
        one
        for one in rows
        if any(path.startswith(one.unit.path) for path in mine)
        and (carrier := carrier_of(one.platform)) is not None
        and carrier.ready(one)
    ]


@transaction.atomic
def want_phone(staff: Staff, *, account: Account, name: str, by: Staff) -> Phone:
    """Have this person's tasks come to their phone, once they press the card that is brought to it now.

    Only they themselves can want it. An earlier phone of theirs is dropped.
    """
    tidy = name.strip()
    if by.pk != staff.pk or account.pk not in {one.pk for one in accounts_for_phones(staff)}:
        raise QunyingError(_("Choose an account that brings tasks to phones."))
    if not tidy or len(tidy) > Phone.NAME_LENGTH or not tidy.isprintable() or "|" in tidy:
        raise QunyingError(_("Fill in your account name there, as the administrator of the platform sees it."))
    Phone.objects.filter(staff=staff).delete()
    phone = Phone.objects.create(staff=staff, account=account, name=tidy)
    write_act(WANT, by=by, subject_type="staff", subject_id=staff.pk, details={"account": account.pk})
    with translation.override(staff.language):
        first = Words(_("Qunying"), _("Shall your tasks come here?"), _("Yes, it is me"))
    lay_cards([phone], kind=Card.PHONE, subject=str(phone.pk), words={phone.pk: first})
    return phone


@transaction.atomic
def drop_phone(staff: Staff, *, by: Staff) -> None:
    """Bring no more tasks to this person's phone."""
    if by.pk == staff.pk and Phone.objects.filter(staff=staff).delete()[0]:
        write_act(DROP, by=by, subject_type="staff", subject_id=staff.pk)


def lay_cards(phones: Iterable[Phone], *, kind: str, subject: str, words: dict[int, Words]) -> int:
    """Have a card brought to each of these phones, unless it was before; how many are new. `words` by phone."""
    known = set(Card.objects.filter(kind=kind, subject=subject).values_list("phone", flat=True))
    fresh = [
        Card(phone=phone, kind=kind, subject=subject, words=asdict(words[phone.pk]))
        for phone in phones
        if phone.pk not in known
    ]
    with transaction.atomic():
        Card.objects.bulk_create(fresh, ignore_conflicts=True)
        if fresh:
            async_task("qunying.ground.platforms.tasks.bring_cards", kind, subject, cluster="fast")
    return len(fresh)


def bring_cards(kind: str, subject: str) -> int:
    """Bring what waits about this; how many arrived. What a platform refuses is kept in words and not tried again."""
    waiting = Card.objects.filter(kind=kind, subject=subject, taken_at=None)
    return sum(_bring(card) for card in waiting.select_related("phone__account", "phone__staff"))


def _bring(card: Card) -> bool:
    account = card.phone.account
    carrier = carrier_of(account.platform)
    mine = Card.objects.filter(pk=card.pk, taken_at=None).update(taken_at=timezone.now())
    if carrier is None or not mine or not card.phone.staff.is_active:
        return False
    try:
        told = {"handle": carrier.send(account, card.phone.name, str(card.pk), Words(**card.words))[:190]}
    except QunyingError as error:
        told = {"trouble": str(error)[: Card.TROUBLE_LENGTH]}
    Card.objects.filter(pk=card.pk).update(**told)
    return "handle" in told


def take_press(account: Account, name: str, key: str) -> str:
    """What a press on a card did, in a few words for the card, in its owner's language; '' where it is nobody's card.

    `name` is whom the platform says pressed it: a card that was handed on does nothing.
    """
    parts = ("phone__staff", "phone__account")
    cards = Card.objects.filter(phone__account=account, phone__name=name, phone__staff__is_active=True)
    card = cards.select_related(*parts).filter(pk=int(key) if key.isascii() and key.isdecimal() else 0).first()
    if card is None:
        return ""
    with translation.override(card.phone.staff.language):
        try:
            words = _prove(card.phone) if card.kind == Card.PHONE else _press(card)
        except QunyingError as error:
            words = str(error)
    Card.objects.filter(pk=card.pk).update(ended_at=timezone.now())
    return words


@transaction.atomic
def _prove(phone: Phone) -> str:
    if Phone.objects.filter(pk=phone.pk, proved_at=None).update(proved_at=timezone.now()):
        write_act(PROVE, by=phone.staff, subject_type="staff", subject_id=phone.staff_id)
    return _("Your tasks come here")


def _press(card: Card) -> str:
    press = presser_of(card.kind)
    if press is None or card.phone.proved_at is None:
        raise QunyingError(_("This cannot be done from the phone any more."))
    return press(card.phone.staff, card.subject)


def close_cards(kind: str, subjects: Iterable[str]) -> int:
    """Have cards about these say that it was done elsewhere; how many."""
    still = Card.objects.filter(kind=kind, subject__in=list(subjects), ended_at=None).exclude(handle="")
    rows = list(still.select_related("phone__account", "phone__staff"))
    for card in rows:
        Card.objects.filter(pk=card.pk).update(ended_at=timezone.now())
        carrier = carrier_of(card.phone.account.platform)
        try:
            if carrier is not None:
                with translation.override(card.phone.staff.language):
                    carrier.close(card.phone.account, card.phone.name, card.handle, _("Done already"))
        except QunyingError as error:
            Card.objects.filter(pk=card.pk).update(trouble=str(error)[: Card.TROUBLE_LENGTH])
    return len(rows)
