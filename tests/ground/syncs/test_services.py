"""A platform's list against what is known: the difference becomes facts, and stands in the run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.groups.services_accounts import adopt_group, untie_group
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end
from qunying.ground.members.services import Who
from qunying.ground.platforms.port import BusyError, Person
from qunying.ground.syncs.history import read_history
from qunying.ground.syncs.models import Sync
from qunying.ground.syncs.rounds import begin_night, begin_round
from qunying.ground.syncs.services import SOURCE, reconcile_group
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.ground.platforms.conftest import Pigeons

pytestmark = pytest.mark.django_db


@pytest.fixture
def tied(account: Account, community: Community) -> Group:
    """A group of pigeons, in which 小灰 is known to be."""
    group = adopt_group(account, community=community, name="屋顶群", external_id="g1", by=TESTS)
    come(group, "grey", timezone.now() - timedelta(days=1))
    return group


def come(group: Group, name: str, at: object) -> None:
    """Somebody comes, and we hear of it."""
    fact = Fact("joined", at, ("tests", name), who=Who("pigeons", name, "小灰"), group_id=group.pk)  # type: ignore[arg-type]
    record([fact], community=group.community, source="tests")


def inside(group: Group) -> list[str]:
    """Who is there, as far as we know."""
    open_now = Membership.objects.filter(group=group, left_at=None)
    return sorted(open_now.values_list("identity__external_id", flat=True))


def test_who_came_and_went_unheard_is_recorded_once(tied: Group, pigeons: Pigeons) -> None:
    since = timezone.now() - timedelta(days=3)
    pigeons.flock = [Person("white", "小白", "admin", since)]
    sync = reconcile_group(tied)
    assert (sync.listed, sync.joined, sync.left, sync.state) == (1, 1, 1, "done")
    assert inside(tied) == ["white"]
    stay = Membership.objects.get(group=tied, identity__external_id="white")
    assert (stay.joined_at, stay.role, stay.identity.display_name) == (since, "admin", "小白")
    found = sync.differences.order_by("sort").values_list("sort", "identity__external_id")
    assert list(found) == [("joined", "white"), ("left", "grey")]
    again = reconcile_group(tied)
    assert (again.joined, again.left, Event.objects.filter(source=SOURCE).count()) == (0, 0, 2)


def test_who_moves_while_the_platform_is_asked_is_left_to_what_it_tells_itself(
    tied: Group, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_account: Account, _group: str) -> list[Person]:
        come(tied, "late", timezone.now())
        gone = Fact("left", timezone.now(), ("tests", "bye"), who=Who("pigeons", "grey"), group_id=tied.pk)
        record([gone], community=tied.community, source="tests")
        return [Person("grey")]

    monkeypatch.setattr(pigeons, "list_people", slow)
    sync = reconcile_group(tied)
    assert (sync.joined, sync.left, inside(tied)) == (0, 0, ["late"])


def test_a_platform_that_does_not_answer_changes_nothing(tied: Group, pigeons: Pigeons) -> None:
    pigeons.trouble = BusyError("The loft is closed.")
    sync = reconcile_group(tied)
    assert (sync.state, sync.error, inside(tied)) == ("failed", "The loft is closed.", ["grey"])


def test_a_group_that_is_tied_to_nothing_cannot_be_compared_nor_read(tied: Group) -> None:
    with pytest.raises(QunyingError, match="gives no history"):
        read_history(tied, by=TESTS)
    untie_group(tied, by=TESTS)
    with pytest.raises(QunyingError, match="tied to no account"):
        reconcile_group(tied)


def test_a_night_compares_every_group_once(tied: Group, pigeons: Pigeons, settings: SettingsWrapper) -> None:
    settings.BACKUP_HOUR = 24
    assert begin_night() == 0
    settings.BACKUP_HOUR = 0
    assert begin_night() == 1
    assert begin_night() == 0  # one is open already
    run_to_end(Job.objects.get(kind="reconcile"))
    assert begin_night() == 0
    assert (Sync.objects.count(), Sync.objects.get().left, inside(tied)) == (1, 1, [])


def test_a_round_asked_for_by_a_person_leaves_the_night_its_own(tied: Group, pigeons: Pigeons) -> None:
    run_to_end(begin_round([tied.pk, 0], by=TESTS))
    assert Sync.objects.get().night is None
