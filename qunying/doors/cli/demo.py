"""`demo`: an example community to look at, in a console that opens by itself."""

from __future__ import annotations

import secrets
import sys
import webbrowser
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.conf import settings
from django.utils.translation import gettext as _
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from qunying.doors.cli.home import make_home
from qunying.doors.cli.output import Json, emit, err
from qunying.doors.cli.serve import refuse_taken_port, serve
from qunying.doors.demo.chain_making import DIRECTOR as USERNAME  # the one whose work the shop is
from qunying.doors.demo.chain_making import (
    chain_is_made,
    chain_units,
    ensure_chain,
    hire,
    hire_colleagues,
    make_chain,
)
from qunying.doors.demo.desk import CREW, lay_desk
from qunying.doors.demo.episodes import plan_episodes
from qunying.doors.demo.example import DEMO, ensure_branch, ensure_community, is_made, make_example
from qunying.doors.demo.keeping import demo_folder, find_plan, keep_plan, wants_chain
from qunying.doors.demo.plan import SLUG
from qunying.doors.demo.shop_plan import plan_shop
from qunying.ground.access.models import Staff
from qunying.ground.access.services import change_password, create_staff, grant_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qunying.ground.jobs.models import Job

_SIGN_IN = (
    "",
    "  示例社群已就绪（全部为模拟数据）   {address}",
    "  The example is ready (everything in it is simulated)",
    "",
    "  用户名 user      {username}",
    "  密码 password    {password}",
    "",
)
"""Said in both languages whatever the terminal speaks: it is the first thing anyone sees."""

_OTHERS = "  同密码 same password   {names}"
"""The people of regions, stores and the club, each of whom sees their part alone."""


def register(app: typer.Typer) -> None:
    """Add `demo`."""
    app.command()(demo)


def demo(  # noqa: PLR0913 - what the command line offers
    *,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the console afterwards.")] = True,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in a browser.")] = True,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    days: Annotated[int | None, typer.Option(help="Days of history; 365 unless said otherwise.")] = None,
    members: Annotated[int | None, typer.Option(help="People who join; 1000 unless said otherwise.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed makes another history.")] = None,
    chain: Annotated[
        bool | None,
        typer.Option("--chain/--no-chain", help="Beside the shop, a chain of stores and a club; yes at first."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make the example, a flower shop with a year of simulated history, a chain and a club, and open the console."""
    if serve_it:
        refuse_taken_port(host, port)
    plan = find_plan(days=days, members=members, seed=seed)
    password = make_home(director=USERNAME).password
    with_chain = wants_chain(asked=chain)
    keep_plan(plan, chain=with_chain)
    if not is_made():
        with _progress() as tell:
            make_example(plan, demo_folder(), tell=tell)
        from qunying.ground.warehouse.services import catch_up

        catch_up()
    if with_chain:
        ensure_chain()
    password = password or hand_out_password()
    colleagues = hire(CREW, password) + (hire_colleagues(password) if with_chain else [])
    plan_shop(ensure_community(), plan)
    lay_desk(ensure_community(), plan)
    if with_chain and not chain_is_made():
        with _progress() as tell:
            make_chain(plan, demo_folder(), tell=tell)
    address = f"http://{host}:{port}"
    payload = {
        "community": SLUG,
        "address": address,
        "username": USERNAME,
        "password": password,
        "colleagues": colleagues,
        "from": plan.first,
        "to": plan.last,
        "episodes": [_plain(each) for each in plan_episodes(plan)],
    }
    end = "按 Ctrl-C 停止 · Ctrl-C stops it" if serve_it else "打开控制台 to open the console: qunying serve"
    others = [_OTHERS.format(names=" · ".join(colleagues)), ""] if colleagues else []
    emit(payload, as_json=as_json, lines=[*(line.format(**payload) for line in _SIGN_IN), *others, f"  {end}", ""])
    if serve_it:
        raise typer.Exit(serve(host=host, port=port, ready=lambda: _open(address) if browser else None))


def hand_out_password() -> str:
    """A new password for the example's director, who is made where there is none.

    Beside real communities the director of the example directs the example's branch alone.
    """
    password = secrets.token_urlsafe(9)
    staff = Staff.objects.filter(username=USERNAME).first()
    if staff is not None:
        change_password(staff, password=password, by=DEMO)
        return password
    staff = create_staff(USERNAME, name="示例总监", password=password, by=DEMO)
    for unit in (ensure_branch(), *chain_units()):
        grant_role(staff, role="director", unit=unit, by=DEMO)
    return password


def _plain(episode: Any) -> dict[str, Any]:
    return {name: getattr(episode, name) for name in ("what", "name", "first", "last", "group", "channel", "factor")}


def _open(address: str) -> None:
    """Show the console in a browser where there is one; where there is none, the address was printed."""
    try:
        webbrowser.open(address)
    except webbrowser.Error:
        err.print(address, markup=False)


@contextmanager
def _progress() -> Iterator[Callable[[str, Job | None], None]]:
    """A bar on stderr for each file; a line for each where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not sys.stderr.isatty()) as progress:
        tasks: dict[str, Any] = {}

        def tell(name: str, job: Job | None) -> None:
            words = name or _("Simulating a year in %(home)s") % {"home": settings.HOME}
            if words not in tasks:
                tasks[words] = progress.add_task(words, total=None)
                if progress.disable:
                    err.print(words, markup=False)
            if job is not None:
                progress.update(tasks[words], completed=job.done, total=job.total)

        yield tell
