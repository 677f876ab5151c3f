"""Registers the app with Django, what it follows, its chores, its section of playbooks and what it holds of people."""

from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """Journeys."""

    name = "qunying.do.journeys"
    label = "journeys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow the log, take travellers through their steps, answer to reach, bring its section to life."""
        from qunying.do.journeys import (  # noqa: PLC0415 - importing kinds declares them; models are loaded by now
            approving,
            checking,
            endings,
            holdings,
            kinds,  # noqa: F401 - as above
            playbook,
            retention,
            todo,
        )
        from qunying.do.journeys.followers import Starter  # noqa: PLC0415 - models are loaded by now
        from qunying.do.journeys.passing import take_due  # noqa: PLC0415 - as above
        from qunying.do.journeys.port import register_checks  # noqa: PLC0415 - as above
        from qunying.do.journeys.settling import settle  # noqa: PLC0415 - as above
        from qunying.do.journeys.watching import look_at_the_day, look_into_segments, watch  # noqa: PLC0415 - as above
        from qunying.ground.backups.port import after_restore  # noqa: PLC0415 - as above
        from qunying.ground.events.followers import register  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above

        approving.register()
        after_restore("journeys", endings.after_restore)
        holdings.register()
        retention.register()
        playbook.register()
        register_checks("definition", checking.problems_of)
        todo.register()
        register(Starter())
        register_chore(take_due, every=0.5)
        register_chore(settle, every=2)
        register_chore(watch, every=60)
        register_chore(look_at_the_day, every=120)
        register_chore(look_into_segments, every=600)
