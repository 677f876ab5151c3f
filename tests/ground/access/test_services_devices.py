"""Browsers are known again; a new one is told of; sessions are ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django_q.models import OrmQ

from qunying.ground.access.models import Device
from qunying.ground.access.services import rename_staff
from qunying.ground.access.services_devices import end_sessions, note_device, take_news
from qunying.ground.access.tasks import mail_new_device
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"


def see(staff: Staff, token: str) -> Device:
    return note_device(staff, token=token, agent=FIREFOX, address="203.0.113.4")


def open_session(staff: Staff) -> UserSession:
    store = SessionStore()
    store["_auth_user_id"] = str(staff.pk)
    store.create()
    return UserSession.objects.create(user=staff, ip="203.0.113.4", user_agent=FIREFOX, session_key=store.session_key)


def test_the_first_browser_is_no_news(lead: Staff) -> None:
    first = see(lead, "one")
    assert (first.told_at is not None, take_news(lead, token="one")) == (True, [])
    assert see(lead, "one") == first
    assert not Act.objects.filter(verb="staff.new_device").exists()


def test_a_new_browser_is_told_once_in_the_old_one(lead: Staff) -> None:
    see(lead, "one")
    new = see(lead, "two")
    assert Act.objects.filter(verb="staff.new_device", actor=lead.actor_key).count() == 1
    assert take_news(lead, token="two") == []
    assert take_news(lead, token="one") == [new]
    assert take_news(lead, token="one") == []


def test_whoever_broke_in_cannot_wipe_the_warning_away(lead: Staff) -> None:
    see(lead, "owner")
    first, second = see(lead, "thief"), see(lead, "thief again")
    assert take_news(lead, token="thief") == [second]
    assert take_news(lead, token="thief again") == []
    assert take_news(lead, token="owner") == [first]


def test_the_table_holds_no_cookie(lead: Staff) -> None:
    see(lead, "a-secret-token")
    assert "a-secret-token" not in str(list(Device.objects.values()))


def test_a_mail_is_sent_where_mail_is_set_up(
    lead: Staff, settings: SettingsWrapper, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_HOST = "mail.example.com"
    see(lead, "one")
    rename_staff(lead, name="群主", email="lead@example.com", by=TESTS)
    with django_capture_on_commit_callbacks(execute=True):
        new = see(lead, "two")
    assert OrmQ.objects.count() == 1
    assert mail_new_device(new.pk)
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["lead@example.com"], "群营：有新的浏览器用你的账号登录")
    assert "203.0.113.4" in mail.outbox[0].body
    assert not mail_new_device(0)


def test_sessions_end_one_or_all_but_one(lead: Staff) -> None:
    one, two, three = (open_session(lead) for _number in range(3))
    assert end_sessions(lead, by=lead, only=one.pk) == 1
    assert not SessionStore().exists(one.session_key)
    assert end_sessions(lead, by=lead, keep=two.session_key) == 1
    assert [session.pk for session in UserSession.objects.all()] == [two.pk]
    assert not SessionStore().exists(three.session_key)
    acts = Act.objects.filter(verb="staff.end_sessions").values_list("details", flat=True)
    assert list(acts) == [{"sessions": 1}, {"sessions": 1}]


def test_nothing_to_end_is_no_act(lead: Staff, specialist: Staff) -> None:
    session = open_session(specialist)
    assert end_sessions(lead, by=lead, only=session.pk) == 0
    assert not Act.objects.filter(verb="staff.end_sessions").exists()


def test_sessions_of_somebody_above_are_not_ended(director: Staff, lead: Staff) -> None:
    open_session(director)
    with pytest.raises(NotAllowedError, match="holds roles beyond yours"):
        end_sessions(director, by=lead)
