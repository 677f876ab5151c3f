"""`community create` and `community list`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from qunying.doors.cli.output import Json, emit
from qunying.ground.audit.actors import System
from qunying.ground.groups.models import Community
from qunying.ground.groups.queries import with_counts
from qunying.ground.groups.services import create_community
from qunying.ground.units.models import Unit
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.numerals import to_id

_CLI = System("cli")


def register(app: typer.Typer) -> None:
    """Add the group `community`."""
    group = typer.Typer(help="Communities.", no_args_is_help=True)
    group.command("create")(create)
    group.command("list")(list_all)
    app.add_typer(group, name="community")


def create(  # noqa: PLR0913 - one argument for each option
    slug: Annotated[str, typer.Argument(help="Short name: small letters, digits and hyphens.")],
    *,
    name: Annotated[str, typer.Option(help="The name people know it by.")],
    timezone: Annotated[
        str, typer.Option(help="Zone whose days are counted, such as Asia/Shanghai.")
    ] = "Asia/Shanghai",
    unit: Annotated[str, typer.Option(help="Name or id of its unit; without it, the first one.")] = "",
    currency: Annotated[str, typer.Option(help="Three letters, such as CNY.")] = "CNY",
    as_json: Json = False,
) -> None:
    """Make a community."""
    community = create_community(
        slug, name=name, unit=unit_named(unit), timezone=timezone, currency=currency.upper(), by=_CLI
    )
    emit(
        _plain(community),
        as_json=as_json,
        lines=[_("“%(name)s” is made. Its short name is %(slug)s.") % {"name": community.name, "slug": slug}],
    )


def list_all(*, as_json: Json = False) -> None:
    """Every community with its groups and the members present."""
    found = with_counts(Community.objects.select_related("unit")).order_by("slug")
    rows = [
        {**_plain(row), "groups": row.group_count, "present": row.present}  # type: ignore[attr-defined]
        for row in found
    ]
    lines = [_("%(slug)s  %(name)s  %(unit)s  %(present)s members now") % row for row in rows]
    empty = _("There is no community yet. Make one with “qunying community create”.")
    emit({"communities": rows}, as_json=as_json, lines=lines or [empty])


def _plain(community: Community) -> dict[str, str]:
    return {
        "slug": community.slug,
        "name": community.name,
        "unit": community.unit.name,
        "timezone": community.timezone,
        "currency": community.currency,
    }


def unit_named(name: str) -> Unit:
    """The unit of this name or id, the first one for ''; raises QunyingError where there is none, or several."""
    if not name:
        return _first_unit()
    found = list(Unit.objects.filter(name=name)[:2])
    if not found:
        found = list(Unit.objects.filter(pk=to_id(name) or 0))
    if not found:
        known = ", ".join(Unit.objects.values_list("name", flat=True)) or "—"
        raise NotFoundError(
            _("There is no unit “%(name)s”. Those there are: %(known)s.") % {"name": name, "known": known}
        )
    if len(found) > 1:
        raise QunyingError(_("Several units are called “%(name)s”. Give the id instead.") % {"name": name})
    return found[0]


def _first_unit() -> Unit:
    unit = Unit.objects.filter(parent=None).order_by("pk").first()
    if unit is None:
        raise NotFoundError(_("There is no unit yet. Run “qunying init” first."))
    return unit
