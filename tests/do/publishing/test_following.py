"""What is to go out follows the plan it was made of."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.do.publishing.following import off_slot
from qunying.do.publishing.queries import deliveries_of
from qunying.do.publishing.services import publish_entry
from qunying.do.reach.models import Delivery
from qunying.ground.access.services import create_staff, grant_role
from qunying.kit.errors import QunyingError
from qunying.plan.content.models import Entry
from qunying.plan.content.services import Planned, move_entry, plan_entry
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.do.publishing.models import Publication
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN, NOON = time(10), time(12)


def day(ahead: int) -> date:
    return timezone.localdate(timezone=SHANGHAI) + timedelta(days=ahead)


def at(ahead: int, hour: time = TEN) -> datetime:
    return datetime.combine(day(ahead), hour, SHANGHAI)


@pytest.fixture
def planned(entry: Entry, specialist: Staff) -> Entry:
    """The approved entry, to go out at ten in three days."""
    return move_entry(entry, day=day(3), at=TEN, by=specialist)


def due(publication: Publication) -> set[datetime]:
    publication.refresh_from_db()
    return {publication.due_at, *deliveries_of(publication).values_list("due_at", flat=True)}


def test_what_waits_goes_out_on_the_new_day_at_the_new_time(
    planned: Entry, connected: list[Group], specialist: Staff
) -> None:
    made = publish_entry(planned, groups=connected, due_at=at(3), by=specialist)
    move_entry(planned, day=day(5), by=specialist)
    assert due(made) == {at(5)}
    again = plan_entry(planned, planned=Planned(slot_day=day(6), slot_time=NOON), by=specialist)
    assert (due(made), off_slot(again)) == ({at(6, NOON)}, [])
    assert deliveries_of(made).filter(expires_at=at(6, NOON) + timedelta(days=2)).count() == 3


def test_an_hour_of_its_own_is_kept_and_another_day_stays(
    planned: Entry, connected: list[Group], specialist: Staff
) -> None:
    noon = publish_entry(planned, groups=connected[:1], due_at=at(3, NOON), by=specialist)
    other = publish_entry(planned, groups=connected[1:], due_at=at(4), by=specialist)
    moved = move_entry(planned, day=day(7), at=time(8), by=specialist)
    assert (due(noon), due(other), off_slot(moved)) == ({at(7, NOON)}, {at(4)}, [other, noon])


def test_what_has_begun_stays(planned: Entry, connected: list[Group], specialist: Staff) -> None:
    made = publish_entry(planned, groups=connected, due_at=at(3), by=specialist)
    deliveries_of(made).filter(group=connected[0]).update(state=Delivery.State.HAND)
    moved = move_entry(planned, day=day(5), by=specialist)
    assert (due(made), moved.slot_day, off_slot(moved)) == ({at(3)}, day(5), [made])


def test_a_plan_is_not_tidied_into_the_past_nor_by_somebody_who_may_not_send(
    planned: Entry, connected: list[Group], specialist: Staff, units: Units
) -> None:
    made = publish_entry(planned, groups=connected, due_at=at(3), by=specialist)
    editor = create_staff("editor", name="编辑", password=PASSWORD, by=TESTS)
    grant_role(editor, role="editor", unit=units.shop, by=TESTS)
    with pytest.raises(QunyingError, match="into the past"):
        move_entry(planned, day=day(-1), by=specialist)
    with pytest.raises(QunyingError, match="somebody who may send"):
        move_entry(planned, day=day(5), by=editor)
    assert (due(made), Entry.objects.get().slot_day) == ({at(3)}, day(3))
