"""What people agreed to and asked, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.doors.api.models import Answer
from qunying.ground.audit.models import Act
from qunying.ground.jobs.models import Job
from qunying.ground.privacy.models import Consent, Freeze
from qunying.ground.subjects.models import RetentionRule, SubjectRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def purpose(program: Program) -> str:
    found: str = next(one["name"] for one in program.get("purposes") if not one["automated"])
    return found


@pytest.fixture
def ask(program: Program, xiaomei: Member) -> Callable[[str], int]:
    def take(kind: str) -> int:
        answer = program.post(f"members/{xiaomei.pk}/requests", {"kind": kind, "received": "2026-03-02"})
        assert answer.status_code == 201
        number: int = answer.json()["id"]
        return number

    return take


def test_a_consent_and_its_withdrawal_are_lines_of_the_ledger(program: Program, xiaomei: Member, purpose: str) -> None:
    place = f"members/{xiaomei.pk}/consents"
    given = {"purpose": purpose, "given": True, "at": "2026-03-01T10:00:00+08:00", "text_version": "v2"}
    answers = [program.post(place, given, Idempotency_Key="a") for _n in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (answers[0].json()["at"], answers[0].json()["source"]) == ("2026-03-01T02:00:00Z", "form")
    assert program.get(f"members/{xiaomei.pk}/privacy")["open"] == [purpose]
    assert program.post(place, {"purpose": purpose, "given": False}).status_code == 201
    assert program.get(f"members/{xiaomei.pk}/privacy")["open"] == []
    assert [one["given"] for one in program.get(place)["items"]] == [False, True]
    assert Act.objects.get(verb="privacy.consent.withdraw").actor.startswith("key:")


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"at": "2026-03-01T10:00:00"}, 422, "body.at"),
        ({"at": "9999-01-01T00:00:00Z"}, 422, "body.at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, 422, "body.at"),
        ({"purpose": "everything"}, 400, None),
        ({"given": "perhaps"}, 422, "body.given"),
    ],
)
def test_a_line_that_cannot_be_is_refused(
    more: dict[str, Any], status: int, field: str | None, program: Program, xiaomei: Member, purpose: str
) -> None:
    answer = program.post(f"members/{xiaomei.pk}/consents", {"purpose": purpose, "given": True} | more)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (status, [field] if field else [])
    assert Consent.objects.count() == 0


def test_age_and_freeze_close_what_was_open(program: Program, xiaomei: Member) -> None:
    place = f"members/{xiaomei.pk}"
    assert program.post(f"{place}/age", {"band": "under_14"}).json()["band"] == "under_14"
    assert program.post(f"{place}/age", {"band": ""}).json()["band"] is None
    assert program.post(f"{place}/age", {"band": "old"}).json()["errors"][0]["field"] == "body.band"
    assert program.post(f"{place}/freeze", {"reason": "有异议"}).json()["frozen_why"] == "有异议"
    assert program.post(f"{place}/freeze", {"reason": "有异议"}).status_code == 400
    assert program.send("DELETE", f"{place}/freeze").json()["frozen_since"] is None
    assert Freeze.objects.filter(lifted_at=None).count() == 0


def test_everything_held_is_told_and_no_copy_stays(program: Program, xiaomei: Member) -> None:
    answer = program.send("GET", f"members/{xiaomei.pk}/held", Idempotency_Key="a")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert "小美" in answer.content.decode()
    page = program.send("GET", f"members/{xiaomei.pk}/held?form=html")
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert (Act.objects.filter(verb="subjects.export").count(), Answer.objects.count()) == (2, 0)


def test_a_request_is_put_right_and_closed(program: Program, xiaomei: Member, ask: Callable[[str], int]) -> None:
    pk = ask("correction")
    assert program.get(f"requests/{pk}")["due"] == "2026-03-23"
    assert program.post(f"requests/{pk}/correct", {"field": "name", "value": "小美美"}).status_code == 200
    xiaomei.refresh_from_db()
    assert xiaomei.display_name == "小美美"
    assert program.post(f"requests/{pk}/correct", {"field": "phone", "value": "abc"}).status_code == 400
    assert program.post(f"requests/{pk}/correct", {"field": "shoe", "value": "1"}).status_code == 422
    assert program.post(f"requests/{pk}/close", {"refused": True}).status_code == 400
    assert program.post(f"requests/{pk}/close", {"answer": "改好了"}).json()["state"] == "done"
    assert [one["id"] for one in program.get("requests?state=done")["items"]] == [pk]
    assert program.get("requests?state=open")["items"] == []


def test_an_erasure_wants_the_name(program: Program, xiaomei: Member, ask: Callable[[str], int]) -> None:
    pk = ask("erasure")
    refused = program.post(f"requests/{pk}/erase", {"name": "小丑"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body.name")
    assert Job.objects.count() == 0
    assert program.post(f"requests/{pk}/erase", {"name": "小美"}).json()["job"] == Job.objects.get().pk
    assert program.post(f"requests/{ask('export')}/erase", {"name": "小美"}).status_code == 400


def test_retention_is_told_without_deleting_and_set(program: Program, units: Units, xiaomei: Member) -> None:
    before = program.get("retention")
    name = next(one["name"] for one in before["classes"] if one["by_unit"] and one["fixed"] is None)
    told = program.send("PATCH", f"retention/{name}", {"days": 3650, "unit": units.shop.pk}).json()
    assert {"name": name, "unit": units.shop.pk, "days": 3650, "total": 0, "months": {}} in told["due"]
    assert RetentionRule.objects.get().days == 3650
    program.send("PATCH", f"retention/{name}", {"days": None, "unit": units.shop.pk})
    assert RetentionRule.objects.count() == 0
    assert program.send("PATCH", f"retention/{name}", {}).json()["errors"][0]["field"] == "body.days"
    assert program.send("PATCH", "retention/shoes", {"days": 1}).status_code == 404


def test_who_may_not_handle_data_gets_nowhere(
    xiaomei: Member,
    ask: Callable[[str], int],
    stranger: Program,
    director: Staff,
    units: Units,
    make_program: Callable[..., Program],
) -> None:
    pk = ask("erasure")
    reader = make_program(director, units.shop, ["members.see"])
    theirs = f"members/{xiaomei.pk}"
    acts: list[tuple[str, str, Any]] = [
        ("POST", f"{theirs}/consents", {"purpose": "messages", "given": True}),
        ("POST", f"{theirs}/age", {"band": ""}),
        ("POST", f"{theirs}/freeze", {"reason": "x"}),
        ("DELETE", f"{theirs}/freeze", None),
        ("GET", f"{theirs}/held", None),
        ("POST", f"{theirs}/requests", {"kind": "export"}),
    ]
    for method, address, body in acts:
        assert stranger.send(method, address, body).status_code == 404
        assert reader.send(method, address, body).status_code == 403
    for act, body in (("correct", {"field": "name", "value": "x"}), ("erase", {"name": "小美"}), ("close", {})):
        assert [one.post(f"requests/{pk}/{act}", body).status_code for one in (stranger, reader)] == [404, 404]
    assert [reader.send("GET", path).status_code for path in ("requests", "retention")] == [403, 403]
    assert stranger.send("PATCH", "retention/messages", {"days": 1}).status_code == 403
    assert stranger.post("encryption-keys/rotate", None).status_code == 403
    assert SubjectRequest.objects.get().state == "open"


def test_a_private_field_is_written_masked_and_cleared(
    program: Program,
    stranger: Program,
    xiaomei: Member,
    director: Staff,
    units: Units,
    make_program: Callable[..., Program],
) -> None:
    place = f"members/{xiaomei.pk}/private/phone"
    assert program.send("PUT", place, {"value": "13800138000"}).json()["private"] == {"phone": "138****8000"}
    assert program.send("PUT", place, {"value": "abc"}).status_code == 400
    assert program.send("PUT", place, {}).json()["errors"][0]["field"] == "body.value"
    reader = make_program(director, units.shop, ["members.see"])
    for method, body in (("PUT", {"value": "1"}), ("DELETE", None)):
        assert [one.send(method, place, body).status_code for one in (reader, stranger)] == [403, 404]
    assert program.send("DELETE", place).json()["private"] == {}
