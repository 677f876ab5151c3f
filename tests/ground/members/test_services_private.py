"""Private fields: encrypted at rest, found by digest, each look written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidTag

from qunying.ground.audit.models import Act
from qunying.ground.members.models import Member, PrivateField
from qunying.ground.members.queries import masked_fields, with_private_value
from qunying.ground.members.sealing import open_field
from qunying.ground.members.services_private import (
    clear_private_field,
    set_private_field,
    set_private_fields,
    unmask_private_field,
)
from qunying.kit.errors import NotFoundError, QunyingError

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db


def acts(verb: str) -> list[tuple[str, str, dict[str, object]]]:
    return [(act.actor, act.subject_id, act.details) for act in Act.objects.filter(verb=verb)]


def test_set_keeps_no_plain_text_in_the_store(xiaomei: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="138 0013 8000", by=lead)
    field = PrivateField.objects.get()
    assert b"13800138000" not in bytes(field.sealed)
    assert open_field(field) == "13800138000"
    assert acts("members.private.set") == [(f"staff:{lead.pk}", str(xiaomei.pk), {"field": "phone"})]


def test_set_replaces_an_earlier_value(xiaomei: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    set_private_field(xiaomei, name="phone", value="13900139000", by=lead)
    assert [open_field(field) for field in PrivateField.objects.all()] == ["13900139000"]
    assert list(with_private_value("13800138000")) == []


def test_set_refuses_a_bad_value_and_keeps_the_old_one(xiaomei: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="email", value="mei@example.com", by=lead)
    with pytest.raises(QunyingError, match="not an e-mail"):
        set_private_field(xiaomei, name="email", value="mei", by=lead)
    assert open_field(PrivateField.objects.get()) == "mei@example.com"


def test_set_without_keys_says_what_to_do(xiaomei: Member, lead: Staff, settings: SettingsWrapper) -> None:
    settings.KEYRING = None
    with pytest.raises(QunyingError, match="qunying init"):
        set_private_field(xiaomei, name="phone", value="13800138000", by=lead)


def test_a_value_cannot_be_moved_to_another_person(xiaomei: Member, aqiang: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    PrivateField.objects.update(member=aqiang)
    with pytest.raises(InvalidTag):
        open_field(PrivateField.objects.get())


def test_set_many_writes_one_act_and_lets_the_last_value_count(members: list[Member], lead: Staff) -> None:
    values = [(member.pk, "phone", f"1380013800{place}") for place, member in enumerate(members)]
    assert set_private_fields([*values, (members[0].pk, "phone", "13700137000")], by=lead) == 3
    assert sorted(open_field(field) for field in PrivateField.objects.all()) == [
        "13700137000",
        "13800138001",
        "13800138002",
    ]
    assert acts("members.private.set") == [(f"staff:{lead.pk}", "", {"fields": 3, "members": 3})]


def test_set_many_of_nothing_writes_nothing(lead: Staff) -> None:
    assert set_private_fields([], by=lead) == 0
    assert acts("members.private.set") == []


def test_unmask_writes_down_who_saw_which_field_of_whom(xiaomei: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="address", value="杭州市西湖区", by=lead)
    assert unmask_private_field(xiaomei, name="address", by=lead) == "杭州市西湖区"
    assert acts("members.private.unmask") == [(f"staff:{lead.pk}", str(xiaomei.pk), {"field": "address"})]


def test_unmask_of_nothing_is_refused_and_not_written_down(xiaomei: Member, lead: Staff) -> None:
    with pytest.raises(NotFoundError):
        unmask_private_field(xiaomei, name="phone", by=lead)
    assert acts("members.private.unmask") == []


def test_clear_forgets_the_value(xiaomei: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    clear_private_field(xiaomei, name="phone", by=lead)
    assert PrivateField.objects.count() == 0
    assert acts("members.private.clear") == [(f"staff:{lead.pk}", str(xiaomei.pk), {"field": "phone"})]


def test_no_act_holds_a_private_value(xiaomei: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    unmask_private_field(xiaomei, name="phone", by=lead)
    clear_private_field(xiaomei, name="phone", by=lead)
    assert [act for act in Act.objects.all() if "13800138000" in str(act.details)] == []


def test_masked_fields_come_in_the_order_of_pages(xiaomei: Member, aqiang: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    set_private_field(xiaomei, name="real_name", value="王小美", by=lead)
    assert masked_fields([xiaomei.pk, aqiang.pk]) == {xiaomei.pk: {"real_name": "王**", "phone": "138****8000"}}
    assert list(masked_fields([xiaomei.pk])[xiaomei.pk]) == ["real_name", "phone"]
