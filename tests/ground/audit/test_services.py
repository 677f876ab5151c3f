"""Acts are written inside their transaction and sealed in the order in which nothing can slip in any more."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from qunying.ground.audit.heads import Head, remember_head, remembered_head
from qunying.ground.audit.models import Act, Seal
from qunying.ground.audit.services import seal_acts, write_act
from qunying.ground.audit.verify import verify_chain
from qunying.kit.errors import QunyingError
from tests.support.cast import TEST_VERB, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoCaptureOnCommitCallbacks
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.usefixtures("own_verb")
VERB = TEST_VERB


def acts(count: int) -> list[Act]:
    with transaction.atomic():
        return [write_act(VERB, by=TESTS, subject_type="thing", subject_id=number) for number in range(count)]


def sealed_ids() -> list[int]:
    return list(Seal.objects.order_by("number").values_list("act_id", flat=True))


def test_an_undeclared_verb_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="never declared"):
        write_act("tests.unheard", by=TESTS)


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        write_act(VERB, by=TESTS)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_done() -> None:
    with transaction.atomic():
        write_act(VERB, by=TESTS)
        transaction.set_rollback(True)
    assert not Act.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_acts_are_sealed_in_order_and_in_batches() -> None:
    made = acts(5)
    assert [seal_acts(2), seal_acts(2), seal_acts(2), seal_acts(2)] == [2, 2, 1, 0]
    assert sealed_ids() == [act.pk for act in made]
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_sealing_again_changes_nothing() -> None:
    acts(3)
    seal_acts()
    before = list(Seal.objects.order_by("number").values_list("number", "digest"))
    assert seal_acts() == 0
    assert list(Seal.objects.order_by("number").values_list("number", "digest")) == before


@pytest.mark.django_db(transaction=True)
def test_sealing_at_once_or_one_by_one_gives_the_same_chain() -> None:
    acts(4)
    seal_acts()
    together = [bytes(digest) for digest in Seal.objects.order_by("number").values_list("digest", flat=True)]
    Seal.objects.all().delete()
    while seal_acts(1):
        pass
    assert [bytes(digest) for digest in Seal.objects.order_by("number").values_list("digest", flat=True)] == together


@pytest.mark.django_db(transaction=True)
def test_a_sealer_that_dies_before_its_commit_leaves_nothing() -> None:
    acts(3)
    with transaction.atomic():
        seal_acts()
        transaction.set_rollback(True)
    assert (sealed_ids(), remembered_head()) == ([], None)
    assert (seal_acts(), verify_chain().ok) == (3, True)


@pytest.mark.django_db(transaction=True)
def test_a_sealer_that_dies_after_its_commit_leaves_an_older_head_that_still_holds() -> None:
    acts(2)
    seal_acts(1)
    older = remembered_head()
    seal_acts(1)
    remember_head(older)
    assert verify_chain().ok
    acts(1)
    seal_acts()
    assert remembered_head().number == 3
    assert verify_chain().ok


@pytest.mark.django_db(transaction=True)
def test_the_head_is_remembered_after_the_commit() -> None:
    acts(2)
    with transaction.atomic():
        seal_acts()
        assert remembered_head() is None
    assert remembered_head() == Head(2, bytes(Seal.objects.get(number=2).digest))


@pytest.mark.django_db(transaction=True)
def test_two_sealers_cannot_both_win() -> None:
    made = acts(2)
    seal_acts(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(number=1, act=made[1], digest=b"x" * 32)


@pytest.mark.django_db(transaction=True)
def test_without_keys_the_sealer_says_so(settings: SettingsWrapper) -> None:
    acts(1)
    settings.KEYRING = None
    with pytest.raises(QunyingError, match="There are no keys"):
        seal_acts()


def test_with_nothing_to_seal_nothing_is_written(
    db: None,
    django_assert_num_queries: Callable[..., object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_assert_num_queries(2), django_capture_on_commit_callbacks() as waiting:
        assert seal_acts() == 0
    assert waiting == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_older_open_transaction_holds_the_sealer_back() -> None:
    """Its act has the lower id and commits later; sealed out of order it would look put in afterwards."""
    written, may_commit = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            write_act(VERB, by=TESTS, subject_id="early")
            written.set()
            may_commit.wait(20)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert written.wait(20)
    acts(1)
    assert seal_acts() == 0
    may_commit.set()
    thread.join(20)
    assert seal_acts() == 2
    order = Seal.objects.order_by("number").values_list("act__subject_id", flat=True)
    assert list(order) == ["early", "0"]
    assert verify_chain().ok
