"""What people sent in goes with them, under whatever name they did; what was declined goes in its time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.services import make_journey
from qunying.do.journeys.services_travellers import stop_traveller
from qunying.ground.files.models import StoredFile
from qunying.ground.jobs.services import run_to_end
from qunying.ground.subjects.needles import Needle, Sort, gather_needles
from qunying.ground.subjects.retention import class_named
from qunying.ground.subjects.services_erasure import erase_member
from qunying.ground.subjects.traces import search_traces
from qunying.plan.content.models import Picture, Submission
from qunying.plan.content.services_submissions import (
    Sent,
    accept_submission,
    decline_submission,
    take_submission,
)
from qunying.plan.materials.services import About, Body, add_material
from tests.support.cast import TESTS
from tests.support.content import make_submission
from tests.support.journeys import plain_journey, put_on
from tests.support.materials import picture_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

CALLED, REACHED = "莲花妈妈", "lotus77@example.com"


@pytest.fixture(autouse=True)
def _home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path / "uploads"


@pytest.mark.django_db(transaction=True)
def test_no_trace_is_left_of_the_name_under_which_somebody_sent_in_and_travelled(
    community: Community, xiaomei: Member, specialist: Staff
) -> None:
    sent = Sent(
        CALLED, "own", agreed=True, words="墨兰开了", contact=REACHED, pictures=((f"{CALLED}.jpg", picture_bytes()),)
    )
    accepted = take_submission(sent, community=community, member=xiaomei, by=TESTS)
    accept_submission(accepted, title=f"{CALLED}家的墨兰", by=specialist)
    take_submission(sent, community=community, member=xiaomei, by=TESTS)
    about = About(f"{CALLED}的图", licence="member", source=f"{CALLED} {REACHED}")
    add_material(Body("text", words=f"问{CALLED}"), about=about, unit=community.unit, by=specialist)
    journey = make_journey(community, name="迎新", definition=plain_journey(), by=specialist)
    stop_traveller(put_on(journey.versions.get(), xiaomei), why=f"{CALLED}说别再发了", by=specialist)
    needles = [Needle(CALLED, Sort.NAME), Needle(REACHED, Sort.PRIVATE)]
    assert set(needles) <= set(gather_needles(xiaomei))
    assert len(search_traces(needles)) >= 5

    result = run_to_end(erase_member(xiaomei, by=TESTS, queue=False)).result

    assert (result["clean"], search_traces(needles)) == (True, [])
    assert Picture.objects.get().licence.startswith("Sent in by ▇▇")
    assert set(Submission.objects.values_list("name", "answer", "sealed", "member")) == {("", "", b"", None)}


@pytest.mark.django_db
def test_what_was_declined_long_ago_goes_with_its_pictures_and_what_waits_stays(community: Community) -> None:
    pictures = (("花.jpg", picture_bytes()),)
    declined, waiting = make_submission(community, pictures=pictures), make_submission(community)
    decline_submission(declined, reason="照片有点暗", by=TESTS)
    kept, unit, later = class_named("submissions"), community.unit_id, timezone.now() + timedelta(days=1)
    assert (sum(kept.count([unit], later).values()), kept.count([unit + 1000], later)) == (1, {})
    assert kept.count(None, timezone.now() - timedelta(days=1)) == {}
    assert (kept.purge([unit], later, 10, TESTS), kept.purge(None, later, 10, TESTS)) == (1, 0)
    assert (Submission.objects.get(), StoredFile.objects.get().removed_at is None) == (waiting, False)
