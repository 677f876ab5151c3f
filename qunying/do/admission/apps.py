"""Registers the app with Django."""

from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    """People who ask to be let into a group."""

    name = "qunying.do.admission"
    label = "admission"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Be told of people who ask; they stand on Today."""
        from qunying.do.admission import holdings, todo  # noqa: PLC0415 - models are ready only now
        from qunying.do.admission.services import note_applicant  # noqa: PLC0415 - as above
        from qunying.ground.groups.joining import register_join_taker  # noqa: PLC0415 - as above

        register_join_taker(note_applicant)
        holdings.register()
        todo.register()
