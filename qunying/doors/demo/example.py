"""Makes the example community: units, groups, and the simulated history through ordinary imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qunying.doors.demo.files import write_files
from qunying.doors.demo.history import simulate
from qunying.doors.demo.people import make_staff
from qunying.doors.demo.plan import CORE_GROUP, FLAGSHIP, PLATFORM, SLUG, UNITS, Plan, Shop
from qunying.ground.audit.actors import System
from qunying.ground.files.services import store_file
from qunying.ground.groups.models import Community, Group
from qunying.ground.groups.services import create_community, create_group, ensure_group
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.services import start_import
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end
from qunying.ground.members.models import Member
from qunying.ground.members.services_people import Mark, mark_members
from qunying.ground.units.models import Unit
from qunying.ground.units.services import create_unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qunying.doors.demo.files import Sheet

DEMO = System("demo")
_CORE_CAPACITY = 100


def make_example(plan: Plan, folder: Path, *, slug: str = "", tell: Callable[[str, Job | None], None]) -> Community:
    """Make what is missing of the example; making it again changes nothing. Without a slug it has its shop's.

    The history is written to `folder` and imported file by file; a file whose import has ended well
    is not read again. `tell(name, job)` is called as work gets on.
    """
    community = ensure_community(plan.shop, slug=slug)
    tell("", None)
    for sheet in write_files(simulate(plan), folder):
        _import_once(sheet, community, tell)
        if sheet.format == "memberships":
            mark_crew(plan)
    return community


def is_made(slug: str = SLUG) -> bool:
    """Whether every file of the example has been imported."""
    runs = ImportRun.objects.filter(community__slug=slug, job__state=Job.State.DONE, dry_run=False)
    return {"memberships", "members", "events", "orders"} <= set(runs.values_list("format", flat=True))


@transaction.atomic
def ensure_community(shop: Shop = FLAGSHIP, *, slug: str = "") -> Community:
    """The community of the shop under its units, marked as simulated, with its core group or its own groups."""
    slug = slug or shop.slug
    found = Community.objects.filter(slug=slug).first()
    if found is not None:
        return found
    community = create_community(
        slug, name=shop.name, unit=ensure_branch(shop), introduction=shop.introduction, simulated=True, by=DEMO
    )
    kind, capacity = (Group.Kind.GENERAL, shop.capacity) if shop.groups else (Group.Kind.CORE, _CORE_CAPACITY)
    for name in shop.groups or (CORE_GROUP,):
        create_group(community, name=name, platform=PLATFORM, kind=kind, capacity=capacity, by=DEMO)
    return community


def ensure_branch(shop: Shop = FLAGSHIP) -> Unit:
    """The unit of the shop: below the root there is, or below a new one."""
    unit = Unit.objects.filter(parent=None).order_by("pk").first() or create_unit(UNITS[0], by=DEMO)
    for name in shop.units:
        unit = Unit.objects.filter(parent=unit, name=name).first() or create_unit(name, parent=unit, by=DEMO)
    return unit


def mark_crew(plan: Plan) -> None:
    """Keep the shop's own people and its bot out of every figure."""
    for mark in Mark:
        accounts = [person.external_id for person, _role in make_staff(plan) if person.is_bot == (mark is Mark.BOT)]
        people = Member.objects.filter(identities__platform=PLATFORM, identities__external_id__in=accounts)
        mark_members(people.values_list("pk", flat=True), mark=mark, on=True, by=DEMO)


def _import_once(sheet: Sheet, community: Community, tell: Callable[[str, Job | None], None]) -> None:
    done = ImportRun.objects.filter(
        community=community, files__digest=sheet.digest, job__state=Job.State.DONE, dry_run=False
    )
    if done.exists():
        return
    name = sheet.path.name
    with sheet.path.open("rb") as stream:
        stored = store_file(stream, name=name, purpose="import", by=DEMO, unit=community.unit)
    if sheet.group:
        ensure_group(community, name=sheet.group, platform=PLATFORM, by=DEMO)
    run = start_import([stored], format=sheet.format, community=community, group=sheet.group, by=DEMO, queue=False)
    tell(name, run.job)
    run_to_end(run.job, on_progress=lambda job: tell(name, job))
