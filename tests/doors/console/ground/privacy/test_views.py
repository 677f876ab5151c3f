"""Pages of consents, requests, retention and keys: what they show and what their buttons do."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end
from qunying.ground.members.services_private import set_private_field
from qunying.ground.privacy.models import Consent, Freeze, Minor
from qunying.ground.privacy.queries import may_contact
from qunying.ground.privacy.services import give_consent
from qunying.ground.subjects.models import Correction, RetentionRule, SubjectRequest
from qunying.ground.subjects.services import take_request
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

    ClientFor = Callable[..., Client]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_takes_the_same_queries_however_long_it_is(
    director: Staff,
    members: list[Member],
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for person in members[:rows]:
        take_request(person, kind="export", by=TESTS)
    client = client_for(director, language="en")
    client.get(reverse("privacy_requests"))
    with django_assert_num_queries(QUERIES):
        page = client.get(reverse("privacy_requests"))
    assert page.content.decode().count("A copy of everything</td>") == rows


QUERIES = 9


def test_what_is_late_says_so_and_can_be_picked(director: Staff, xiaomei: Member, client_for: ClientFor) -> None:
    take_request(xiaomei, kind="export", by=TESTS, received=timezone.localdate() - timedelta(days=60))
    take_request(xiaomei, kind="freeze", by=TESTS)
    client = client_for(director, language="en")
    page = client.get(reverse("privacy_requests") + "?state=late").content.decode()
    assert ("A copy of everything</td>" in page, "Stop using my data</td>" in page) == (True, False)
    assert "Overdue" in page


def test_an_empty_register_says_what_to_do(director: Staff, client_for: ClientFor) -> None:
    page = client_for(director, language="en").get(reverse("privacy_requests")).content.decode()
    assert "Nobody is waiting for an answer" in page


def test_the_register_can_be_taken_away(director: Staff, xiaomei: Member, client_for: ClientFor) -> None:
    take_request(xiaomei, kind="export", by=TESTS)
    response = client_for(director, language="en").get(reverse("privacy_requests_export"))
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "小美" in text
    assert "A copy of everything" in text


def test_a_consent_is_given_and_taken_back(specialist: Staff, xiaomei: Member, client_for: ClientFor) -> None:
    client, address = client_for(specialist), reverse("member_consent", args=[xiaomei.pk])
    client.post(address, {"purpose": "phone", "given": "1", "day": "2026-03-01"})
    line = Consent.objects.get()
    assert (line.given, timezone.localtime(line.at, timezone=line.at.tzinfo).date()) == (True, date(2026, 2, 28))
    assert may_contact(xiaomei, "phone")
    client.post(address, {"purpose": "phone", "given": "0"})
    assert not may_contact(xiaomei, "phone")
    page = client.get(reverse("member_privacy", args=[xiaomei.pk])).content.decode()
    assert "已撤回" in page


def test_a_day_that_is_none_is_refused_in_words(specialist: Staff, xiaomei: Member, client_for: ClientFor) -> None:
    client = client_for(specialist, language="en")
    page = client.post(
        reverse("member_consent", args=[xiaomei.pk]), {"purpose": "phone", "given": "1", "day": "soon"}, follow=True
    )
    assert "“soon” is not a date" in page.content.decode()
    assert not Consent.objects.exists()


def test_age_and_freeze_are_set_and_taken_away(director: Staff, xiaomei: Member, client_for: ClientFor) -> None:
    client = client_for(director)
    client.post(reverse("member_age", args=[xiaomei.pk]), {"band": "under_14"})
    assert Minor.objects.get().band == "under_14"
    client.post(reverse("member_freeze", args=[xiaomei.pk]), {"on": "1", "reason": "有异议"})
    assert Freeze.objects.get().lifted_at is None
    client.post(reverse("member_freeze", args=[xiaomei.pk]), {"on": "0"})
    assert Freeze.objects.get().lifted_at is not None


def test_a_request_goes_from_the_members_page_to_its_answer(
    director: Staff, xiaomei: Member, client_for: ClientFor
) -> None:
    client = client_for(director)
    client.post(reverse("member_request", args=[xiaomei.pk]), {"kind": "export", "note": "电话里说的"})
    found = SubjectRequest.objects.get()
    assert "电话里说的" in client.get(reverse("privacy_request", args=[found.pk])).content.decode()
    told = client.post(reverse("member_export", args=[xiaomei.pk]), {"form": "json"})
    assert (told["Content-Disposition"].startswith("attachment"), told["Cache-Control"]) == (
        True,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert json.loads(told.content)["accounts"][0]["account"] == "xiaomei"
    client.post(reverse("privacy_close", args=[found.pk]), {"how": "done", "answer": "已当面交给本人"})
    found.refresh_from_db()
    assert (found.state, found.answer) == ("done", "已当面交给本人")


def test_a_correction_is_made_on_the_request(director: Staff, xiaomei: Member, client_for: ClientFor) -> None:
    set_private_field(xiaomei, name="phone", value="13800000001", by=TESTS)
    asked = take_request(xiaomei, kind="correction", by=TESTS)
    client = client_for(director)
    client.post(reverse("privacy_correct", args=[asked.pk]), {"field": "phone", "value": "13800000002"})
    made = Correction.objects.get()
    assert (made.field, made.request, made.corrected_by) == ("phone", asked, director.actor_key)
    assert "13800000001" not in client.get(reverse("privacy_request", args=[asked.pk])).content.decode()


def test_an_erasure_wants_the_name_and_shows_its_proof(director: Staff, xiaomei: Member, client_for: ClientFor) -> None:
    asked = take_request(xiaomei, kind="erasure", by=TESTS)
    client, address = client_for(director, language="en"), reverse("privacy_erase", args=[asked.pk])
    page = client.post(address, {"typed": "阿强"}, follow=True)
    assert "The name does not match" in page.content.decode()
    client.post(address, {"typed": "小美"})
    assert "The erasure is running" in client.get(reverse("privacy_request", args=[asked.pk])).content.decode()
    run_to_end(Job.objects.get(kind="subjects.erase"))
    asked.refresh_from_db()
    assert (asked.state, asked.result["clean"]) == ("done", True)
    page = client.get(reverse("privacy_request", args=[asked.pk]))
    assert "nothing is found" in page.content.decode()
    assert client.post(reverse("member_note", args=[xiaomei.pk]), {"text": "她又来了"}).status_code == 403
    assert "was erased on" in client.get(reverse("member_privacy", args=[xiaomei.pk])).content.decode()


def test_a_period_is_set_and_one_below_the_law_is_refused(director: Staff, units: Units, client_for: ClientFor) -> None:
    client, address = client_for(director, language="en"), reverse("keeping_set")
    client.post(address, {"class": "messages", "unit": str(units.shop.pk), "days": "365"})
    assert [(rule.name, rule.unit, rule.days) for rule in RetentionRule.objects.all()] == [
        ("messages", units.shop, 365)
    ]
    page = client.post(address, {"class": "jobs", "unit": "", "days": "30"}, follow=True).content.decode()
    assert "30 days are too few" in page
    assert "花店一店" in page
    client.post(address, {"class": "messages", "unit": str(units.shop.pk), "days": ""})
    assert not RetentionRule.objects.exists()


def test_a_new_key_is_taken_from_the_page(
    director: Staff, client_for: ClientFor, settings: SettingsWrapper, tmp_path: Path
) -> None:
    from qunying.kit.keys import new_keyring, save_keyring  # noqa: PLC0415 - this test alone

    settings.HOME, settings.KEYRING = tmp_path, new_keyring()
    save_keyring(settings.KEYRING, tmp_path)
    client = client_for(director, language="en")
    client.post(reverse("keys_rotate"))
    assert Job.objects.get(kind="keys.rotate").state == Job.State.WAITING
    assert "Keys are being rotated" in client.get(reverse("keeping")).content.decode()


def test_consents_stand_open_or_closed_on_the_page(director: Staff, xiaomei: Member, client_for: ClientFor) -> None:
    give_consent(xiaomei, purpose="phone", by=TESTS)
    Freeze.objects.create(member=xiaomei, reason="x", frozen_by="system:tests")
    page = client_for(director, language="en").get(reverse("member_privacy", args=[xiaomei.pk])).content.decode()
    assert "Agreed, but closed" in page
