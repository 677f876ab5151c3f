"""A report tells where its goals will probably be, as it was foretold then; or says why nothing is."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from qunying.check.reports.forecasts import with_outlooks
from qunying.check.reports.plan_parts import goals_told
from qunying.check.reports.port import Asked
from qunying.check.reports.queries import build_report
from qunying.check.reports.services import export_report
from qunying.check.reports.sheet import make_sheet
from qunying.check.reports.spans import read_span
from qunying.check.tracking.progress import progress_of
from qunying.check.tracking.services import look_at
from qunying.kit.periods import Period
from qunying.plan.goals.amounts import Target
from qunying.plan.goals.services import revise_goal
from tests.support.cast import TESTS
from tests.support.goals import ago, make_goal, speak

if TYPE_CHECKING:
    from qunying.check.reports.blocks import Table
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def asked(community: Community, days: int = 1) -> Asked:
    """The month of so many days ago, counted up to then."""
    end = ago(community, days)
    return Asked(community, read_span(f"{end:%Y-%m}"), Period(end.replace(day=1), end), running=True)


def table(community: Community) -> Table:
    told = goals_told(asked(community))
    assert told is not None
    return told.tables[1]


def test_a_forecast_comes_with_its_range_its_record_and_its_method(community: Community) -> None:
    speak(community, first=60, last=1)
    look_at(make_goal(community, start=ago(community, 10), due=ago(community, -9), target="60"))
    [row] = table(community).rows
    trials = row[4].text.split(" of ")
    assert [cell.text for cell in row[:3]] == ["消息", "as last week (seasonal-naive)", "60"]
    assert (row[2].note, trials[0] == trials[1], row[4].note) == ("May go either way", True, "meant: 80%")


def test_what_is_refused_says_why(community: Community) -> None:
    speak(community, first=18, last=1)
    goal = make_goal(community)
    assert table(community).rows[0][1].text.startswith("Nobody looked at it in these days")
    look_at(goal)
    [row] = table(community).rows
    assert row[1].text.startswith("No forecast: the due day is too far off for 18 days of history.")
    assert [cell.text for cell in row[2:]] == ["–", "–", "–"]


def test_a_goal_that_is_over_has_none(community: Community) -> None:
    speak(community, first=60, last=1)
    make_goal(community, start=ago(community, 10), due=ago(community, 1))
    told = goals_told(asked(community))
    assert told is not None
    assert (len(told.tables), [one.term for one in told.definitions]) == (1, [])


def test_what_was_foretold_then_stays_and_its_verdict_goes_with_the_target(community: Community) -> None:
    speak(community, first=60, last=1)
    goal = make_goal(community, target="60")
    look_at(goal, day=ago(community, 3))
    revise_goal(goal, target=Target(Decimal(70)), due=goal.due, reason="节日", by=TESTS)
    look_at(goal, day=ago(community, 1), foretell=False)
    [(_one, seen)] = with_outlooks([progress_of(goal, day=ago(community, 1), foretell=False)])
    assert seen is not None
    assert seen.day == ago(community, 3)
    [row] = table(community).rows
    assert (row[2].text, row[2].note) == ("60", "")
    assert with_outlooks([progress_of(goal, day=ago(community, 4), foretell=False)])[0][1] is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("form", ["html", "pdf", "docx", "xlsx"])
def test_every_form_holds_it(community: Community, form: str, language: str) -> None:
    speak(community, first=60, last=1)
    look_at(make_goal(community, start=ago(community, 10), due=ago(community, -9), target="60"))
    span = read_span(f"{ago(community, 1):%Y-%m}")
    with translation.override(language):
        raw = export_report(community, span=span, form=form, by=TESTS)
    words = {"en": ("Range held", "Forecast of a goal"), "zh-hans": ("区间命中", "目标的预测")}[language]
    if form == "pdf":
        assert raw.startswith(b"%PDF")
        return
    if form == "html":
        text = raw.decode()
    else:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            text = "".join(
                parts.read(name).decode(errors="ignore") for name in parts.namelist() if name.endswith("xml")
            )
    assert [word in text for word in words] == [True, True]


def test_a_month_that_runs_tells_it_too(community: Community) -> None:
    speak(community, first=60, last=1)
    make_goal(community, start=ago(community, 10), due=ago(community, -9))
    report = build_report(community, span=read_span(f"{ago(community, 1):%Y-%m}"))
    section = next(one for one in make_sheet(report).sections if one.key == "goals")
    assert section.tables[1].caption == "What is to be expected"
