"""Phones of colleagues and the cards brought there, whatever carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.platforms.models import Account, Card, Phone
from qunying.ground.platforms.phones import Words, _carriers, _pressers, register_carrier, register_presser
from qunying.ground.platforms.port import RefusedError
from qunying.ground.platforms.services_phones import (
    accounts_for_phones,
    bring_cards,
    close_cards,
    drop_phone,
    lay_cards,
    take_press,
    want_phone,
)
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
WORDS = Words("标题", "内容", "发好了")


class Pigeon:
    """Carries cards, unless it is told to refuse."""

    def __init__(self) -> None:
        self.brought: list[tuple[str, str]] = []
        self.closed: list[tuple[str, str]] = []
        self.refuses = False

    def ready(self, account: Account) -> bool:
        """Where it was fed."""
        return bool(account.settings.get("fed"))

    def send(self, _account: Account, name: str, key: str, _words: Words) -> str:
        """To whom, which."""
        if self.refuses:
            raise RefusedError("鸽子不肯飞")
        self.brought.append((name, key))
        return f"handle-{key}"

    def close(self, _account: Account, _name: str, handle: str, words: str) -> None:
        """What stands there now."""
        if self.refuses:
            raise RefusedError("鸽子不肯飞")
        self.closed.append((handle, words))


@pytest.fixture
def pigeon() -> Iterator[Pigeon]:
    """Registered, with a press that gives what it is about."""
    made = Pigeon()
    register_carrier("pigeon", made)
    register_presser("errand", lambda staff, subject: f"{staff.name} {subject}")
    yield made
    _carriers.pop("pigeon")
    _pressers.pop("errand")


@pytest.fixture
def account(units: Units, pigeon: Pigeon) -> Account:
    """Of 花店一店, fed."""
    return Account.objects.create(name="鸽舍", platform="pigeon", unit=units.shop, settings={"fed": "yes"})


@pytest.fixture
def phone(account: Account, specialist: Staff) -> Phone:
    """The specialist's, proved."""
    made = want_phone(specialist, account=account, name="fang", by=specialist)
    bring_cards(Card.PHONE, str(made.pk))
    take_press(account, "fang", str(made.cards.get().pk))
    made.refresh_from_db()
    return made


def test_who_sends_in_a_unit_may_have_tasks_from_its_accounts_and_those_above(
    account: Account, specialist: Staff, outsider: Staff, reviewer: Staff, units: Units
) -> None:
    assert [accounts_for_phones(one) for one in (specialist, outsider, reviewer)] == [[account], [], []]
    account.unit = units.headquarters
    account.save()
    assert accounts_for_phones(specialist) == [account]
    account.settings = {}
    account.save()
    assert accounts_for_phones(specialist) == []


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a|b", "a\nb"])
def test_it_refuses_a_name_that_can_be_nobodys(account: Account, specialist: Staff, name: str) -> None:
    with pytest.raises(QunyingError):
        want_phone(specialist, account=account, name=name, by=specialist)


def test_a_phone_is_proved_by_the_one_who_holds_it_and_dropped_by_its_owner(
    account: Account, phone: Phone, specialist: Staff, lead: Staff
) -> None:
    assert phone.proved_at is not None
    drop_phone(specialist, by=lead)
    assert Phone.objects.count() == 1
    drop_phone(specialist, by=specialist)
    assert Phone.objects.count() == 0
    verbs = Act.objects.filter(verb__startswith="phones.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["phones.want", "phones.prove", "phones.drop"]


def test_a_card_comes_once_and_what_was_refused_says_why(phone: Phone, pigeon: Pigeon) -> None:
    for _time in range(2):
        lay_cards([phone], kind="errand", subject="7", words={phone.pk: WORDS})
        bring_cards("errand", "7")
    assert len(pigeon.brought) == 2  # the first asked whether the phone is theirs
    pigeon.refuses = True
    lay_cards([phone], kind="errand", subject="8", words={phone.pk: WORDS})
    assert bring_cards("errand", "8") == 0
    assert Card.objects.get(kind="errand", subject="8").trouble == "鸽子不肯飞"


def test_a_press_counts_from_its_own_phone_only(account: Account, phone: Phone, specialist: Staff) -> None:
    lay_cards([phone], kind="errand", subject="7", words={phone.pk: WORDS})
    key = str(Card.objects.get(kind="errand", subject="7").pk)
    assert [take_press(account, name, what) for name, what in (("other", key), ("fang", "x"), ("fang", "0"))] == [
        ""
    ] * 3
    assert take_press(account, "fang", key) == f"{specialist.name} 7"
    specialist.is_active = False
    specialist.save()
    assert take_press(account, "fang", key) == ""


def test_a_press_before_the_phone_was_proved_does_nothing(account: Account, phone: Phone) -> None:
    Phone.objects.update(proved_at=None)
    lay_cards([phone], kind="errand", subject="7", words={phone.pk: WORDS})
    assert "手机" in take_press(account, "fang", str(Card.objects.get(kind="errand", subject="7").pk))


def test_cards_about_what_was_done_elsewhere_are_closed_once(phone: Phone, pigeon: Pigeon) -> None:
    for subject in ("7", "8"):
        lay_cards([phone], kind="errand", subject=subject, words={phone.pk: WORDS})
        bring_cards("errand", subject)
    assert (close_cards("errand", ["7"]), close_cards("errand", ["7"])) == (1, 0)
    pigeon.refuses = True
    assert close_cards("errand", ["8"]) == 1
    assert (len(pigeon.closed), Card.objects.get(kind="errand", subject="8").trouble) == (1, "鸽子不肯飞")
