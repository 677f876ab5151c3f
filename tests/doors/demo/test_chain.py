"""The chain and the club: what is planted in each outlet shows in supervision, and nowhere else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.utils import timezone

from qunying.check.supervision.board import Level, board_of, realm_in
from qunying.check.supervision.execution import Execution
from qunying.doors.demo.chain import BEHIND, BEST, CARELESS, CLUB, EAST, LEAKY, OUTLETS, SOUTH, plan_of
from qunying.doors.demo.chain_making import chain_is_made, ensure_chain, hire_colleagues, make_chain
from qunying.doors.demo.chores import make_chores
from qunying.doors.demo.episodes import plan_episodes
from qunying.doors.demo.example import ensure_community
from qunying.doors.demo.history import simulate
from qunying.doors.demo.people import LOCAL
from qunying.doors.demo.plan import FLYER, Plan
from qunying.ground.access.models import Staff
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.audit.models import Act
from qunying.ground.groups.models import Community, Group, Membership
from qunying.ground.units.models import Unit
from qunying.kit.periods import last_days
from qunying.plan.playbooks.models import Application
from qunying.plan.schedule.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

    from qunying.check.supervision.board import Board

PLAN = Plan(timezone.now().astimezone(LOCAL).date(), days=90, members=500)
STORES = [outlet for outlet in OUTLETS if outlet is not CLUB]


@pytest.fixture(scope="module")
def chain(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The chain made once for this module and taken back after it."""
    folder = tmp_path_factory.mktemp("chain")
    with django_db_blocker.unblock(), transaction.atomic():
        ensure_community()
        ensure_chain()
        hire_colleagues("correct horse battery")
        make_chain(PLAN, folder, tell=lambda _name, _job: None)
        yield folder
        transaction.set_rollback(True)


def look(level: Level = Level.LOWEST) -> Board:
    return board_of(realm_in(Unit.objects.all()), last_days(28, until=PLAN.last), level=level)


@pytest.mark.django_db
def test_supervision_points_out_the_store_that_is_behind_and_no_other(chain: Path) -> None:
    board = look()
    assert [line.name for line in board.lines if line.flagged] == [BEHIND.shop.units[-1]]
    behind = next(line for line in board.lines if line.flagged).now.execution
    assert (behind.planned, behind.missed / behind.planned) == (16, pytest.approx(CARELESS, abs=0.05))
    others = [line.now.execution for line in board.lines if not line.flagged]
    assert all(one.enough(board.whole.limit.percent) for one in others)
    assert max(one.deviation or 0 for one in others) < 0.08
    assert next(line.now.execution for line in board.lines if line.name == BEST.shop.units[-1]) == Execution(on_time=16)


@pytest.mark.django_db
def test_from_headquarters_its_region_is_pointed_out_so_that_one_finds_the_way_down(chain: Path) -> None:
    board = look(Level.NEXT)
    assert [(line.name, line.flagged) for line in board.lines] == [("会员部", False), (EAST, False), (SOUTH, True)]


@pytest.mark.django_db
def test_the_store_behind_is_the_most_silent_and_the_best_the_most_talkative(chain: Path) -> None:
    stores = {outlet.shop.units[-1] for outlet in STORES}
    found = {line.name: line.now.headline for line in look().lines if line.name in stores}
    ranked = sorted(found, key=lambda name: found[name].messages if found[name] else 0)  # type: ignore[union-attr]
    assert (ranked[0], ranked[-1]) == (BEHIND.shop.units[-1], BEST.shop.units[-1])


@pytest.mark.parametrize("outlet", STORES, ids=lambda outlet: outlet.shop.slug)
def test_only_the_leaky_store_loses_those_a_leaflet_brought(outlet: object) -> None:
    plan = plan_of(outlet, Plan(PLAN.today))  # type: ignore[arg-type]
    assert [episode.channel for episode in plan_episodes(plan)] == ([FLYER] if outlet is LEAKY else [])
    came: Counter[bool] = Counter()
    seen: set[int] = set()
    for stay in simulate(plan).stays:
        if stay.channel == FLYER and stay.person.number not in seen and (plan.today - stay.joined_at.date()).days > 7:
            seen.add(stay.person.number)
            came[stay.left_at is not None and (stay.left_at - stay.joined_at).days < 7] += 1
    share = came[True] / came.total()
    assert (share > 0.15) == (outlet is LEAKY)


@pytest.mark.django_db
def test_the_club_has_150_places_and_its_playbook(chain: Path) -> None:
    community = Community.objects.get(slug=CLUB.shop.slug)
    assert list(Group.objects.filter(community=community).values_list("name", "capacity")) == [("会员俱乐部群", 150)]
    assert list(Application.objects.filter(community=community).values_list("playbook", "state")) == [
        ("club-150", "applied")
    ]
    planned = WorkItem.objects.filter(community=community, origin_app="playbooks")
    assert not planned.filter(due__lt=PLAN.today, done_at=None).exists()


def test_in_full_size_about_150_are_in_the_club() -> None:
    stays = simulate(plan_of(CLUB, Plan(PLAN.today))).stays
    present = {stay.person.number for stay in stays if stay.left_at is None and not stay.person.is_staff}
    assert 145 <= len(present) - 1 <= 155


@pytest.mark.django_db
def test_every_community_of_it_is_marked_as_simulated(chain: Path) -> None:
    assert set(Community.objects.values_list("simulated", flat=True)) == {True}
    assert Membership.objects.filter(community__slug=BEST.shop.slug).exists()


@pytest.mark.django_db
def test_each_colleague_sees_their_part_alone(chain: Path) -> None:
    seen = {
        staff.username: sorted(units_for(staff, Permission.SEE_FIGURES).values_list("name", flat=True))
        for staff in Staff.objects.filter(username__startswith="demo-")
    }
    assert seen == {
        "demo-huadong": sorted([EAST, "花店", "滨江店", "湖畔店"]),
        "demo-huanan": sorted([SOUTH, "榕荫店", "木棉店", "骑楼店"]),
        "demo-binjiang": ["滨江店"],
        "demo-mumian": ["木棉店"],
        "demo-julebu": ["会员部"],
    }


@pytest.mark.django_db
def test_made_again_it_changes_nothing(chain: Path) -> None:
    before = Act.objects.count()
    assert chain_is_made()
    make_chain(PLAN, chain, tell=lambda _name, _job: None)
    assert Act.objects.count() == before


@pytest.mark.django_db
def test_a_region_of_somebody_else_gets_no_manager_of_the_example(chain: Path) -> None:
    with transaction.atomic():
        east = Unit.objects.get(name=EAST)
        Unit.objects.create(name="真店", parent=east, path=f"{east.path}999999/")
        Staff.objects.filter(username="demo-huadong").delete()
        assert "demo-huadong" not in hire_colleagues("correct horse battery")
        transaction.set_rollback(True)


def test_the_same_plan_gives_the_same_work() -> None:
    plan = plan_of(BEHIND, PLAN)
    assert make_chores(plan, CARELESS) == make_chores(plan, CARELESS)
    past = [chore for chore in make_chores(plan, CARELESS) if chore.due < PLAN.today]
    late = [chore for chore in past if chore.done_at is None or chore.done_at.date() > chore.due]
    assert (len(past), len(late) / len(past)) == (48, pytest.approx(CARELESS, abs=0.03))


def test_nothing_was_done_in_the_future() -> None:
    done = [chore.done_at for outlet in OUTLETS for chore in make_chores(plan_of(outlet, PLAN), outlet.misses)]
    assert max(at.date() for at in done if at) < PLAN.today
