"""The port of checks: functions that read a version and say what is wrong, where and why.

An app registers in `AppConfig.ready()`:

    register_check("sameness", label=_("Said before"), find=find_twins)

`find(version)` gives `Found`s in the reader's language. `stop` keeps the version from being handed in and from
passing a review; `warn` is shown to writers and reviewers and left to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from qunying.plan.content.models import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.functional import _StrPromise

    from qunying.plan.content.models import Version

STOP, WARN = "stop", "warn"
_EXCERPT = 200
_REASON = 500
_LABEL = 120
_MOST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a check has found: `start` and `end` count characters of the version's words, None for no one place."""

    check: str
    label: str
    start: int | None
    end: int | None
    excerpt: str
    reason: str
    severity: str = WARN


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its name, and what it is called."""

    name: str
    label: str | _StrPromise
    find: Callable[[Version], Iterable[Found]]


_checks: dict[str, Check] = {}


def register_check(name: str, *, label: str | _StrPromise, find: Callable[[Version], Iterable[Found]]) -> None:
    """Have every version that is handed in checked by this, too; the same name again replaces it."""
    _checks[name] = Check(name, label, find)


def checks() -> list[Check]:
    """Every check, in the order of their registration."""
    return list(_checks.values())


@transaction.atomic
def look_over(version: Version) -> list[Finding]:
    """Check a version and keep what was found with it, in the place of what an earlier look had found.

    A check that fails stops the look: a version that nobody could check must not pass for clean.
    """
    version.findings.all().delete()
    found = [one for check in checks() for one in check.find(version)][:_MOST]
    kept = Finding.objects.bulk_create(_kept(version, one) for one in found)
    version.checked_at = timezone.now()
    version.save(update_fields=["checked_at"])
    return kept


def _kept(version: Version, found: Found) -> Finding:
    return Finding(
        version=version,
        check_name=found.check,
        label=found.label[:_LABEL],
        start=found.start,
        end=found.end,
        excerpt=found.excerpt[:_EXCERPT],
        reason=found.reason[:_REASON],
        severity=found.severity,
    )


def stops_in(version: Version) -> list[Finding]:
    """What was found that keeps the version from going on."""
    return list(version.findings.filter(severity=STOP))
