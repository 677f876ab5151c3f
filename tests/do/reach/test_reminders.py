"""Reminders: once before the time and once after it, never at night, to whom it belongs, one mail a round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone
from django_q.models import OrmQ

from qunying.do.reach.models import HandTask, Measure, Reminder
from qunying.do.reach.reminders import mail_reminders, remind_at, remind_of_tasks
from qunying.do.reach.services_tasks import finish_task, hand_over, open_due_tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def task(
    released: Callable[..., Sending], group: Group, wide_open: Measure, specialist: Staff, lead: Staff
) -> HandTask:
    """One that belongs to the specialist, who has an address and reads English."""
    released([group])
    open_due_tasks()
    made = HandTask.objects.get()
    specialist.email, specialist.language = "specialist@flowers.test", "en"
    specialist.save()
    hand_over([made], to=specialist, by=lead)
    return made


def due_in(task: HandTask, minutes: int) -> None:
    """Have it be due in so many minutes."""
    HandTask.objects.filter(pk=task.pk).update(due_at=timezone.now() + timedelta(minutes=minutes))


def test_it_reminds_before_and_after_once_each(task: HandTask, specialist: Staff, settings: SettingsWrapper) -> None:
    settings.PUBLIC_URL = "https://qun.example"
    told = []
    for minutes in (40, 20, 10, -10, -40, -50):
        due_in(task, minutes)
        remind_of_tasks()
        told.append(mail_reminders(specialist.pk))
    assert told == [0, 1, 0, 0, 1, 0]
    assert [one.subject for one in mail.outbox] == ["Qunying: 1 to send by hand"] * 2
    before, after = (one.body for one in mail.outbox)
    assert "- Due " in before
    assert "花友会, 花友一群 上新" in before
    assert "https://qun.example/by-hand/" in before
    assert "- Late, was due " in after


def test_a_crash_before_the_mail_loses_it_and_never_doubles_it(task: HandTask, specialist: Staff) -> None:
    due_in(task, 10)
    assert remind_of_tasks() == 1
    # The next round hands it out again, for nobody took it; whoever comes second finds nothing.
    assert remind_of_tasks() == 0
    assert OrmQ.objects.count() == 2
    assert [mail_reminders(specialist.pk), mail_reminders(specialist.pk)] == [1, 0]
    assert len(mail.outbox) == 1
    assert Reminder.objects.filter(taken_at=None).count() == 0


def test_what_was_done_or_given_away_meanwhile_is_not_mailed(task: HandTask, specialist: Staff, lead: Staff) -> None:
    due_in(task, 10)
    remind_of_tasks()
    hand_over([task], to=lead, by=lead)
    assert mail_reminders(specialist.pk) == 0
    assert remind_of_tasks() == 1
    finish_task(task, proof="", by=lead)
    assert mail_reminders(lead.pk) == 0
    assert mail.outbox == []


def test_what_is_nobodys_reminds_everybody_who_may_send_there(
    task: HandTask, specialist: Staff, lead: Staff, reviewer: Staff, outsider: Staff
) -> None:
    hand_over([task], to=None, by=lead)
    due_in(task, 10)
    assert remind_of_tasks() == 2
    assert set(Reminder.objects.values_list("staff", flat=True)) == {specialist.pk, lead.pk}
    assert remind_of_tasks() == 0


def test_nobody_is_written_to_at_night(task: HandTask, wide_open: Measure) -> None:
    hour = timezone.now().astimezone(SHANGHAI).hour
    wide_open.quiet_from, wide_open.quiet_until = hour, (hour + 2) % 24
    wide_open.save()
    due_in(task, 10)
    assert remind_of_tasks() == 0
    wide_open.quiet_from = wide_open.quiet_until
    wide_open.save()
    assert remind_of_tasks() == 1


def test_for_the_morning_it_reminds_the_evening_before() -> None:
    night = Measure(quiet_from=22, quiet_until=8)

    def local(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)

    assert [
        remind_at(night, due.astimezone(UTC), SHANGHAI)
        for due in (local(2, 20, 0), local(2, 8, 0), local(2, 8, 30), local(2, 22, 45))
    ] == [local(2, 19, 30), local(1, 21, 30), local(2, 8, 0), local(2, 21, 30)]
    early = Measure(quiet_from=1, quiet_until=8)
    assert remind_at(early, local(2, 8, 0), SHANGHAI) == local(2, 0, 30)
