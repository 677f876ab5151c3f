"""Keys open to programs what their owner may do and their scopes name, in their unit, until they end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.access.models import ApiKey
from qunying.ground.access.queries import (
    get_key_for,
    holds_everywhere,
    keys_for,
    permissions_anywhere,
    permissions_in,
    units_for,
)
from qunying.ground.access.roles import SCOPES, Permission
from qunying.ground.access.rules import may_manage
from qunying.ground.access.services import deactivate_staff, grant_role, revoke_role
from qunying.ground.access.services_keys import MOST_DAYS, authenticate_key, create_key, revoke_key
from qunying.ground.audit.models import Act
from qunying.ground.groups.queries import communities_for, get_member_for
from qunying.ground.groups.rules import permissions_with_member
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
LOOK = [Permission.SEE_FIGURES, Permission.SEE_MEMBERS]


def test_the_text_of_a_key_opens_and_is_kept_nowhere(lead: Staff, units: Units) -> None:
    key, text = create_key(" 收银 ", scopes=LOOK, unit=units.shop, by=lead)
    assert (key.name, key.scopes, text[:12]) == ("收银", ["figures.see", "members.see"], f"qy_{key.prefix}_")
    kept = ApiKey.objects.values().get()
    assert text[12:] not in str(kept)
    assert len(bytes(kept["digest"])) == 16
    found = authenticate_key(f" {text}\n")
    assert (found, found.actor_key) == (key, f"key:{key.pk}")


def test_making_and_revoking_are_written_down(lead: Staff, units: Units) -> None:
    key, _text = create_key("收银", scopes=LOOK, unit=units.shop, by=lead)
    revoke_key(key, by=lead)
    revoke_key(key, by=lead)
    acts = Act.objects.filter(subject_type="key").order_by("id").values_list("verb", "actor", "details")
    details = {"unit": units.shop.pk, "scopes": ["figures.see", "members.see"], "days": 90}
    assert list(acts) == [("keys.create", lead.actor_key, details), ("keys.revoke", lead.actor_key, {})]


@pytest.mark.parametrize("wrong", ["", "qy_", "qy_aaaaaaaa_" + "a" * 43, "sk-12345"])
def test_a_text_nobody_gave_out_opens_nothing(db: None, wrong: str) -> None:
    with pytest.raises(NotAllowedError, match="not a key of this installation"):
        authenticate_key(wrong)


def test_the_right_beginning_with_another_secret_opens_nothing(lead: Staff, units: Units) -> None:
    _key, text = create_key("收银", scopes=LOOK, unit=units.shop, by=lead)
    with pytest.raises(NotAllowedError, match="not a key of this installation"):
        authenticate_key(text[:-1] + ("A" if text[-1] != "A" else "B"))


def test_a_revoked_an_expired_and_an_orphaned_key_say_so(director: Staff, lead: Staff, units: Units) -> None:
    revoked, first = create_key("甲", scopes=LOOK, unit=units.shop, by=lead)
    revoke_key(revoked, by=director)
    with pytest.raises(NotAllowedError, match="“甲” was revoked"):
        authenticate_key(first)
    expired, second = create_key("乙", scopes=LOOK, unit=units.shop, by=lead, days=1)
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    with pytest.raises(NotAllowedError, match="“乙” has expired"):
        authenticate_key(second)
    _key, third = create_key("丙", scopes=LOOK, unit=units.shop, by=lead)
    deactivate_staff(lead, by=director)
    with pytest.raises(NotAllowedError, match="answers for the key “丙” is closed"):
        authenticate_key(third)


def test_use_is_noted_to_the_minute(lead: Staff, units: Units) -> None:
    key, text = create_key("收银", scopes=LOOK, unit=units.shop, by=lead)
    assert key.last_used_at is None
    first = authenticate_key(text).last_used_at
    assert authenticate_key(text).last_used_at == first
    long_ago = timezone.now() - timedelta(minutes=2)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=long_ago)
    assert authenticate_key(text).last_used_at != long_ago


def test_a_key_holds_its_scopes_in_its_unit_and_below(director: Staff, units: Units) -> None:
    key, _text = create_key("收银", scopes=LOOK, unit=units.east, by=director)
    assert permissions_in(key, units.shop) == permissions_in(key, units.east) == set(LOOK)
    assert permissions_in(key, units.headquarters) == permissions_in(key, units.south) == frozenset()
    assert set(units_for(key, Permission.SEE_FIGURES)) == {units.east, units.shop}
    assert set(units_for(key, Permission.IMPORT)) == set()
    assert permissions_anywhere(key) == set(LOOK)
    assert not holds_everywhere(key, Permission.SEE_FIGURES)


def test_a_key_at_the_top_holds_everywhere(director: Staff, units: Units) -> None:
    key, _text = create_key("收银", scopes=LOOK, unit=units.headquarters, by=director)
    assert holds_everywhere(key, Permission.SEE_FIGURES)


def test_a_key_loses_what_its_owner_loses(director: Staff, specialist: Staff, lead: Staff, units: Units) -> None:
    key, _text = create_key("收银", scopes=[*LOOK, Permission.EXPORT], unit=units.shop, by=lead)
    grant_role(lead, role="specialist", unit=units.shop, by=director)
    revoke_role(lead, role="lead", unit=units.shop, by=director)
    assert permissions_in(key, units.shop) == set(LOOK)
    revoke_role(lead, role="specialist", unit=units.shop, by=director)
    assert permissions_in(key, units.shop) == frozenset()


def test_a_key_sees_the_communities_and_members_of_its_unit(
    director: Staff, units: Units, community: Community, other_community: Community, xiaomei: Member
) -> None:
    key, _text = create_key("收银", scopes=LOOK, unit=units.shop, by=director)
    elsewhere, _text = create_key("水果", scopes=LOOK, unit=units.south, by=director)
    assert list(communities_for(key)) == [community]
    assert list(communities_for(elsewhere)) == [other_community]
    assert get_member_for(key, xiaomei.pk) == xiaomei
    assert permissions_with_member(key, xiaomei) == set(LOOK)
    assert permissions_with_member(elsewhere, xiaomei) == frozenset()
    with pytest.raises(NotFoundError):
        get_member_for(elsewhere, xiaomei.pk)
    revoke_key(key, by=director)
    assert permissions_with_member(key, xiaomei) == frozenset()


def test_nobody_gives_a_key_more_than_they_hold(lead: Staff, specialist: Staff, units: Units) -> None:
    for scopes, unit in (([Permission.SEE_AUDIT], units.shop), (LOOK, units.east), (LOOK, units.south)):
        with pytest.raises(NotAllowedError, match="only what you may do"):
            create_key("收银", scopes=scopes, unit=unit, by=lead)
    with pytest.raises(NotAllowedError, match="only what you may do"):
        create_key("收银", scopes=LOOK, unit=units.shop, by=specialist)


def test_no_key_hands_out_roles_or_keys(director: Staff, lead: Staff, specialist: Staff, units: Units) -> None:
    assert {Permission.EDIT_STAFF, Permission.EDIT_KEYS} & set(SCOPES) == set()
    with pytest.raises(QunyingError, match="at least one thing"):
        create_key("收银", scopes=["staff.edit"], unit=units.shop, by=director)
    key, _text = create_key("全", scopes=SCOPES, unit=units.headquarters, by=director)
    assert not may_manage(key, specialist)
    with pytest.raises(NotAllowedError):
        grant_role(specialist, role="editor", unit=units.shop, by=key)
    with pytest.raises(NotAllowedError):
        revoke_key(key, by=key)
    with pytest.raises(NotAllowedError):
        deactivate_staff(lead, by=key)


@pytest.mark.parametrize("name", [" ", "x" * 81])
def test_a_key_has_a_name(director: Staff, units: Units, name: str) -> None:
    with pytest.raises(QunyingError, match="1 to 80 characters"):
        create_key(name, scopes=LOOK, unit=units.shop, by=director)


@pytest.mark.parametrize("scopes", [[], ["figures.see", "no.such"]])
def test_scopes_are_declared_permissions(director: Staff, units: Units, scopes: list[str]) -> None:
    with pytest.raises(QunyingError, match="at least one thing"):
        create_key("收银", scopes=scopes, unit=units.shop, by=director)


def test_a_key_lives_some_days_or_until_it_is_revoked(director: Staff, units: Units) -> None:
    key, _text = create_key("收银", scopes=LOOK, unit=units.shop, by=director, days=30)
    assert key.expires_at is not None
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    assert create_key("收银", scopes=LOOK, unit=units.shop, by=director, days=None)[0].expires_at is None
    for days in (0, MOST_DAYS + 1):
        with pytest.raises(QunyingError, match="lives 1 to 730 days"):
            create_key("收银", scopes=LOOK, unit=units.shop, by=director, days=days)


def test_keys_are_looked_after_within_ones_units(
    director: Staff, lead: Staff, outsider: Staff, specialist: Staff, units: Units
) -> None:
    key, _text = create_key("收银", scopes=LOOK, unit=units.shop, by=director)
    assert list(keys_for(lead)) == list(keys_for(director)) == [key]
    assert list(keys_for(outsider)) == list(keys_for(specialist)) == []
    assert get_key_for(lead, key.pk) == key
    with pytest.raises(NotFoundError):
        get_key_for(outsider, key.pk)
    with pytest.raises(NotAllowedError, match="do not include the keys"):
        revoke_key(key, by=outsider)
    revoke_key(key, by=TESTS)
    assert key.revoked_at is not None
