"""Roles as the team wants them: other permissions, own copies, back to what is shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.models import Grant, Role, RoleChange
from qunying.ground.access.queries import get_role, permissions_anywhere, permissions_in, role_label, units_for
from qunying.ground.access.roles import ROLES, Permission
from qunying.ground.access.rules import grantable_roles, may, may_change_role, may_edit_roles, may_grant
from qunying.ground.access.services import grant_role
from qunying.ground.access.services_keys import create_key
from qunying.ground.access.services_roles import (
    copy_role,
    edit_role,
    remove_role,
    rename_role,
    require_second_step,
    reset_role,
)
from qunying.ground.audit.models import Act
from qunying.ground.groups.rules import permissions_with_member
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
SPECIALIST = ROLES["specialist"][1]


def acts() -> list[tuple[str, str, dict[str, object]]]:
    return list(Act.objects.filter(subject_type="role").order_by("id").values_list("verb", "subject_id", "details"))


def test_a_role_left_as_shipped_needs_no_row(specialist: Staff, units: Units) -> None:
    assert (permissions_in(specialist, units.shop), Role.objects.count()) == (SPECIALIST, 0)


def test_an_edited_role_holds_for_everyone_who_has_it(
    director: Staff, specialist: Staff, units: Units, xiaomei: Member
) -> None:
    wanted = (SPECIALIST | {Permission.EXPORT}) - {Permission.IMPORT}
    assert edit_role("specialist", permissions=wanted, by=director).permissions == wanted
    assert permissions_in(specialist, units.shop) == permissions_anywhere(specialist) == wanted
    assert permissions_with_member(specialist, xiaomei) == wanted
    assert list(units_for(specialist, Permission.EXPORT)) == [units.shop]
    assert list(units_for(specialist, Permission.IMPORT)) == []
    assert acts() == [("roles.edit", "specialist", {"added": ["members.export"], "taken": ["imports.run"]})]
    kept = RoleChange.objects.order_by("permission").values_list("permission", "held")
    assert list(kept) == [("imports.run", False), ("members.export", True)]


def test_the_same_again_changes_nothing(director: Staff) -> None:
    edit_role("specialist", permissions=SPECIALIST, by=director)
    assert acts() == []


def test_a_permission_that_is_new_in_a_release_reaches_an_edited_role(director: Staff, specialist: Staff) -> None:
    edit_role("specialist", permissions=SPECIALIST - {Permission.IMPORT}, by=director)
    # Only the difference is kept, so whatever a later release adds to the shipped role is held at once.
    assert RoleChange.objects.get().permission == "imports.run"


def test_back_to_what_is_shipped(director: Staff, specialist: Staff, units: Units) -> None:
    edit_role("specialist", permissions=[Permission.SEE_FIGURES], by=director)
    assert get_role("specialist").changed
    reset_role("specialist", by=director)
    reset_role("specialist", by=director)
    assert permissions_in(specialist, units.shop) == SPECIALIST
    assert [verb for verb, _name, _details in acts()] == ["roles.edit", "roles.reset"]


def test_the_director_always_holds_everything(director: Staff) -> None:
    with pytest.raises(QunyingError, match="“Director” always holds everything"):
        edit_role("director", permissions=[Permission.SEE_FIGURES], by=director)
    with pytest.raises(QunyingError, match="always holds everything"):
        edit_role("director", permissions=[Permission.SEE_FIGURES], by=TESTS)


def test_a_copy_is_a_role_to_give(director: Staff, specialist: Staff, units: Units) -> None:
    made = copy_role("analyst", label=" 数据实习生 ", by=director)
    edit_role(made.name, permissions=[Permission.SEE_FIGURES, Permission.EXPORT], by=director)
    grant = grant_role(specialist, role=made.name, unit=units.south, by=director)
    assert permissions_in(specialist, units.south) == {Permission.SEE_FIGURES, Permission.EXPORT}
    assert (may(specialist, Permission.EXPORT, units.south), may(specialist, Permission.EXPORT, units.shop)) == (
        True,
        False,
    )
    assert role_label(Grant.objects.get(pk=grant.pk)) == "数据实习生"
    assert grantable_roles(director, units.shop)[-1] == made.name


def test_nobody_gives_a_role_that_was_made_stronger_than_theirs(director: Staff, lead: Staff, units: Units) -> None:
    assert may_grant(lead, "editor", units.shop)
    edit_role("editor", permissions=ROLES["editor"][1] | {Permission.SEE_AUDIT}, by=director)
    assert not may_grant(lead, "editor", units.shop)


def test_roles_are_changed_from_the_top_only(director: Staff, lead: Staff, outsider: Staff, units: Units) -> None:
    for person in (lead, outsider):
        assert not may_edit_roles(person)
        with pytest.raises(NotAllowedError, match="look after staff everywhere"):
            edit_role("editor", permissions=[Permission.SEE_FIGURES], by=person)
        with pytest.raises(NotAllowedError, match="look after staff everywhere"):
            copy_role("editor", label="甲", by=person)
        with pytest.raises(NotAllowedError, match="look after staff everywhere"):
            require_second_step("editor", needed=True, by=person)
    key, _text = create_key("全", scopes=[Permission.SEE_FIGURES], unit=units.headquarters, by=director)
    assert not may_edit_roles(key)


def test_whoever_holds_less_changes_less(director: Staff, specialist: Staff, units: Units) -> None:
    keeper = copy_role("editor", label="人事", by=director)
    edit_role(keeper.name, permissions=[Permission.SEE_FIGURES, Permission.EDIT_STAFF], by=director)
    grant_role(specialist, role=keeper.name, unit=units.headquarters, by=director)
    assert may_edit_roles(specialist)
    assert may_change_role(specialist, "editor", ["figures.see"])
    assert not may_change_role(specialist, "director", ["figures.see"])
    with pytest.raises(NotAllowedError, match="only permissions that you hold"):
        edit_role(keeper.name, permissions=[Permission.EDIT_STAFF, Permission.UNMASK], by=specialist)
    with pytest.raises(NotAllowedError, match="only permissions that you hold"):
        copy_role("director", label="我", by=specialist)


@pytest.mark.parametrize("label", ["", " ", "x" * 41, "group LEAD"])
def test_a_name_is_short_and_its_own(director: Staff, label: str) -> None:
    with pytest.raises(QunyingError, match=r"1 to 40 characters|There is a role"):
        copy_role("editor", label=label, by=director)


def test_only_ones_own_roles_are_renamed_and_removed(director: Staff, specialist: Staff, units: Units) -> None:
    made = copy_role("editor", label="甲", by=director)
    assert rename_role(made.name, label="乙", by=director).label == "乙"
    with pytest.raises(QunyingError, match="is shipped"):
        rename_role("editor", label="乙", by=director)
    with pytest.raises(QunyingError, match="is shipped"):
        remove_role("editor", by=director)
    with pytest.raises(QunyingError, match="nothing shipped"):
        reset_role(made.name, by=director)
    grant_role(specialist, role=made.name, unit=units.shop, by=director)
    with pytest.raises(QunyingError, match="still holds “乙”"):
        remove_role(made.name, by=director)
    Grant.objects.filter(role=made.name).delete()
    remove_role(made.name, by=director)
    with pytest.raises(NotFoundError, match="There is no role"):
        get_role(made.name)
    assert [verb for verb, _name, _details in acts()] == ["roles.copy", "roles.rename", "roles.remove"]


def test_a_permission_nobody_declared_is_refused(director: Staff) -> None:
    with pytest.raises(QunyingError, match="does not know"):
        edit_role("editor", permissions=["no.such"], by=director)


def test_a_role_may_need_a_second_step(director: Staff) -> None:
    require_second_step("director", needed=True, by=director)
    require_second_step("director", needed=True, by=director)
    assert get_role("director").needs_second_step
    require_second_step("director", needed=False, by=director)
    assert [details for _verb, _name, details in acts()] == [{"needed": True}, {"needed": False}]
