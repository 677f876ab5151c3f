"""People come, change and go; nobody hands out more than they hold, and a root keeps a director."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction

from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.services import (
    activate_staff,
    change_password,
    choose_language,
    create_staff,
    deactivate_staff,
    grant_role,
    rename_staff,
    reset_two_factor,
    revoke_role,
)
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, QunyingError
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def verbs(staff: Staff) -> list[str]:
    acts = Act.objects.filter(subject_type="staff", subject_id=str(staff.pk)).order_by("id")
    return list(acts.values_list("verb", flat=True))


def test_a_new_person_can_sign_in_and_holds_nothing(db: None) -> None:
    staff = create_staff(" wang ", name=" 王芳 ", password=PASSWORD, email="wang@example.com", by=TESTS)
    assert (staff.username, staff.name, staff.language) == ("wang", "王芳", "zh-hans")
    assert staff.check_password(PASSWORD)
    assert list(staff.grants.all()) == []
    assert verbs(staff) == ["staff.create"]


def test_the_audit_holds_neither_name_nor_address(db: None) -> None:
    create_staff("wang", name="王芳", password=PASSWORD, email="wang@example.com", by=TESTS)
    act = Act.objects.get(verb="staff.create")
    assert act.details == {}


@pytest.mark.parametrize("username", ["", "a b", "wang@example.com", "x" * 61, "王/芳"])
def test_a_sign_in_name_is_plain(db: None, username: str) -> None:
    with pytest.raises(QunyingError, match="cannot be a sign-in name"):
        create_staff(username, name="王芳", password=PASSWORD, by=TESTS)


def test_a_sign_in_name_is_taken_however_it_is_written(director: Staff) -> None:
    with pytest.raises(QunyingError, match="“DIRECTOR” is taken"):
        create_staff("DIRECTOR", name="王芳", password=PASSWORD, by=director)
    with pytest.raises(IntegrityError), transaction.atomic():
        Staff.objects.create(username="Director", name="王芳")


def test_an_address_belongs_to_one_person(db: None) -> None:
    create_staff("wang", name="王芳", password=PASSWORD, email="wang@example.com", by=TESTS)
    with pytest.raises(QunyingError, match="has the address Wang@Example"):
        create_staff("li", name="李雷", password=PASSWORD, email="Wang@Example.com", by=TESTS)


def test_several_people_may_have_no_address(db: None) -> None:
    create_staff("wang", name="王芳", password=PASSWORD, by=TESTS)
    assert create_staff("li", name="李雷", password=PASSWORD, by=TESTS).email == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "wang"}, "is not an e-mail address"),
        ({"name": "  "}, "A name has 1 to 80 characters"),
        ({"password": "short"}, "too short"),
        ({"password": "password123"}, "too common"),
        ({"language": "tlh"}, "does not speak “tlh”"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(db: None, change: dict[str, str], sentence: str) -> None:
    wanted = {"name": "王芳", "password": PASSWORD} | change
    with pytest.raises(QunyingError, match=sentence):
        create_staff("wang", by=TESTS, **wanted)
    assert not Staff.objects.exists()


def test_a_director_renames_someone_below(director: Staff, specialist: Staff) -> None:
    rename_staff(specialist, name="小张", email="zhang@example.com", by=director)
    specialist.refresh_from_db()
    assert (specialist.name, specialist.email) == ("小张", "zhang@example.com")
    assert verbs(specialist)[-1] == "staff.rename"


def test_a_lead_cannot_set_the_password_of_somebody_above(lead: Staff, director: Staff) -> None:
    with pytest.raises(NotAllowedError, match="holds roles beyond yours"):
        change_password(director, password="another good password", by=lead)
    director.refresh_from_db()
    assert director.check_password(PASSWORD)


def test_a_lead_sets_the_password_of_their_specialist(lead: Staff, specialist: Staff) -> None:
    change_password(specialist, password="another good password", by=lead)
    assert specialist.check_password("another good password")
    assert verbs(specialist)[-1] == "staff.password"


def test_one_role_elsewhere_puts_a_person_out_of_reach(lead: Staff, specialist: Staff, units: Units) -> None:
    grant_role(specialist, role="specialist", unit=units.south, by=TESTS)
    with pytest.raises(NotAllowedError):
        change_password(specialist, password="another good password", by=lead)


def test_everyone_changes_their_own_password(reviewer: Staff) -> None:
    change_password(reviewer, password="another good password", by=reviewer)
    assert reviewer.check_password("another good password")


def test_choosing_a_language_twice_is_one_act(reviewer: Staff) -> None:
    choose_language(reviewer, language="en", by=reviewer)
    choose_language(reviewer, language="en", by=reviewer)
    assert verbs(reviewer).count("staff.language") == 1


def test_a_role_given_twice_is_one_grant_and_one_act(director: Staff, specialist: Staff, units: Units) -> None:
    first = grant_role(specialist, role="editor", unit=units.shop, by=director)
    second = grant_role(specialist, role="editor", unit=units.shop, by=director)
    assert first == second
    assert verbs(specialist).count("staff.grant") == 2


def test_there_is_no_such_role(director: Staff, specialist: Staff, units: Units) -> None:
    with pytest.raises(QunyingError, match="no role “king”"):
        grant_role(specialist, role="king", unit=units.shop, by=director)


@pytest.mark.parametrize("role", ["specialist", "editor", "analyst", "service", "finance", "lead"])
def test_a_lead_gives_what_a_lead_may_do(lead: Staff, reviewer: Staff, units: Units, role: str) -> None:
    assert grant_role(reviewer, role=role, unit=units.shop, by=lead).role == role


@pytest.mark.parametrize("role", ["director", "it", "auditor"])
def test_nobody_gives_more_than_they_hold(lead: Staff, reviewer: Staff, units: Units, role: str) -> None:
    with pytest.raises(NotAllowedError, match="it may do more than you may there"):
        grant_role(reviewer, role=role, unit=units.shop, by=lead)


@pytest.mark.parametrize("place", ["headquarters", "east", "south"])
def test_nobody_gives_roles_outside_their_units(lead: Staff, reviewer: Staff, units: Units, place: str) -> None:
    with pytest.raises(NotAllowedError):
        grant_role(reviewer, role="editor", unit=getattr(units, place), by=lead)


def test_without_staff_edit_nobody_gives_anything(specialist: Staff, reviewer: Staff, units: Units) -> None:
    with pytest.raises(NotAllowedError):
        grant_role(reviewer, role="editor", unit=units.shop, by=specialist)


def test_nobody_takes_a_role_they_could_not_give(lead: Staff, director: Staff, units: Units) -> None:
    with pytest.raises(NotAllowedError):
        revoke_role(director, role="director", unit=units.headquarters, by=lead)
    assert director.grants.count() == 1


def test_a_role_taken_back_is_gone(director: Staff, specialist: Staff, units: Units) -> None:
    revoke_role(specialist, role="specialist", unit=units.shop, by=director)
    assert list(specialist.grants.all()) == []
    assert verbs(specialist)[-1] == "staff.revoke"


def test_taking_back_what_is_not_held_writes_nothing(director: Staff, specialist: Staff, units: Units) -> None:
    revoke_role(specialist, role="editor", unit=units.shop, by=director)
    assert "staff.revoke" not in verbs(specialist)


def test_the_last_director_of_a_root_stays(director: Staff, units: Units) -> None:
    with pytest.raises(QunyingError, match="last director of “总部”"):
        revoke_role(director, role="director", unit=units.headquarters, by=director)
    with pytest.raises(QunyingError, match="last director of “总部”"):
        deactivate_staff(director, by=TESTS)
    director.refresh_from_db()
    assert (director.grants.count(), director.is_active) == (1, True)


def test_one_of_two_directors_may_go(director: Staff, specialist: Staff, units: Units) -> None:
    grant_role(specialist, role="director", unit=units.headquarters, by=director)
    revoke_role(director, role="director", unit=units.headquarters, by=specialist)
    assert Grant.objects.filter(role="director", unit=units.headquarters).get().staff == specialist


def test_a_deactivated_director_does_not_count(director: Staff, specialist: Staff, units: Units) -> None:
    grant_role(specialist, role="director", unit=units.headquarters, by=director)
    deactivate_staff(specialist, by=director)
    with pytest.raises(QunyingError, match="last director"):
        revoke_role(director, role="director", unit=units.headquarters, by=director)


def test_a_director_of_a_branch_may_go(director: Staff, outsider: Staff, units: Units) -> None:
    revoke_role(outsider, role="director", unit=units.south, by=director)
    assert list(outsider.grants.all()) == []


def test_deactivated_and_activated_again(director: Staff, specialist: Staff) -> None:
    deactivate_staff(specialist, by=director)
    assert not Staff.objects.get(pk=specialist.pk).is_active
    activate_staff(specialist, by=director)
    assert Staff.objects.get(pk=specialist.pk).is_active
    assert verbs(specialist)[-2:] == ["staff.deactivate", "staff.activate"]


def test_nobody_deactivates_themselves(director: Staff) -> None:
    with pytest.raises(QunyingError, match="cannot deactivate yourself"):
        deactivate_staff(director, by=director)


def test_a_lost_second_step_is_taken_off_by_those_above(director: Staff, specialist: Staff) -> None:
    Authenticator.objects.create(user=specialist, type=Authenticator.Type.TOTP, data={"secret": "x"})
    reset_two_factor(specialist, by=director)
    assert not Authenticator.objects.filter(user=specialist).exists()
    assert verbs(specialist)[-1] == "staff.reset_two_factor"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_directors_cannot_leave_at_the_same_moment(units: Units, director: Staff, specialist: Staff) -> None:
    grant_role(specialist, role="director", unit=units.headquarters, by=TESTS)
    gone, may_commit, refused = Event(), Event(), []

    def leave(staff: Staff, *, slowly: bool) -> None:
        try:
            with transaction.atomic():
                revoke_role(staff, role="director", unit=units.headquarters, by=TESTS)
                gone.set()
                assert not slowly or may_commit.wait(20)
        except QunyingError as error:
            refused.append(str(error))
        finally:
            connection.close()

    first = Thread(target=leave, args=[director], kwargs={"slowly": True})
    second = Thread(target=leave, args=[specialist], kwargs={"slowly": False})
    first.start()
    assert gone.wait(20)
    second.start()
    second.join(0.5)  # it waits for the first to decide
    may_commit.set()
    for thread in (first, second):
        thread.join(20)
    assert (len(refused), Grant.objects.filter(role="director", unit=units.headquarters).count()) == (1, 1)
