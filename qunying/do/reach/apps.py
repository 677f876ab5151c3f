"""Registers the app with Django, its guards, its chores and what it holds of people."""

from __future__ import annotations

from django.apps import AppConfig


class ReachConfig(AppConfig):
    """Reach."""

    name = "qunying.do.reach"
    label = "reach"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have deliveries sent, tasks opened and lost ones found; answer for the content of sendings."""
        from qunying.do.reach import (  # noqa: F401, PLC0415 - importing kinds declares them; models are loaded by now
            asking,
            cards,
            kinds,
            quotas,
            reminders,
            sending,
            services_absences,
            services_nudging,
            services_outcomes,
            services_tasks,
            tasks,
            todo,
        )
        from qunying.do.reach.guards import register_guards  # noqa: PLC0415 - as above
        from qunying.do.reach.holdings import register  # noqa: PLC0415 - as above
        from qunying.do.reach.port import register_approver  # noqa: PLC0415 - as above
        from qunying.do.reach.targets import ORIGIN, TEST_ORIGIN, approved_here, approved_test  # noqa: PLC0415 - as above
        from qunying.ground.backups.port import after_restore, leave_out  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above

        register_guards()
        quotas.register()
        cards.register()
        register_approver(ORIGIN, approved_here)
        register_approver(TEST_ORIGIN, approved_test)
        register()
        todo.register()
        register_chore(tasks.hand_out_due, every=1)
        register_chore(services_tasks.open_due_tasks, every=2)
        register_chore(services_outcomes.close_finished, every=5)
        register_chore(sending.find_lost, every=10)
        register_chore(services_absences.stand_in, every=30)
        register_chore(tasks.hand_out_questions, every=asking.EVERY)
        register_chore(reminders.remind_of_tasks, every=60)
        register_chore(cards.lay_due_cards, every=60)
        register_chore(services_tasks.withdraw_barred, every=600)
        after_restore("deliveries", sending.after_restore)
        leave_out("reach_lane", "reach_bucket")
