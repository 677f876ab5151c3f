"""What has been kept long enough goes, what the law wants stays, and a report says so beforehand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event, Message
from qunying.ground.events.services import record
from qunying.ground.members.models import Member, PrivateField
from qunying.ground.members.services import Who
from qunying.ground.members.services_private import set_private_field
from qunying.ground.subjects.models import RetentionRule
from qunying.ground.subjects.services_retention import apply_retention, retention_report, set_retention
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def _say(community: Community, group_id: int | None, *ages: int) -> None:
    now = timezone.now()
    facts = [
        Fact(
            "spoke",
            now - timedelta(days=age),
            (age,),
            who=Who("wechat", "xiaomei"),
            group_id=group_id,
            text=f"{age} 天前",
        )
        for age in ages
    ]
    record(facts, community=community, source="tests")


def _totals() -> dict[tuple[str, str], int]:
    return {(due.kind.name, str(due.unit or "")): due.total for due in retention_report() if due.total}


def test_nothing_goes_before_a_period_was_set(community: Community, group: Group) -> None:
    _say(community, group.pk, 4000)
    assert _totals() == {}
    assert apply_retention() == 0


def test_the_report_tells_by_month_what_the_night_takes(community: Community, group: Group) -> None:
    _say(community, group.pk, 10, 100, 101, 400)
    set_retention("messages", days=90, by=TESTS)
    (due,) = [due for due in retention_report() if due.kind.name == "messages"]
    old = [(timezone.now() - timedelta(days=age)).date().replace(day=1) for age in (400, 101, 100)]
    assert due.months == {month: old.count(month) for month in sorted(set(old))}
    assert Message.objects.count() == 4

    assert apply_retention() == 3

    assert list(Message.objects.values_list("text", flat=True)) == ["10 天前"]
    assert Event.objects.filter(kind="spoke").count() == 4
    assert Act.objects.filter(verb="subjects.retention.purge").values_list("details", flat=True).get() == {
        "class": "messages",
        "days": 90,
        "rows": 3,
    }


def test_the_nearest_rule_counts(community: Community, other_community: Community, group: Group, units: Units) -> None:
    _say(community, group.pk, 50)
    _say(other_community, None, 50)
    set_retention("messages", days=30, by=TESTS)
    set_retention("messages", days=0, by=TESTS, unit=units.east)
    assert _totals() == {("messages", ""): 1}
    set_retention("messages", days=40, by=TESTS, unit=units.shop)
    assert _totals() == {("messages", ""): 1, ("messages", "花店一店"): 1}
    set_retention("messages", days=None, by=TESTS, unit=units.shop)
    assert apply_retention() == 1
    assert Message.objects.get().event.community == community


def test_private_fields_of_those_who_left_go_and_of_those_who_stay_do_not(
    community: Community, group: Group, xiaomei: Member, aqiang: Member
) -> None:
    for person in (xiaomei, aqiang):
        set_private_field(person, name="phone", value="13800000001", by=TESTS)
    gone = Fact("left", timezone.now() - timedelta(days=60), ("l",), who=Who("wechat", "aqiang"), group_id=group.pk)
    record([gone], community=community, source="tests")
    set_retention("private", days=61, by=TESTS)
    assert _totals() == {}
    set_retention("private", days=59, by=TESTS)
    assert _totals() == {("private", ""): 1}
    assert apply_retention() == 1
    assert PrivateField.objects.get().member == xiaomei


@pytest.mark.parametrize(
    ("name", "days", "floor"), [("jobs", 179, 180), ("consents", 364, 1095), ("requests", 1, 1095)]
)
def test_no_period_undercuts_the_law(name: str, days: int, floor: int) -> None:
    with pytest.raises(QunyingError, match=f"at least {floor}"):
        set_retention(name, days=days, by=TESTS)
    set_retention(name, days=floor, by=TESTS)
    assert RetentionRule.objects.get().days == floor


def test_what_is_set_elsewhere_or_knows_no_units_is_refused(units: Units) -> None:
    with pytest.raises(QunyingError, match="not set here"):
        set_retention("uploads", days=10, by=TESTS)
    with pytest.raises(QunyingError, match="not set here"):
        set_retention("acts", days=400, by=TESTS)
    with pytest.raises(QunyingError, match="belong to no unit"):
        set_retention("jobs", days=400, by=TESTS, unit=units.shop)
    with pytest.raises(QunyingError, match="number of days"):
        set_retention("messages", days=-1, by=TESTS)
