"""How long the figures of a page take: a fleet-wide report page, and one community's page.

    python -m bench.pages [--events 10000000] [--members 100000] [--home DIR]

A page is the set of figures that overview and weekly report ask for. Each is asked for ten different
weeks: first with nothing settled, then again as most people meet it. Bars: 1 s fleet-wide and 200 ms for
one community, 95th percentile, settled. Only the figures are timed, not the drawing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import lake

if TYPE_CHECKING:
    from qunying.ground.figures.results import Scope
    from qunying.kit.periods import Period

_WEEKS = 10
_ROUNDS = 3
PAGE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("members_present", {}),
    ("joins", {}),
    ("leaves", {}),
    ("churn_rate", {}),
    ("active_rate", {"grade": "seen"}),
    ("active_rate", {"grade": "interactive"}),
    ("active_rate", {"grade": "speaking"}),
    ("messages", {}),
    ("interactions", {}),
    ("daily_speakers", {}),
    ("wau", {}),
    ("stickiness", {}),
    ("retention", {"day": 7}),
    ("activity_hours", {}),
    ("revenue", {}),
    ("orders", {}),
)


def main() -> None:
    """Print the 95th percentile of both pages, fresh and settled, beside the bars."""
    options = _options()
    lake.start(options.home)
    lake.make(options.events, options.members)
    from qunying.ground.figures.models import SettledFigure  # noqa: PLC0415 - Django starts first
    from qunying.ground.figures.results import Scope  # noqa: PLC0415
    from qunying.ground.groups.models import Community  # noqa: PLC0415

    every = tuple(Community.objects.values_list("pk", flat=True))
    weeks = _weeks(every)
    print(f"{len(PAGE)} figures a page, {_WEEKS} weeks")
    for name, scope, bar in (("fleet-wide", Scope(every), 1.0), ("one community", Scope(every[:1]), 0.2)):
        SettledFigure.objects.all().delete()
        _page(scope, weeks[0])  # the process warms up: dimensions read, statements compiled
        SettledFigure.objects.all().delete()
        fresh = [_page(scope, week) for week in weeks]
        settled = [_page(scope, week) for _round in range(_ROUNDS) for week in weeks]
        print(f"{name:14} fresh p95 {_p95(fresh):6.3f} s   settled p95 {_p95(settled):6.3f} s   bar {bar} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "qunying-bench")
    return parser.parse_args()


def _weeks(communities: tuple[int, ...]) -> list[Period]:
    from qunying.ground.figures.results import Scope  # noqa: PLC0415 - Django starts first
    from qunying.ground.figures.services import default_period  # noqa: PLC0415
    from qunying.kit.periods import week_of  # noqa: PLC0415

    last = default_period(Scope(communities)).end
    return [week_of(last - timedelta(weeks=10 + back)) for back in range(_WEEKS)]


def _page(scope: Scope, period: Period) -> float:
    from qunying.ground.figures.services import measure  # noqa: PLC0415 - Django starts first
    from qunying.ground.figures.sitting import one_snapshot  # noqa: PLC0415

    begin = time.perf_counter()
    with one_snapshot():
        for name, params in PAGE:
            measure(name, scope=scope, period=period, **params)
    return time.perf_counter() - begin


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]


if __name__ == "__main__":
    main()
