"""What is off course: open suggestions and alerts that call for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.queries import in_order, suggestions_for
from qunying.act.suggestions.words import sentence_of, title_of
from qunying.check.alerts.queries import calling_alerts
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.kit.formats import percent

if TYPE_CHECKING:
    from qunying.check.alerts.models import Alert
    from qunying.ground.access.models import Staff

MOST = 4
_LEVELS = ("notice", "notice", "attention", "warning", "emergency")


@dataclass(frozen=True, slots=True)
class Off:
    """One thing off course: what, where, how bad (a level of the ladder), and the page that shows it."""

    title: str
    sentence: str
    place: str
    address: str
    level: str
    picture: str


def off_course(staff: Staff) -> tuple[list[Off], int]:
    """The most pressing alerts and suggestions this person may see, and how many more there are."""
    alerts = list(calling_alerts(communities_for(staff, Permission.SEE_PLAN).values_list("pk", flat=True)))
    rows = in_order(suggestions_for(staff).filter(state=Suggestion.State.OPEN))
    # A goal that calls by an alert is not told a second time.
    told = {alert.goal_id for alert in alerts}
    rows = [row for row in rows if row.params.get("goal_id") not in told]
    found = [_alert(alert) for alert in alerts[:MOST]]
    shown = rows[: MOST * 2 - len(found)]
    return found + [_suggestion(row) for row in shown], len(alerts) + len(rows) - len(found) - len(shown)


def _alert(alert: Alert) -> Off:
    return Off(
        _("Behind: %(goal)s") % {"goal": alert.goal.name},
        _("%(share)s behind its path.") % {"share": percent(alert.value / 100)},
        alert.goal.community.name,
        reverse("goal", args=[alert.goal.community.slug, alert.goal_id]),
        f"level-{_LEVELS[alert.level]}",
        "bell",
    )


def _suggestion(row: Suggestion) -> Off:
    return Off(
        title_of(row),
        sentence_of(row),
        row.community.name,
        reverse("suggestion_origin", args=[row.pk]),
        "level-notice",
        "bulb",
    )
