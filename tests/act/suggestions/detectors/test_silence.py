"""How long a group has been silent."""

from __future__ import annotations

from datetime import date, timedelta

from qunying.act.suggestions.detectors import silence
from qunying.act.suggestions.history import History, Look
from qunying.ground.groups.models import Community
from tests.act.suggestions.looks import only

SINCE, LAST, UNTIL = date(2026, 5, 4), date(2026, 9, 20), date(2026, 11, 21)


def test_weeks_of_silence_are_counted_by_days_festive_ones_too() -> None:
    talk = {SINCE + timedelta(days=number): 19 for number in range((LAST - SINCE).days + 1)}
    history = History(Community(name="试", slug="shi"), SINCE, UNTIL)
    history.__dict__.update(messages={3: talk}, groups={3: "花友二群"})
    asked = only(list(silence._find(Look(history, UNTIL))))
    assert (asked.params["weeks"], asked.params["usual"], asked.large) == (8, 133, True)
    assert asked.evidence["rows"][0]["day"] == date(2026, 8, 9).isoformat()
