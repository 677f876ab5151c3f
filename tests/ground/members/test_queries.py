"""People are found by name, account or the whole of a private value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.members.models import Member
from qunying.ground.members.queries import matching, with_private_value
from qunying.ground.members.services_private import set_private_field

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db


def found(words: str) -> list[str]:
    return sorted(set(Member.objects.filter(matching(words)).values_list("display_name", flat=True)))


def test_search_finds_part_of_a_name_and_the_start_of_an_account(members: list[Member]) -> None:
    assert found("小") == ["小丽", "小美"]
    assert found("AQ") == ["阿强"]
    assert found("iang") == []
    assert found(" 阿强 ") == ["阿强"]


def test_search_without_words_narrows_nothing(members: list[Member]) -> None:
    assert len(found("  ")) == 3


def test_search_finds_a_whole_private_value_in_any_writing(xiaomei: Member, aqiang: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    set_private_field(aqiang, name="real_name", value="李 强", by=lead)
    assert found("+86 138-0013-8000") == ["小美"]
    assert found("1380013800") == []
    assert found("李强") == ["阿强"]


def test_a_private_value_is_looked_for_in_every_field(xiaomei: Member, lead: Staff) -> None:
    set_private_field(xiaomei, name="email", value="Mei@Example.com", by=lead)
    assert [(field.member_id, field.name) for field in with_private_value("mei@example.COM")] == [(xiaomei.pk, "email")]
