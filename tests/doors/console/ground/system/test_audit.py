"""The audit page: searched, exported, checked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.urls import reverse

from qunying.ground.access.services import choose_language
from qunying.ground.access.services_keys import create_key
from qunying.ground.audit.models import Act
from qunying.ground.audit.services import seal_acts, write_act
from tests.support.cast import TEST_VERB, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_verb")]
VERB = TEST_VERB


@pytest.fixture(autouse=True)
def _own_home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def found(client: Client, **filters: str) -> list[str]:
    return [row["act"].verb for row in client.get(reverse("audit"), filters).context["rows"]]


def test_filters_find_acts(director: Staff, specialist: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    choose_language(specialist, language="en", by=specialist)
    client = client_for(director)
    assert found(client, actor=specialist.actor_key) == ["staff.language"]
    assert found(client, verb="staff.language") == ["staff.language"]
    assert found(client, verb="units", subject=f"unit:{units.shop.pk}") == ["units.create"]
    assert set(found(client, verb="units")) == {"units.create"}
    assert set(found(client, subject="unit")) == {"units.create"}
    assert found(client, actor="system", verb="staff.language") == []
    assert found(client, subject="moon:1") == []


def test_what_was_acted_on_is_chosen_by_a_word(
    director: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    client = client_for(director, "en")
    page = client.get(reverse("audit"), {"subject": "unit"})
    assert '<option value="unit" selected>Unit</option>' in page.content.decode()
    one = f"unit:{units.shop.pk}"
    page = client.get(reverse("audit"), {"subject": one})
    assert page.context["subjects"][0] == (one, f"Unit {units.shop.pk}")
    assert f'<option value="{one}" selected>' in page.content.decode()
    assert f"subject={one.replace(':', '%3A')}" in page.content.decode()


def test_a_day_is_the_organisations_and_not_utc(director: Staff, client_for: Callable[..., Client]) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    with transaction.atomic():
        act = write_act(VERB, by=TESTS)
    Act.objects.filter(pk=act.pk).update(at=datetime(2026, 3, 2, 0, 30, tzinfo=shanghai))
    client = client_for(director)
    days = ("2026-03-01", "2026-03-02", "2026-03-03", "nonsense")
    told = [found(client, verb=VERB, since=day, until=day) for day in days]
    assert told == [[], [VERB], [], [VERB]]
    assert found(client, verb=VERB, since="2026-02-01", until="2026-03-31") == [VERB]
    assert found(client, verb=VERB, since="2026-03-03") == found(client, verb=VERB, until="2026-03-01") == []


def test_the_acts_of_a_key_are_found_by_its_name(
    director: Staff, outsider: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    key, _text = create_key("Till", scopes=["figures.see"], unit=units.shop, by=director)
    with transaction.atomic():
        write_act(VERB, by=key)
    page = client_for(director, "en").get(reverse("audit"), {"actor": key.actor_key})
    assert [row["actor"] for row in page.context["rows"]] == ["API key · Till"]
    assert found(client_for(outsider), actor=key.actor_key) == []


def test_a_branchs_reader_sees_the_acts_of_its_people_only(
    director: Staff, outsider: Staff, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    choose_language(specialist, language="en", by=specialist)
    choose_language(outsider, language="en", by=outsider)
    page = client_for(outsider, "en").get(reverse("audit"))
    assert [row["act"].actor for row in page.context["rows"]] == [outsider.actor_key]
    text = page.content.decode()
    assert ("专员" in text, "Check the seals" in text) == (False, False)


def test_nothing_found_says_so(director: Staff, client_for: Callable[..., Client]) -> None:
    page = client_for(director, "en").get(reverse("audit"), {"subject": "moon:1"}).content.decode()
    assert "No act fits these filters" in page


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    director: Staff,
    specialist: Staff,
    client_for: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
    more: int,
) -> None:
    with transaction.atomic():
        for _number in range(more):
            write_act(VERB, by=specialist, subject_type="thing")
    client = client_for(director)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(reverse("audit")).status_code == 200


LIST_QUERIES = 18
"""Session, person, permissions, zone, units, count, acts with seals, names, people to choose from, menu."""


def test_the_export_carries_offsets_and_disarms_formulas(
    director: Staff, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    type(specialist).objects.filter(pk=specialist.pk).update(name="@SUM(A1)")
    with transaction.atomic():
        act = write_act(VERB, by=specialist, subject_type="thing", subject_id="=1+1", details={"count": 3})
    answer = client_for(director, "en").get(reverse("audit_export"), {"actor": specialist.actor_key})
    header, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert header == "Number,When,Who,Key,What,Verb,On what,Details,Seal"
    when = act.at.astimezone(ZoneInfo("Asia/Shanghai")).isoformat(timespec="seconds")
    assert row == (
        f"{act.pk},{when},'@SUM(A1),{specialist.actor_key},A test did something.,tests.act,"
        'thing:=1+1,"{""count"": 3}",'
    )


def test_details_are_words_for_the_eye(director: Staff, client_for: Callable[..., Client]) -> None:
    details = {"files": ["a" * 64, 2, 3, 4, 5], "dry_run": False, "format": "irc", "owner": None, "shoe": 43}
    with transaction.atomic():
        write_act(VERB, by=director, subject_type="unit", subject_id="3", details=details)
    client = client_for(director, "en")
    [row] = client.get(reverse("audit"), {"verb": VERB}).context["rows"]
    assert row["subject_words"] == "Unit 3"
    assert row["facts"] == [
        ("trial", "no"),
        ("files", f"{'a' * 12}…, 2, 3, 4 … (5)"),
        ("format", "irc"),
        ("shoe", "43"),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_check_tells_a_whole_trail_and_a_broken_one(director: Staff, client_for: Callable[..., Client]) -> None:
    seal_acts()
    client = client_for(director, "en")
    assert "The trail is whole" in client.post(reverse("audit_verify")).content.decode()
    first = Act.objects.order_by("id").first()
    Act.objects.filter(pk=first.pk).update(actor="staff:99")
    page = client.post(reverse("audit_verify"), headers={"hx-request": "true"}).content.decode()
    assert f"Link 1, act {first.pk}: the act or its seal was changed" in page
    assert "<html" not in page
