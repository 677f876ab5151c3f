"""Registers the app with Django."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Communities, groups, memberships."""

    name = "qunying.ground.groups"
    label = "groups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what a member is in a community go with them when two turn out to be one."""
        from django.db.models import Q  # noqa: PLC0415 - models are loaded by now

        from qunying.ground.groups.models import Recognition, Stewardship  # noqa: PLC0415 - as above
        from qunying.ground.members.belongings import Belonging, register_belonging  # noqa: PLC0415 - as above

        open_now = Q(ended_at__isnull=True)
        register_belonging(Belonging(Recognition, once=("community_id", "kind"), among=open_now))
        register_belonging(Belonging(Stewardship, once=("community_id",), among=open_now))
