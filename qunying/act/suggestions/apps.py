"""Registers the app with Django, its detectors, its job and its chore."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_EVERY = 600


class SuggestionsConfig(AppConfig):
    """Suggestions."""

    name = "qunying.act.suggestions"
    label = "suggestions"

    def ready(self) -> None:
        """Make the detectors known, and have every community looked at once a night."""
        import qunying.act.suggestions.detectors  # noqa: F401, PLC0415 - importing registers them; models are loaded by now
        from qunying.act.suggestions import telling  # noqa: PLC0415 - as above
        from qunying.act.suggestions.nights import KIND, start_where_due, step  # noqa: PLC0415 - as above
        from qunying.check.reports.port import Part, register_teller  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - as above
        from qunying.plan.schedule.todo import register_origin  # noqa: PLC0415 - as above

        register_kind(KIND, step, label=_("Look for what deserves a suggestion"))
        register_chore(start_where_due, every=_EVERY)
        register_origin("suggestions", page="suggestion_origin")
        register_teller(Part.SUGGESTIONS, "suggestions", telling.suggestions_told, label=_("Suggestions"))
        register_teller(Part.DECISIONS, "suggestions", telling.decisions_told, label=_("Suggestions"))
