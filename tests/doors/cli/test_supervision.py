"""`qunying supervision`: the board as a table and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qunying.doors.cli.main import main
from tests.check.supervision.conftest import ago, works
from tests.support.goals import tell

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(community: Community, units: Units) -> Community:
    """Three members, of twenty pieces of work five not done."""
    tell(community, [(f"a{number}", "joined", ago(community, 20)) for number in range(3)])
    works(community, in_time=15, undone=5)
    return community


def test_it_gives_every_line_with_numerators_and_denominators(
    shop: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["supervision", "--unit", "华东区", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (line,) = told["lines"]
    assert (told["unit"], line["name"], line["place"], line["flagged"]) == ("华东区", "花店一店", 1, True)
    assert line["execution_deviation"] == {"value": 0.25, "numerator": 5, "denominator": 20}
    assert (line["members"], line["work"]["undone"], line["allowed_percent"]) == (3, 5, 8.0)


def test_people_get_a_table(shop: Community, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["supervision", "--by", "communities"]) == 0
    out = capsys.readouterr().out
    assert ("花友会" in out, "25.0%" in out) == (True, True)


def test_an_unknown_unit_is_a_sentence(shop: Community, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["supervision", "--unit", "火星"]) == 1
    assert capsys.readouterr().err == "There is no unit “火星”.\n"
