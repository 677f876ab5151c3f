"""What `plain.py` counts is what the product counts: a small simulated history, imported, read and held beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from qunying.act.suggestions.history import History, Look, read_history
from qunying.act.suggestions.looking import ask_everything
from qunying.doors.demo.example import make_example
from qunying.doors.demo.history import simulate
from qunying.doors.demo.plan import Plan
from tests.act.suggestions.conftest import TODAY
from tests.act.suggestions.plain import Plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

SMALL = Plan(TODAY, days=120, members=120)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def plain() -> History:
    """The history as `plain.py` counts it."""
    return Plain(simulate(SMALL)).history()


@pytest.fixture(scope="module")
def product(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[History]:
    """The same, imported through the front door and read from figures and log; taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        folder = tmp_path_factory.mktemp("plain")
        community = make_example(SMALL, folder, slug="plain", tell=lambda _name, _job: None)
        history = read_history(community, today=TODAY)
        assert history is not None
        yield history
        transaction.set_rollback(True)


def by_name(history: History) -> dict[str, dict[object, int]]:
    return {history.groups[number]: dict(days) for number, days in history.messages.items()}


def full(days: dict[object, int]) -> dict[object, int]:
    return {day: value for day, value in days.items() if value}


def test_the_days_are_the_same(plain: History, product: History) -> None:
    assert (product.since, product.until) == (plain.since, plain.until)


def test_messages_by_group_and_day_are_the_same(plain: History, product: History) -> None:
    counted = {name: full(days) for name, days in by_name(product).items() if full(days)}
    assert counted == {name: full(days) for name, days in by_name(plain).items() if full(days)}


def test_speakers_and_orders_by_day_are_the_same(plain: History, product: History) -> None:
    assert full(dict(product.speakers)) == full(dict(plain.speakers))
    assert full(dict(product.orders)) == full(dict(plain.orders))


def test_stays_cohorts_and_waits_are_the_same(plain: History, product: History) -> None:
    def key(stay: object) -> tuple[str, str, bool]:
        return (str(stay.day), stay.channel, stay.stayed)  # type: ignore[attr-defined]

    assert sorted(map(key, product.stays)) == sorted(map(key, plain.stays))
    assert [one for one in product.cohorts if one.size] == [one for one in plain.cohorts if one.size]
    assert sorted((one.day, one.minutes) for one in product.waits) == sorted(
        (one.day, one.minutes) for one in plain.waits
    )


def test_the_funnel_of_every_block_is_the_same(plain: History, product: History) -> None:
    blocks = Look(plain, plain.until).blocks()
    assert len(blocks) >= 2
    assert [product.funnel(first) for first in blocks] == [plain.funnel(first) for first in blocks]
    assert product.funnel_names == plain.funnel_names


def test_so_the_detectors_put_the_same_questions_and_get_the_same_answers(plain: History, product: History) -> None:
    def told(history: History) -> list[tuple[str, str, float]]:
        names = {str(number): name for number, name in history.groups.items()}
        asked = [one for one in ask_everything(Look(history, history.until)) if one.p is not None]
        return sorted((one.detector, names.get(one.subject, one.subject), round(one.p or 0.0, 12)) for one in asked)

    assert told(product) == told(plain)
    assert {name for name, _subject, _p in told(plain)} >= {"answers", "channel", "silence", "speakers"}
