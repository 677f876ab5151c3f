"""What members send in by programs."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from qunying.plan.content.models import Submission
from tests.support.content import make_submission
from tests.support.materials import picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/submissions"


@pytest.fixture(autouse=True)
def _home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


def test_a_program_sends_in_and_reads_what_came_of_it(program: Program, community: Community) -> None:
    picture = {"name": "x.jpg", "content": base64.b64encode(picture_bytes()).decode()}
    given = {"name": "小美", "words": "开花了", "right": "own", "agreed": True, "contact": "微信xm"}
    made = program.post(PLACE, given | {"pictures": [picture]})
    told = made.json()
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/{PLACE}/{told['id']}")
    assert (told["state"], told["pictures"], told["name"], "微信xm" in str(told)) == ("waiting", 1, "小美", False)
    assert program.get(f"{PLACE}/{told['id']}") == told
    assert program.get(PLACE)["items"] == [told]


def test_without_agreement_nothing_is_kept(program: Program, community: Community) -> None:
    given = {"name": "小美", "words": "开花了", "right": "own", "agreed": False}
    assert program.post(PLACE, given).status_code == 400
    broken = given | {"agreed": True, "pictures": [{"content": "!"}]}
    assert program.post(PLACE, broken).status_code == 400
    assert Submission.objects.count() == 0


def test_another_unit_s_submissions_do_not_exist(
    make_program: Callable[..., Program], community: Community, outsider: Staff, units: Units
) -> None:
    one, stranger = make_submission(community), make_program(outsider, units.south)
    assert stranger.send("GET", PLACE).status_code == 404
    assert stranger.send("GET", f"{PLACE}/{one.pk}").status_code == 404
