"""What the page of one member does, and who may do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.members.models import Note, PrivateField
from qunying.ground.members.services_private import set_private_field
from qunying.ground.members.services_tags import tag_members
from tests.support.cast import PASSWORD, be_fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
ACTS = {
    "rename": {"name": "王小美"},
    "mark": {"mark": "staff", "on": "1"},
    "tag": {"dimension": "城市", "tag_name": "杭州"},
    "note": {"text": "喜欢绣球"},
    "private": {"field": "phone", "value": "13800138000"},
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_done_and_the_person_shown_again(
    client_for: SignIn, specialist: Staff, xiaomei: Member, act: str
) -> None:
    answer = client_for(specialist).post(f"/members/{xiaomei.pk}/{act}/", ACTS[act])
    assert (answer.status_code, answer.url) == (302, f"/members/{xiaomei.pk}/")
    assert Act.objects.filter(actor=f"staff:{specialist.pk}").count() == 1


@pytest.mark.parametrize("act", [*ACTS, "untag/1", "private/phone/clear", "private/phone/unmask"])
@pytest.mark.parametrize(("name", "status"), [("reviewer", 403), ("outsider", 404)])
def test_who_may_not_is_refused(
    request: pytest.FixtureRequest, client_for: SignIn, xiaomei: Member, act: str, name: str, status: int
) -> None:
    staff = request.getfixturevalue(name)
    answer = client_for(staff).post(f"/members/{xiaomei.pk}/{act}/", ACTS.get(act, {}))
    assert (answer.status_code, Act.objects.filter(actor=f"staff:{staff.pk}").count()) == (status, 0)


@pytest.mark.parametrize("act", [*ACTS, "private/phone/unmask"])
def test_nothing_is_changed_by_looking(client_for: SignIn, lead: Staff, xiaomei: Member, act: str) -> None:
    assert client_for(lead).get(f"/members/{xiaomei.pk}/{act}/").status_code == 405


def test_a_bad_value_is_refused_with_a_sentence(client_for: SignIn, lead: Staff, xiaomei: Member) -> None:
    page = client_for(lead, "en").post(
        f"/members/{xiaomei.pk}/private/", {"field": "phone", "value": "none"}, follow=True
    )
    assert ("not a telephone number" in page.content.decode(), PrivateField.objects.count()) == (True, 0)


def test_a_value_is_shown_to_those_who_may_and_written_down(client_for: SignIn, lead: Staff, xiaomei: Member) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    client, address = client_for(lead), f"/members/{xiaomei.pk}/private/phone/unmask/"
    question = f"/accounts/reauthenticate/?next=%2Fmembers%2F{xiaomei.pk}%2F"
    assert (client.post(address).url, Act.objects.filter(verb="members.private.unmask").count()) == (question, 0)
    assert client.post(address, headers={"HX-Request": "true"})["HX-Redirect"] == question
    assert client.post(question, {"password": PASSWORD}).url == f"/members/{xiaomei.pk}/"
    answer = client.post(address)
    assert ("13800138000" in answer.content.decode(), "no-store" in answer["Cache-Control"]) == (True, True)
    assert Act.objects.filter(verb="members.private.unmask").count() == 1


def test_a_specialist_unmasks_nobody(client_for: SignIn, specialist: Staff, lead: Staff, xiaomei: Member) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    answer = client_for(specialist).post(f"/members/{xiaomei.pk}/private/phone/unmask/")
    assert (answer.status_code, Act.objects.filter(verb="members.private.unmask").count()) == (403, 0)


def test_a_field_that_is_not_there_is_not_found(client_for: SignIn, lead: Staff, xiaomei: Member) -> None:
    be_fresh(client := client_for(lead))
    assert client.post(f"/members/{xiaomei.pk}/private/phone/unmask/").status_code == 404
    assert client_for(lead).post(f"/members/{xiaomei.pk}/private/shoe/clear/").status_code == 302


def test_tag_and_field_can_be_taken_away_again(client_for: SignIn, lead: Staff, xiaomei: Member) -> None:
    tag, _fresh = tag_members([xiaomei.pk], dimension="城市", name="杭州", by=lead)
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    client = client_for(lead)
    client.post(f"/members/{xiaomei.pk}/untag/{tag.pk}/")
    client.post(f"/members/{xiaomei.pk}/private/phone/clear/")
    assert (xiaomei.member_tags.count(), PrivateField.objects.count()) == (0, 0)


def test_a_note_is_shown_with_its_author(
    client_for: SignIn, specialist: Staff, reviewer: Staff, xiaomei: Member
) -> None:
    client_for(specialist).post(f"/members/{xiaomei.pk}/note/", {"text": "喜欢<b>绣球</b>"})
    page = client_for(reviewer).get(f"/members/{xiaomei.pk}/").content.decode()
    assert ("喜欢&lt;b&gt;绣球" in page, "专员" in page, Note.objects.count()) == (True, True, 1)
