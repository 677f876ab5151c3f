"""`member export` and `member erase`: what a person may ask about their own data, from the machine itself."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - Typer reads the type
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils.translation import gettext as _

from qunying.doors.cli.output import Json, emit, err
from qunying.ground.audit.actors import System
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import get_community
from qunying.ground.jobs.services import run_to_end
from qunying.ground.members.models import Identity, Member
from qunying.ground.privacy.models import Tombstone
from qunying.ground.privacy.queries import account_digest
from qunying.ground.subjects.needles import needles_of
from qunying.ground.subjects.services_erasure import erase_member, preview_erasure
from qunying.ground.subjects.telling import FORMS, export_member
from qunying.ground.subjects.traces import search_traces
from qunying.kit.errors import NotFoundError, QunyingError

if TYPE_CHECKING:
    from qunying.ground.jobs.models import Job
    from qunying.ground.subjects.services_erasure import Preview

_CLI = System("cli")
_SHOWN = 20

Slug = Annotated[str, typer.Option("--community", help="Short name of a community the person is or was in.")]
Platform = Annotated[str, typer.Option(help="Platform of the account, such as wechat or qq.")]
Account = Annotated[str, typer.Option("--external-id", help="The account, as the platform names it.")]


def register(app: typer.Typer) -> None:
    """Add the group `member`."""
    group = typer.Typer(help="What a person may ask about their own data.", no_args_is_help=True)
    group.command()(export)
    group.command()(erase)
    app.add_typer(group, name="member")


def export(
    *,
    community: Slug,
    platform: Platform,
    external_id: Account,
    out: Annotated[
        Path | None, typer.Option(help="File to write; its ending, .json or .html, says which kind.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Everything held of one person, with private fields in plain: JSON on stdout, or a file of either kind."""
    member = _member(community, platform, external_id)
    if out is None:
        sys.stdout.write(export_member(member, form="json", by=_CLI).decode() + "\n")
        return
    form = out.suffix.lstrip(".").lower()
    if form not in FORMS:
        raise QunyingError(_("The file must end in .json or .html."))
    if out.exists():
        raise QunyingError(_("%(path)s is there already. Give another name, or move it away.") % {"path": out})
    raw = export_member(member, form=form, by=_CLI)
    with out.open("xb") as file:
        out.chmod(0o600)
        file.write(raw)
    payload = {"member": member.pk, "file": str(out), "bytes": len(raw)}
    emit(payload, as_json=as_json, lines=[_("Written to %(path)s; only you can read it.") % {"path": out}])


def erase(
    *,
    community: Slug,
    platform: Platform,
    external_id: Account,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Erase one person for good, and prove that nothing of them is found any more; 0 only where that is so."""
    if _is_erased(platform, external_id):
        _search_again(external_id, as_json=as_json)
        return
    member = _member(community, platform, external_id)
    if not yes:
        _ask(member, preview_erasure(member))
    job = run_to_end(erase_member(member, by=_CLI, queue=False), on_progress=_tell)
    emit(job.result, as_json=as_json, lines=_lines(job.result))
    if not job.result["clean"]:
        raise typer.Exit(1)


def _tell(job: Job) -> None:
    step = job.checkpoint.get("step", "")
    if job.done and sys.stderr.isatty():
        err.print(f"{job.done}/{job.total} {step}", markup=False)


def _ask(member: Member, seen: Preview) -> None:
    counts = {"name": member, "accounts": seen.accounts, "messages": seen.messages, "rows": seen.rows}
    err.print(
        _(
            "%(name)s: %(accounts)s accounts, %(messages)s messages and %(rows)s other entries will go for good, "
            "and every uploaded file that told of them."
        )
        % counts,
        markup=False,
    )
    for line in seen.kept:
        err.print(_("Stays: %(what)s") % {"what": line}, markup=False)
    if not sys.stdin.isatty():
        raise QunyingError(_("Nothing was erased: say --yes where nobody can be asked."))
    typed = typer.prompt(_("Type the account to erase this person"), err=True)
    if typed.strip() not in set(member.identities.values_list("external_id", flat=True)):
        raise QunyingError(_("That is not the account. Nothing was erased."))


def _lines(result: dict[str, Any]) -> list[str]:
    gone = ", ".join(f"{name} {count}" for name, count in result["erased"].items()) or "—"
    lines = [
        _("Gone: %(what)s") % {"what": gone},
        _("Kept because the law or past figures need it: %(what)s") % {"what": ", ".join(result["kept"])},
    ]
    if not result["compacted"]:
        lines.append(
            _("Deleted bytes are still in the database's file: others were reading it. Run the command again.")
        )
    if result["clean"]:
        return [*lines, _("Searched for %(count)s texts: nothing is found.") % {"count": result["needles"]}]
    return [*lines, _("Something is still found; remove it, then run the command again:"), *result["traces"][:_SHOWN]]


def _is_erased(platform: str, external_id: str) -> bool:
    there = Identity.objects.filter(platform=platform, external_id=external_id).exists()
    return not there and Tombstone.objects.filter(digest=account_digest(platform, external_id)).exists()


def _search_again(external_id: str, *, as_json: bool) -> None:
    """Somebody who is erased already: what can still be searched for is the account."""
    from qunying.ground.subjects.compacting import compact_database  # noqa: PLC0415 - only this path needs it

    compacted = compact_database()
    traces = search_traces(needles_of([external_id]), deleted=compacted)
    payload = {
        "erased_before": True,
        "compacted": compacted,
        "clean": not traces,
        "traces": [str(trace) for trace in traces],
    }
    lines = [_("This account was erased before."), *payload["traces"][:_SHOWN]]  # type: ignore[index]
    emit(payload, as_json=as_json, lines=lines)
    if traces:
        raise typer.Exit(1)


def _member(slug: str, platform: str, external_id: str) -> Member:
    community = get_community(slug)
    here = Membership.objects.filter(community=community).values("identity__member")
    account = Identity.objects.filter(platform=platform, external_id=external_id, member__in=here).first()
    if account is None:
        raise NotFoundError(
            _("“%(community)s” has no member with the account %(account)s on %(platform)s.")
            % {"community": slug, "account": external_id, "platform": platform}
        )
    return account.member
