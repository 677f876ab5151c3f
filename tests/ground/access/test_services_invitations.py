"""Invitations open once, for a while, and give what their maker may still give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.access.models import Invitation, Staff
from qunying.ground.access.queries import get_invitation_for, invitations_for
from qunying.ground.access.services import deactivate_staff, rename_staff, revoke_role
from qunying.ground.access.services_invitations import (
    accept_invitation,
    invite,
    open_invitation,
    revoke_invitation,
)
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def accept(secret: str, username: str = "new") -> Staff:
    return accept_invitation(secret, username=username, name="新人", password=PASSWORD, language="en")


def test_an_invitation_makes_a_person_with_the_role(lead: Staff, units: Units) -> None:
    made, secret = invite("specialist", unit=units.shop, by=lead, email="new@example.com")
    assert secret not in str(Invitation.objects.values().get())
    staff = accept(secret)
    assert (staff.username, staff.email, staff.language) == ("new", "new@example.com", "en")
    assert list(staff.grants.values_list("role", "unit")) == [("specialist", units.shop.pk)]
    made.refresh_from_db()
    assert (made.accepted_by, made.state(timezone.now())) == (staff, "accepted")
    acts = Act.objects.filter(subject_type="invitation").order_by("id").values_list("verb", "actor")
    assert list(acts) == [
        ("staff.invite", lead.actor_key),
        ("staff.accept_invitation", staff.actor_key),
    ]


def test_a_link_opens_once(lead: Staff, units: Units) -> None:
    _made, secret = invite("specialist", unit=units.shop, by=lead)
    accept(secret)
    with pytest.raises(NotFoundError, match="not valid any more"):
        accept(secret, "second")
    assert Staff.objects.filter(username="second").count() == 0


def test_expired_revoked_and_made_up_links_read_the_same(lead: Staff, director: Staff, units: Units) -> None:
    expired, first = invite("specialist", unit=units.shop, by=lead)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    revoked, second = invite("specialist", unit=units.shop, by=lead)
    revoke_invitation(revoked, by=director)
    revoke_invitation(revoked, by=director)
    for secret in (first, second, "made-up"):
        with pytest.raises(NotFoundError, match="not valid any more"):
            open_invitation(secret)
    assert Act.objects.filter(verb="staff.revoke_invitation").count() == 1


def test_it_dies_with_the_standing_of_its_maker(director: Staff, lead: Staff, units: Units) -> None:
    _made, first = invite("specialist", unit=units.shop, by=lead)
    revoke_role(lead, role="lead", unit=units.shop, by=director)
    with pytest.raises(NotAllowedError, match="may not give"):
        accept(first)
    assert not Staff.objects.filter(username="new").exists()
    deactivate_staff(lead, by=director)
    with pytest.raises(NotFoundError, match="not valid any more"):
        accept(first)


def test_a_bad_password_leaves_the_link_open(lead: Staff, units: Units) -> None:
    _made, secret = invite("specialist", unit=units.shop, by=lead)
    with pytest.raises(QunyingError):
        accept_invitation(secret, username="new", name="新人", password="short", language="en")
    assert open_invitation(secret).accepted_at is None


def test_an_address_that_was_taken_since_is_left_out(lead: Staff, specialist: Staff, units: Units) -> None:
    _made, secret = invite("specialist", unit=units.shop, by=lead, email="new@example.com")
    rename_staff(specialist, name="专员", email="new@example.com", by=TESTS)
    assert accept(secret).email == ""


def test_nobody_invites_to_more_than_they_may_give(lead: Staff, specialist: Staff, units: Units) -> None:
    for by, role, unit in (
        (lead, "director", units.shop),
        (lead, "editor", units.south),
        (specialist, "editor", units.shop),
    ):
        with pytest.raises(NotAllowedError, match="may not give"):
            invite(role, unit=unit, by=by)


@pytest.mark.parametrize("days", [0, 31])
def test_it_lives_a_month_at_most(lead: Staff, units: Units, days: int) -> None:
    with pytest.raises(QunyingError, match="1 to 30 days"):
        invite("editor", unit=units.shop, by=lead, days=days)


def test_an_address_is_an_address(lead: Staff, units: Units) -> None:
    with pytest.raises(QunyingError, match="not an e-mail address"):
        invite("editor", unit=units.shop, by=lead, email="nowhere")


def test_invitations_are_seen_within_ones_units(lead: Staff, outsider: Staff, units: Units) -> None:
    made, _secret = invite("editor", unit=units.shop, by=lead)
    assert (list(invitations_for(lead)), list(invitations_for(outsider))) == ([made], [])
    with pytest.raises(NotFoundError):
        get_invitation_for(outsider, made.pk)
    with pytest.raises(NotAllowedError, match="looking after staff"):
        revoke_invitation(made, by=outsider)
