"""`events replay` and `events parked`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from qunying.doors.cli.output import Json, emit
from qunying.ground.events.followers import follower_named, followers, parked_events


def register(app: typer.Typer) -> None:
    """Add the group `events`."""
    group = typer.Typer(help="The event log and its followers.", no_args_is_help=True)
    group.command()(replay)
    group.command()(parked)
    group.command("followers")(list_followers)
    app.add_typer(group, name="events")


def replay(
    follower: Annotated[str, typer.Argument(help="Name of the follower.")],
    *,
    from_id: Annotated[int, typer.Option("--from", help="Id of the first fact to read again.")] = 0,
    as_json: Json = False,
) -> None:
    """Have a follower read the log again from a fact on."""
    subject = follower_named(follower)
    subject.replay(from_id=from_id)
    waiting = subject.lag().waiting
    emit(
        {"follower": follower, "from": from_id, "waiting": waiting},
        as_json=as_json,
        lines=[_("%(name)s will read %(count)s facts again.") % {"name": follower, "count": waiting}],
    )


def parked(*, as_json: Json = False) -> None:
    """Facts that followers could not digest, with the error."""
    rows = [
        {
            "follower": row.follower,
            "event": row.event_id,
            "kind": row.event.kind,
            "error": row.error,
            "attempts": row.attempts,
        }
        for row in parked_events()
    ]
    lines = [
        f"{row['follower']}  {row['event']}  {row['kind']}  {str(row['error']).strip().splitlines()[-1]}"
        for row in rows
    ]
    emit({"parked": rows}, as_json=as_json, lines=lines or [_("Nothing is parked.")])


def list_followers(*, as_json: Json = False) -> None:
    """Every follower and how far it is behind."""
    rows = [{"follower": one.name, "waiting": one.lag().waiting} for one in followers()]
    lines = [
        _("%(name)s: %(count)s facts to read") % {"name": row["follower"], "count": row["waiting"]} for row in rows
    ]
    emit({"followers": rows}, as_json=as_json, lines=lines)
