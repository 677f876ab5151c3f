"""The planted episodes are found and a quiet year brings hardly an alarm: both are counted, and printed.

Every night of a year is looked at as it was known then. An alarm is a finding that stands for
itself: the same key found again within eight weeks is the same one, as it would be in the product.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from qunying.act.suggestions.history import Look
from qunying.act.suggestions.looking import ask_everything, findings
from qunying.doors.demo.episodes import What, plan_episodes
from qunying.doors.demo.festivals import festivals_between
from tests.act.suggestions.conftest import PLANTED

if TYPE_CHECKING:
    import pytest

    from qunying.act.suggestions.history import History
    from qunying.doors.demo.episodes import Episode

_FIRST_LOOK = timedelta(days=60)
_EVERY = timedelta(days=1)
_SAME = timedelta(days=56)
_MOST_FALSE = 2
FOUND_BY = {
    What.BAD_WEEK: "speakers",
    What.SILENT_GROUP: "silence",
    What.FESTIVAL_PEAK: "rush",
    What.LEAKY_CHANNEL: "channel",
}


@dataclass(frozen=True)
class Alarm:
    """A finding raised: what it is called, and on which night (the day it looks back on)."""

    key: str
    day: date

    @property
    def detector(self) -> str:
        return self.key.split(":")[0]


def alarms_of(history: History) -> tuple[list[Alarm], int]:
    """Every alarm of the year, and how many questions were put."""
    day, asked, last = history.since + _FIRST_LOOK, 0, dict[str, date]()
    alarms: list[Alarm] = []
    while day <= history.until:
        questions = ask_everything(Look(history, day))
        asked += len(questions)
        for finding in findings(questions):
            key = finding.asked.key
            if key not in last or day - last[key] > _SAME:
                alarms.append(Alarm(key, day))
            last[key] = day
        day += _EVERY
    return alarms, asked


def explains(episode: Episode, alarm: Alarm, history: History) -> bool:
    """Whether the alarm is about this episode: its detector, its time and its group or channel."""
    names = {str(number): name for number, name in history.groups.items()}
    subject = alarm.key.partition(":")[2]
    about = (episode.group and names.get(subject)) or (episode.channel and subject) or ""
    return (
        alarm.detector == FOUND_BY[episode.what]
        and about == (episode.group or episode.channel)
        and episode.first <= alarm.day <= episode.last + timedelta(days=7)
    )


def is_festive(alarm: Alarm) -> bool:
    """A rush of orders before another festival of the simulator is a rush of orders."""
    near = festivals_between(alarm.day - timedelta(days=3), alarm.day + timedelta(days=3))
    return alarm.detector == "rush" and bool(near)


def tell(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    """Print, whatever pytest captures."""
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")


def test_every_planted_episode_is_found(planted_year: History, capsys: pytest.CaptureFixture[str]) -> None:
    alarms, asked = alarms_of(planted_year)
    episodes = plan_episodes(PLANTED)
    hits = {each.what: [a for a in alarms if explains(each, a, planted_year)] for each in episodes}
    known = [alarm for found in hits.values() for alarm in found]
    others = [alarm for alarm in alarms if alarm not in known and not is_festive(alarm)]
    tell(
        capsys,
        f"planted year: {sum(map(bool, hits.values()))} of {len(episodes)} episodes found, "
        f"{len(others)} other alarms, {asked} questions",
        *(f"  {what} first seen {found[0].day}" for what, found in hits.items() if found),
        *(f"  other: {alarm.key} {alarm.day}" for alarm in others),
    )
    assert [what for what, found in hits.items() if not found] == []
    assert len(others) <= _MOST_FALSE


def test_a_quiet_year_brings_hardly_an_alarm(quiet_year: History, capsys: pytest.CaptureFixture[str]) -> None:
    alarms, asked = alarms_of(quiet_year)
    tell(
        capsys,
        f"quiet year: {len(alarms)} false alarms in {asked} questions",
        *(f"  {alarm.key} {alarm.day}" for alarm in alarms),
    )
    assert len(alarms) <= _MOST_FALSE
