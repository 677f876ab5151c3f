"""Whatever is done to the trail behind our back is named: changed, deleted, put in, moved, cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from qunying.ground.audit.chain import chain_key, link
from qunying.ground.audit.models import Act, Seal
from qunying.ground.audit.services import seal_acts, write_act
from qunying.ground.audit.verify import Break, Fault, verify_chain
from tests.support.cast import TEST_VERB, TESTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_verb")]
VERB = TEST_VERB


@pytest.fixture
def sealed() -> list[Act]:
    """Five sealed acts."""
    with transaction.atomic():
        made = [
            write_act(VERB, by=TESTS, subject_type="thing", subject_id=number, details={"count": number, "名": "甲"})
            for number in range(5)
        ]
    assert seal_acts() == 5
    return made


def sql(statement: str, *parameters: object) -> None:
    """Do it past the application, with the keys between tables off, as an intruder would."""
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, parameters)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")


def broken() -> list[tuple[Fault, int | None, int | None]]:
    return [(found.fault, found.act, found.number) for found in verify_chain().breaks]


def test_an_untouched_trail_is_whole(sealed: list[Act]) -> None:
    with transaction.atomic():
        write_act(VERB, by=TESTS)
    report = verify_chain()
    head = bytes(Seal.objects.get(number=5).digest).hex()
    assert (report.ok, report.sealed, report.unsealed, report.head, report.breaks) == (True, 5, 1, head, [])


def test_an_empty_trail_is_whole() -> None:
    report = verify_chain()
    assert (report.ok, report.sealed, report.unsealed, report.head) == (True, 0, 0, "")


def test_checking_changes_nothing(sealed: list[Act]) -> None:
    before = (list(Act.objects.values()), [bytes(seal.digest) for seal in Seal.objects.all()])
    verify_chain()
    assert (list(Act.objects.values()), [bytes(seal.digest) for seal in Seal.objects.all()]) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("tx", "tx + 7"),
        ("at", "'2020-01-01 00:00:00+00:00'"),
        ("actor", "'staff:99'"),
        ("verb", "'staff.create'"),
        ("subject_type", "'unit'"),
        ("subject_id", "'99'"),
        ("details", """'{"count": 3}'"""),
    ],
)
def test_a_change_in_any_column_is_named(sealed: list[Act], column: str, value: str) -> None:
    sql(f"UPDATE audit_act SET {column} = {value} WHERE id = %s", sealed[2].pk)
    assert broken() == [(Fault.CHANGED, sealed[2].pk, 3)]


def test_every_column_is_tried_above() -> None:
    assert [field.name for field in Act._meta.concrete_fields] == [
        "id",
        "tx",
        "at",
        "actor",
        "verb",
        "subject_type",
        "subject_id",
        "details",
    ]


def test_a_smaller_time_by_a_microsecond_is_named(sealed: list[Act]) -> None:
    act = Act.objects.get(pk=sealed[0].pk)
    Act.objects.filter(pk=act.pk).update(at=act.at.replace(microsecond=(act.at.microsecond + 1) % 1_000_000))
    assert broken() == [(Fault.CHANGED, act.pk, 1)]


def test_another_id_is_named(sealed: list[Act]) -> None:
    sql("UPDATE audit_act SET id = 9999 WHERE id = %s", sealed[2].pk)
    assert (Fault.DELETED, sealed[2].pk, 3) in broken()


def test_a_changed_seal_is_named_with_the_one_after(sealed: list[Act]) -> None:
    Seal.objects.filter(number=2).update(digest=b"\x00" * 32)
    assert broken() == [(Fault.CHANGED, sealed[1].pk, 2), (Fault.CHANGED, sealed[2].pk, 3)]


def test_a_deleted_act_is_named(sealed: list[Act]) -> None:
    sql("DELETE FROM audit_act WHERE id = %s", sealed[2].pk)
    assert broken() == [(Fault.DELETED, sealed[2].pk, 3)]


def test_an_act_deleted_with_its_seal_is_named(sealed: list[Act]) -> None:
    sql("DELETE FROM audit_seal WHERE number = 3")
    sql("DELETE FROM audit_act WHERE id = %s", sealed[2].pk)
    assert broken() == [(Fault.DELETED, None, 3)]


def test_the_end_cut_off_is_named(sealed: list[Act]) -> None:
    sql("DELETE FROM audit_seal WHERE number > 3")
    sql("DELETE FROM audit_act WHERE id >= %s", sealed[3].pk)
    assert broken() == [(Fault.CUT, None, 4)]


def test_a_cut_stays_visible_after_the_sealer_went_on(sealed: list[Act]) -> None:
    sql("DELETE FROM audit_seal WHERE number > 3")
    sql("DELETE FROM audit_act WHERE id >= %s", sealed[3].pk)
    with transaction.atomic():
        for _number in range(4):
            write_act(VERB, by=TESTS)
    assert seal_acts() == 4
    assert broken() == [(Fault.CUT, None, 5)]


def test_the_whole_trail_gone_is_named(sealed: list[Act]) -> None:
    sql("DELETE FROM audit_seal")
    sql("DELETE FROM audit_act")
    assert broken() == [(Fault.CUT, None, 1)]


def test_an_act_put_in_behind_the_seals_is_named(sealed: list[Act]) -> None:
    sql("DELETE FROM audit_seal WHERE number = 3")
    sql("DELETE FROM audit_act WHERE id = %s", sealed[2].pk)
    Act.objects.create(id=sealed[2].pk, tx=sealed[2].tx, at=sealed[2].at, actor="staff:99", verb=VERB, details={})
    assert broken() == [(Fault.DELETED, None, 3), (Fault.INSERTED, sealed[2].pk, None)]
    assert seal_acts() == 0


def test_two_acts_that_changed_places_are_named(sealed: list[Act]) -> None:
    first, second = sealed[1].pk, sealed[2].pk
    sql("UPDATE audit_seal SET act_id = %s WHERE number = 2", 8888)
    sql("UPDATE audit_seal SET act_id = %s WHERE number = 3", first)
    sql("UPDATE audit_seal SET act_id = %s WHERE number = 2", second)
    assert broken() == [(Fault.CHANGED, second, 2), (Fault.REORDERED, first, 3)]


def test_a_chain_computed_anew_without_the_key_is_named(sealed: list[Act]) -> None:
    Act.objects.filter(pk=sealed[2].pk).update(actor="staff:99")
    before = bytes(Seal.objects.get(number=2).digest)
    for seal in Seal.objects.filter(number__gte=3).select_related("act").order_by("number"):
        before = link(b"a guess", seal.number, before, seal.act)
        Seal.objects.filter(number=seal.number).update(digest=before)
    faults = {fault for fault, _act, _number in broken()}
    assert faults == {Fault.CHANGED, Fault.CUT}


def test_even_with_the_key_the_remembered_head_tells(sealed: list[Act]) -> None:
    Act.objects.filter(pk=sealed[2].pk).update(actor="staff:99")
    before = bytes(Seal.objects.get(number=2).digest)
    for seal in Seal.objects.filter(number__gte=3).select_related("act").order_by("number"):
        before = link(chain_key(), seal.number, before, seal.act)
        Seal.objects.filter(number=seal.number).update(digest=before)
    assert broken() == [(Fault.CUT, None, 5)]
    (Path(settings.HOME) / "audit.head").unlink()
    assert broken() == []


def test_a_break_has_words() -> None:
    told = {str(Break(fault, 1, 1).words) for fault in Fault}
    assert len(told) == len(Fault)
