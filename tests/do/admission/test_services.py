"""People who ask to be let in: kept once, let in, turned away, settled, each by who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.connectors.qq.tasks import look_for_requests
from qunying.do.admission.models import Applicant
from qunying.do.admission.queries import get_applicant_for, waiting_for
from qunying.do.admission.services import admit_applicant, settle_applicant, turn_away_applicant
from qunying.do.admission.todo import admission_todos
from qunying.ground.audit.models import Act
from qunying.ground.platforms.port import RefusedError
from qunying.ground.subjects.holdings import all_holdings
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from tests.support.qq import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from tests.connectors.qq.conftest import Shop

pytestmark = pytest.mark.django_db


def test_who_asks_waits_once_with_what_they_wrote(shop: Shop, ask: Callable[..., Applicant], specialist: Staff) -> None:
    one = ask()
    assert look_for_requests(shop.account.pk) == 1
    assert list(waiting_for(specialist)) == [one]
    assert (str(one.identity.member), one.words) == ("小丽", "想学插花\n从哪里知道我们的？\n花市")


def test_who_was_let_in_by_the_platform_itself_does_not_wait(shop: Shop, ask: Callable[..., Applicant]) -> None:
    with pytest.raises(Applicant.DoesNotExist):
        ask(auto_approved={"strategy_id": "1"})


def test_who_is_let_in_is_let_in_on_the_platform(shop: Shop, ask: Callable[..., Applicant], specialist: Staff) -> None:
    one = ask()
    admit_applicant(one, by=specialist)
    assert shop.platform.done == [("approve", "XIAOLI", "")]
    assert (one.state, one.decided_by) == (Applicant.State.ADMITTED, specialist)
    assert Act.objects.filter(verb="applicants.admit", subject_id=str(one.pk)).count() == 1
    with pytest.raises(QunyingError, match="answered this already"):
        turn_away_applicant(one, why="", by=specialist)


def test_who_is_turned_away_reads_the_reason(shop: Shop, ask: Callable[..., Applicant], specialist: Staff) -> None:
    one = ask()
    with pytest.raises(QunyingError, match="80"):
        turn_away_applicant(one, why="x" * 81, by=specialist)
    turn_away_applicant(one, why=" 群满了 ", by=specialist)
    assert shop.platform.done == [("decline", "XIAOLI", "群满了")]


def test_what_the_platform_refuses_goes_on_waiting_until_it_is_settled(
    shop: Shop, ask: Callable[..., Applicant], specialist: Staff
) -> None:
    one = ask()
    shop.platform.chats[shop.id].waiting.clear()
    with pytest.raises(RefusedError):
        admit_applicant(one, by=specialist)
    assert list(waiting_for(specialist)) == [one]
    settle_applicant(one, by=specialist)
    assert list(waiting_for(specialist)) == []


def test_who_came_in_otherwise_is_not_asked_about(shop: Shop, ask: Callable[..., Applicant], specialist: Staff) -> None:
    ask()
    told = {"group_openid": shop.id, "member_openid": "XIAOLI", "timestamp": now()}
    shop.hear(shop.platform.event("GROUP_MEMBER_ADD", told))
    assert list(waiting_for(specialist)) == []


def test_others_neither_see_nor_answer(ask: Callable[..., Applicant], reviewer: Staff, outsider: Staff) -> None:
    one = ask()
    for staff in (reviewer, outsider):
        assert list(waiting_for(staff)) == []
        with pytest.raises(NotFoundError):
            get_applicant_for(staff, one.pk)
        for answer in (admit_applicant, settle_applicant):
            with pytest.raises(NotAllowedError):
                answer(one, by=staff)


def test_a_group_without_an_account_is_answered_in_the_app(
    shop: Shop, ask: Callable[..., Applicant], specialist: Staff
) -> None:
    one = ask()
    one.group.account = None
    with pytest.raises(QunyingError, match="tied to no account"):
        admit_applicant(one, by=specialist)


def test_they_stand_on_today_by_group(ask: Callable[..., Applicant], specialist: Staff, outsider: Staff) -> None:
    today = ask().asked_at.date()
    ask("XIAOHONG", "r2")
    assert [one.title for one in admission_todos(specialist, today)] == ["2 people ask to join: 花友一群"]
    assert list(admission_todos(outsider, today)) == []


def test_an_erasure_takes_them_away(ask: Callable[..., Applicant]) -> None:
    member = ask().identity.member
    held = next(one for one in all_holdings() if one.name == "applicants")
    assert [row["words"].partition("\n")[0] for row in held.tell(member)] == ["想学插花"]
    assert held.erase is not None
    assert held.erase(member) == 1
