"""Tasks on the phones of colleagues: wanted, proved by a press, brought once, ticked there or here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.do.reach.cards import lay_due_cards
from qunying.do.reach.models import Delivery, HandTask, Measure
from qunying.do.reach.services_tasks import give_up_task
from qunying.ground.platforms.models import Card, Phone
from qunying.ground.platforms.services_phones import accounts_for_phones, drop_phone, want_phone
from qunying.ground.platforms.tasks import bring_cards, close_cards
from qunying.kit.errors import QunyingError
from tests.connectors.wecom.conftest import work_off
from tests.support.wecom_out import OutCorp, played

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units
    from tests.support.wecom import Postman

pytestmark = pytest.mark.django_db


@pytest.fixture
def corp(settings: SettingsWrapper) -> Iterator[OutCorp]:
    """A corp with colleagues who have phones."""
    yield from played(settings)


@pytest.fixture
def app(account: Account, corp: OutCorp) -> Account:
    """The account with the app's number."""
    corp.colleagues = {"fang"}
    account.settings["agent"] = "1000002"
    account.save()
    return account


@pytest.fixture
def phone(app: Account, corp: OutCorp, postman: Postman, specialist: Staff) -> Phone:
    """The specialist's, proved by a press on the first card."""
    made = want_phone(specialist, account=app, name="fang", by=specialist)
    bring_cards(Card.PHONE, str(made.pk))
    press(corp, postman)
    made.refresh_from_db()
    return made


def press(corp: OutCorp, postman: Postman, *, by: str = "fang") -> None:
    """Press the button of the newest card."""
    postman.carry(corp.press(corp.cards[-1]["template_card"]["task_id"], by))
    work_off()


@pytest.fixture
def task(community: Community, group: Group, units: Units) -> HandTask:
    """Something to send by hand now."""
    Measure.objects.create(unit=units.headquarters, quiet_from=0, quiet_until=0)
    parts = {"key": "t:1", "origin": "tests", "action": "send", "way": "hand", "state": "hand", "words": "今晚上新"}
    made = Delivery.objects.create(community=community, group=group, due_at=timezone.now(), **parts)
    return HandTask.objects.create(delivery=made, due_at=timezone.now())


def test_only_accounts_that_know_the_apps_number_bring_tasks(
    account: Account, specialist: Staff, outsider: Staff
) -> None:
    assert accounts_for_phones(specialist) == []
    with pytest.raises(QunyingError, match="Choose an account"):
        want_phone(specialist, account=account, name="fang", by=specialist)
    account.settings["agent"] = "1000002"
    account.save()
    assert accounts_for_phones(specialist) == [account]
    assert accounts_for_phones(outsider) == []


def test_a_phone_is_ones_own_once_its_card_was_pressed_there(
    app: Account, corp: OutCorp, postman: Postman, specialist: Staff, lead: Staff
) -> None:
    with pytest.raises(QunyingError):
        want_phone(specialist, account=app, name="fang", by=lead)
    made = want_phone(specialist, account=app, name="fang", by=specialist)
    assert bring_cards(Card.PHONE, str(made.pk)) == 1
    assert bring_cards(Card.PHONE, str(made.pk)) == 0
    assert [(one["touser"], one["agentid"], one["msgtype"]) for one in corp.cards] == [
        ("fang", 1000002, "template_card")
    ]
    corp.colleagues.add("other")
    press(corp, postman, by="other")
    made.refresh_from_db()
    assert made.proved_at is None
    press(corp, postman)
    made.refresh_from_db()
    assert made.proved_at is not None
    assert corp.replaced == [("fang", "以后发到这里")]
    drop_phone(specialist, by=specialist)
    assert not Phone.objects.exists()


def test_a_colleague_wecom_does_not_know_is_told_so(app: Account, specialist: Staff) -> None:
    made = want_phone(specialist, account=app, name="nobody", by=specialist)
    assert bring_cards(Card.PHONE, str(made.pk)) == 0
    assert "does not know this colleague" in made.cards.get().trouble


def test_a_task_arrives_once_and_is_ticked_on_the_phone(
    phone: Phone, task: HandTask, corp: OutCorp, postman: Postman, specialist: Staff
) -> None:
    assert (lay_due_cards(), lay_due_cards()) == (1, 0)
    assert bring_cards("hand_task", str(task.pk)) == 1
    shown = corp.cards[-1]["template_card"]
    assert "今晚上新" in shown["sub_title_text"]
    press(corp, postman)
    task.refresh_from_db()
    assert (task.end, task.ended_by, task.delivery.state) == ("done", specialist, "sent")
    assert corp.replaced[-1] == ("fang", "发好了，谢谢")
    press(corp, postman)
    assert corp.replaced[-1][1] != "发好了，谢谢"


def test_nothing_comes_to_a_phone_that_was_not_proved_or_in_the_quiet_hours(
    phone: Phone, task: HandTask, community: Community
) -> None:
    local = timezone.now().astimezone(ZoneInfo(community.timezone)).hour
    Measure.objects.update(quiet_from=local, quiet_until=(local + 1) % 24)
    assert lay_due_cards() == 0
    Measure.objects.update(quiet_from=0, quiet_until=0)
    Phone.objects.update(proved_at=None)
    assert lay_due_cards() == 0


def test_what_somebody_else_has_is_not_brought(phone: Phone, task: HandTask, lead: Staff) -> None:
    HandTask.objects.update(owner=lead)
    assert lay_due_cards() == 0


def test_a_task_answered_here_is_closed_on_the_phone(
    phone: Phone, task: HandTask, corp: OutCorp, specialist: Staff
) -> None:
    lay_due_cards()
    bring_cards("hand_task", str(task.pk))
    give_up_task(task, why="群没了", by=specialist)
    assert close_cards("hand_task", [str(task.pk)]) == 1
    assert corp.replaced[-1] == ("fang", "已经办好了")
    assert close_cards("hand_task", [str(task.pk)]) == 0
