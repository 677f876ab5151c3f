"""Each fleet-wide metric against hand-written DuckDB SQL on the same files, and pandas where it is feasible.

    python -m bench.metrics [--events 10000000] [--members 100000] [--home DIR] [--only NAME]

The catalogue's figure is counted anew each time (no settled figure), live, with everything around it:
snapshot, tail, dimensions. The hand-written SQL reads the same Parquet files in a DuckDB of its own and
leaves out staff and bots as the figure does. They run five times in turn, the best counts; the answers must be
equal. The bar is a ratio of 1.2. Beside the clock stands the time the processor worked (all threads), which a busy
machine disturbs less.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import duckdb

from bench import lake

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.figures.results import Scope
    from qunying.kit.periods import Period

_TIMES = 5
_BAR = 1.2
_ACTS = "facts f JOIN people p ON p.pseudonym = f.actor"
_OWN = "f.kind NOT IN ('joined', 'left', 'renamed')"
_WITHIN = "f.day BETWEEN $start AND $end"
_SPANS = f"""
SELECT day, least(coalesce(lead(day) OVER (PARTITION BY member ORDER BY day) - day, {{days}}), {{days}}) AS span
FROM (SELECT DISTINCT member, day FROM {_ACTS} WHERE {_OWN} AND f.day BETWEEN $start - {{days}} + 1 AND $end)
"""
_ROLLING = f"""
WITH spans AS ({_SPANS}), changes AS (
  SELECT day, count(*) AS n FROM spans GROUP BY day
  UNION ALL SELECT day + span::INTEGER, -count(*) FROM spans GROUP BY 1)
SELECT sum(n) FROM changes WHERE day <= $end
"""
_ORDER = "CASE WHEN object_id = '' THEN '#' || id ELSE object_id END"
_NET = "sum(CASE WHEN kind = 'refunded' THEN -abs(amount) ELSE amount END)"
_STAYS = """
SELECT member, joined_at, joined_day, left_day FROM (
  SELECT member, min(joined_at) AS joined_at, min(joined_day) AS joined_day,
         CASE WHEN bool_and(left_at IS NOT NULL) THEN max(left_day) END AS left_day
  FROM (SELECT *, sum(opens) OVER (PARTITION BY member ORDER BY joined_at, until) AS stay FROM (
    SELECT *, CASE WHEN joined_at <= max(until) OVER (PARTITION BY member ORDER BY joined_at, until
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS opens
    FROM (SELECT *, coalesce(left_at, 4611686018427387904) AS until FROM stays)))
  GROUP BY member, stay)
"""
_FUNNEL = f"""
WITH moments AS (
  SELECT member, epoch_us(occurred_at) AS t, bool_or(kind = 'read' AND {_WITHIN}) AS a,
         bool_or(kind IN ('liked', 'commented', 'checked_in')) AS b, bool_or(kind IN ('signed_up', 'shared')) AS c,
         bool_or(kind IN ('ordered', 'attended')) AS d
  FROM {_ACTS}
  WHERE kind IN ('read', 'liked', 'commented', 'checked_in', 'signed_up', 'shared', 'ordered', 'attended')
    AND day BETWEEN $start AND $end + 15
  GROUP BY member, t),
one AS (SELECT *, CASE WHEN a THEN t END AS h1, max(CASE WHEN a THEN t END) OVER w AS s1, s1 AS last1 FROM moments
        WINDOW w AS (PARTITION BY member ORDER BY t)),
hit2 AS (SELECT *, CASE WHEN b AND t <= s1 + $window THEN s1 END AS h2 FROM one),
two AS (SELECT *, max(h2) OVER w AS s2, max(CASE WHEN h2 IS NOT NULL THEN t END) OVER w AS last2 FROM hit2
        WINDOW w AS (PARTITION BY member ORDER BY t)),
hit3 AS (SELECT *, CASE WHEN c AND t <= s2 + $window THEN s2 END AS h3 FROM two),
three AS (SELECT *, max(h3) OVER w AS s3, max(CASE WHEN h3 IS NOT NULL THEN t END) OVER w AS last3 FROM hit3
          WINDOW w AS (PARTITION BY member ORDER BY t)),
four AS (SELECT *, CASE WHEN d AND t <= s3 + $window THEN s3 END AS s4 FROM three),
reached AS (SELECT member, count(h1) AS n1, count(h2) AS n2, count(h3) AS n3, count(s4) AS n4,
  arg_min(t - last1, t) FILTER (h2 IS NOT NULL) AS w2, arg_min(t - last2, t) FILTER (h3 IS NOT NULL) AS w3,
  arg_min(t - last3, t) FILTER (s4 IS NOT NULL) AS w4 FROM four GROUP BY member)
SELECT count(*) FILTER (n4 > 0) / count(*) FILTER (n1 > 0), count(*) FILTER (n2 > 0), count(*) FILTER (n3 > 0),
       median(w2), median(w3), median(w4) FROM reached
"""
HAND: dict[str, str] = {
    "members_present": f"""
        WITH s AS MATERIALIZED ({_STAYS}), moves AS (
          SELECT greatest(joined_day, $start - 1) AS day, count(*) AS n FROM s WHERE joined_day <= $end GROUP BY 1
          UNION ALL SELECT greatest(left_day, $start - 1), -count(*) FROM s WHERE left_day <= $end GROUP BY 1),
        days AS (SELECT day, sum(sum(n)) OVER (ORDER BY day) AS here FROM moves GROUP BY day)
        SELECT arg_max(here, day), count(*) FROM days""",
    "joins": f"""
        SELECT sum(n) FROM (
          SELECT joined_day, count(*) AS n FROM ({_STAYS}) WHERE joined_day BETWEEN $start AND $end GROUP BY 1)""",
    "churn_rate": f"""
        WITH s AS ({_STAYS}),
        here AS (SELECT member FROM s WHERE joined_day < $start AND (left_day IS NULL OR left_day >= $start)),
        still AS (SELECT member FROM s WHERE joined_day <= $end AND (left_day IS NULL OR left_day > $end))
        SELECT (SELECT count(*) FROM here ANTI JOIN still USING (member)) / (SELECT count(*) FROM here)""",
    "active_members": f"""
        WITH seen AS (SELECT DISTINCT member, day FROM {_ACTS} WHERE {_OWN} AND {_WITHIN}),
        days AS (SELECT day, count(*) FROM seen GROUP BY day)
        SELECT (SELECT count(DISTINCT member) FROM seen), (SELECT count(*) FROM days)""",
    "messages": f"SELECT sum(n) FROM (SELECT day, count(*) AS n FROM {_ACTS} WHERE kind = 'spoke' AND {_WITHIN} GROUP BY day)",
    "activity_hours": f"""
        SELECT sum(n) FROM (SELECT isodow(day), hour, count(*) AS n FROM {_ACTS} WHERE {_OWN} AND {_WITHIN} GROUP BY 1, 2)""",
    "daily_speakers": f"""
        SELECT sum(n) / ($end - $start + 1) FROM (
          SELECT day, count(DISTINCT member) AS n FROM {_ACTS} WHERE kind = 'spoke' AND {_WITHIN} GROUP BY day)""",
    "wau": _ROLLING.format(days=7),
    "mau": _ROLLING.format(days=30),
    "stickiness": f"""
        WITH seen AS MATERIALIZED (SELECT DISTINCT member, day FROM {_ACTS} WHERE {_OWN} AND day BETWEEN $start - 29 AND $end),
        spans AS (SELECT day, least(coalesce(lead(day) OVER (PARTITION BY member ORDER BY day) - day, 30), 30) AS span FROM seen),
        changes AS (SELECT day, count(*) AS n FROM spans GROUP BY day
                    UNION ALL SELECT day + span::INTEGER, -count(*) FROM spans GROUP BY 1)
        SELECT (SELECT count(*) FROM seen WHERE day >= $start) / ($end - $start + 1)
             / (SELECT sum(n) FROM changes WHERE day <= $end)""",
    "retention": f"""
        WITH began AS (SELECT member, min(joined_day) AS day0 FROM stays GROUP BY member
                       HAVING min(joined_day) BETWEEN $start AND $end),
        seen AS (SELECT DISTINCT member, f.day FROM {_ACTS} WHERE {_OWN} AND f.day BETWEEN $start AND $end + 7),
        curve AS (SELECT day - day0 AS n, count(*) AS members FROM began JOIN seen USING (member)
                  WHERE day - day0 BETWEEN 0 AND 7 AND day <= $last GROUP BY n),
        sizes AS (SELECT n, count(*) AS size FROM began, range(8) r(n) WHERE day0 + n::INTEGER <= $last GROUP BY n)
        SELECT max(members / size) FILTER (n = 7), count(*) FROM sizes LEFT JOIN curve USING (n)""",
    "cohorts": f"""
        WITH began AS (SELECT member, date_trunc('week', min(joined_day))::DATE AS week0 FROM stays GROUP BY member),
        chosen AS (SELECT * FROM began WHERE week0 BETWEEN date_trunc('week', $start) AND $end),
        seen AS (SELECT DISTINCT member, date_trunc('week', day)::DATE AS week FROM (
          SELECT DISTINCT member, day FROM {_ACTS} WHERE {_OWN} AND day BETWEEN $start - 6 AND $last)),
        cells AS (SELECT week0, (week - week0) // 7 AS age, count(*) AS n FROM chosen JOIN seen USING (member)
                  WHERE week >= week0 GROUP BY 1, 2),
        sizes AS (SELECT week0, count(*) AS n FROM chosen GROUP BY week0)
        SELECT sum(cells.n) FILTER (age = 1) / (SELECT sum(n) FROM sizes WHERE week0 + 13 <= $last)
        FROM cells WHERE week0 + 13 <= $last""",
    "lifecycle": f"""
        WITH first AS (SELECT member, min(day) AS day0 FROM {_ACTS} WHERE {_OWN} AND day <= $end + 6 GROUP BY member),
        seen AS (SELECT DISTINCT member, date_trunc('week', day)::DATE AS week FROM (
          SELECT DISTINCT member, day FROM {_ACTS} WHERE {_OWN} AND day BETWEEN date_trunc('week', $start) - INTERVAL 7 DAY AND $end + 6)),
        near AS (SELECT member, week, lag(week) OVER w AS before, lead(week) OVER w AS after FROM seen WHERE week <= $end
                 WINDOW w AS (PARTITION BY member ORDER BY week)),
        here AS (SELECT week, CASE WHEN date_trunc('week', day0)::DATE = week THEN 'new' WHEN week - before = 7 THEN 'returning'
                 ELSE 'resurrecting' END AS state FROM near JOIN first USING (member)
                 WHERE week >= date_trunc('week', $start)),
        gone AS (SELECT (week + 7)::DATE AS week, 'dormant' AS state FROM near WHERE after IS NULL OR after - week > 7),
        cells AS (SELECT week, state, count(*) AS n FROM (FROM here UNION ALL FROM gone) WHERE week <= $end GROUP BY ALL),
        over AS (SELECT max(week) AS week FROM cells WHERE week + 6 <= $last)
        SELECT sum(CASE state WHEN 'dormant' THEN -n WHEN 'returning' THEN 0 ELSE n END) FROM cells JOIN over USING (week)""",
    "funnel": _FUNNEL,
    "revenue": f"""
        SELECT sum(n) FROM (SELECT day, {_NET} AS n FROM {_ACTS}
          WHERE kind IN ('ordered', 'refunded') AND {_WITHIN} GROUP BY day)""",
    "orders": f"""
        SELECT sum(n) FROM (SELECT day, count(*) AS n FROM (
          SELECT min(day) AS day FROM {_ACTS} WHERE kind = 'ordered' AND {_WITHIN} GROUP BY community, {_ORDER}) GROUP BY day)""",
    "buyers": f"""
        WITH seen AS (SELECT DISTINCT member, day FROM {_ACTS} WHERE kind = 'ordered' AND {_WITHIN}),
        days AS (SELECT day, count(*) FROM seen GROUP BY day)
        SELECT (SELECT count(DISTINCT member) FROM seen), (SELECT count(*) FROM days)""",
    "repurchase_rate": f"""
        WITH bought AS (SELECT community, {_ORDER} AS o, min(member) AS member, min(day) AS day,
                               min(epoch_us(occurred_at)) AS t, sum(amount) AS paid
                        FROM {_ACTS} WHERE kind = 'ordered' AND day <= $end + 31 GROUP BY 1, 2),
        back AS (SELECT community, object_id AS o, sum(abs(amount)) AS money FROM {_ACTS}
                 WHERE kind = 'refunded' AND object_id <> '' AND day <= $end + 31 GROUP BY 1, 2),
        kept AS (SELECT member, o, day, t FROM bought LEFT JOIN back USING (community, o)
                 WHERE money IS NULL OR money < paid),
        ranked AS (SELECT *, row_number() OVER w AS place, lead(t) OVER w AS second FROM kept
                   WINDOW w AS (PARTITION BY member ORDER BY t, o))
        SELECT count(*) FILTER (second - t <= $month) / count(*) FROM ranked
        WHERE place = 1 AND day BETWEEN $start AND $end AND t + $month <= $as_of""",
}
PARAMS: dict[str, dict[str, Any]] = {"retention": {"day": 7}}


def main() -> None:
    """Print one line a metric: seconds both ways, the ratio, and whether the answers agree."""
    options = _options()
    lake.start(options.home)
    lake.make(options.events, options.members)
    scope, period, hand = _stage()
    print(f"{options.events:,} facts, {options.members:,} members, {period.start} to {period.end}")
    print(f"{'metric':18} {'figure s':>9} {'hand s':>9} {'ratio':>6} {'figure CPU':>11} {'hand CPU':>9} {'ratio':>6}")
    worst = 0.0
    for name, sql in HAND.items():
        if options.only in {"", name}:
            worst = max(worst, _compare(name, sql, scope, period, hand))
    print(f"worst ratio {worst:.2f}, bar {_BAR}")
    _pandas(scope, period, hand)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "qunying-bench")
    parser.add_argument("--only", default="")
    return parser.parse_args()


def _stage() -> tuple[Scope, Period, duckdb.DuckDBPyConnection]:
    from qunying.ground.figures.dimensions import load_dimensions  # noqa: PLC0415 - Django starts first
    from qunying.ground.figures.results import Scope  # noqa: PLC0415
    from qunying.ground.groups.models import Community  # noqa: PLC0415
    from qunying.ground.warehouse.queries import open_snapshot  # noqa: PLC0415
    from qunying.kit.periods import Period  # noqa: PLC0415

    hand = duckdb.connect()
    load_dimensions(hand, "given")
    hand.execute("CREATE VIEW people AS FROM given.identities")
    hand.execute("CREATE VIEW stays AS FROM given.memberships")
    files = [file.path for file in open_snapshot().lake.files]
    hand.execute(f"CREATE VIEW facts AS FROM read_parquet({files!r}, hive_partitioning = false)")
    first, last = hand.execute("SELECT min(day), max(day) FROM facts").fetchall()[0]
    # From the second month on: churn needs people who were here before.
    period = Period(first + timedelta(days=31), last)
    return Scope(tuple(Community.objects.values_list("pk", flat=True))), period, hand


def _compare(name: str, sql: str, scope: Scope, period: Period, hand: duckdb.DuckDBPyConnection) -> float:
    from qunying.ground.figures.services import recount  # noqa: PLC0415 - Django starts first

    given, values = PARAMS.get(name, {}), _values(period)
    used = {key: value for key, value in values.items() if f"${key}" in sql}
    (ours, our_cpu), (theirs, their_cpu), figure, rows = _race(
        lambda: recount(name, scope=scope, period=period, **given), lambda: hand.execute(sql, used).fetchall()
    )
    equal = abs(float(rows[0][0]) - float(figure.value)) <= 1e-9 * max(1.0, abs(float(figure.value)))
    print(
        f"{name:18} {ours:9.3f} {theirs:9.3f} {ours / theirs:6.2f} "
        f"{our_cpu:11.3f} {their_cpu:9.3f} {our_cpu / their_cpu:6.2f}"
        f"{'' if equal else f'  DIFFERS {figure.value} {rows[0][0]}'}"
    )
    return ours / theirs


def _values(period: Period) -> dict[str, Any]:
    last = min(period.end, datetime.now(UTC).date() - timedelta(days=1))
    midnight = datetime.combine(last + timedelta(days=1), clock(), ZoneInfo("Asia/Shanghai"))
    return {
        "start": period.start,
        "end": period.end,
        "last": last,
        "window": 336 * 3_600_000_000,
        "month": 30 * 86_400_000_000,
        "as_of": int(midnight.timestamp()) * 1_000_000,
    }


def _race(one: Callable[[], Any], two: Callable[[], Any]) -> tuple[tuple[float, float], tuple[float, float], Any, Any]:
    """The best (seconds, CPU seconds) of both, in turn so that a busy moment strikes both; and their results."""
    times: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    results: list[Any] = [None, None]
    for _time in range(_TIMES):
        for place, run in enumerate((one, two)):
            begin, worked = time.perf_counter(), time.process_time()
            results[place] = run()
            times[place].append((time.perf_counter() - begin, time.process_time() - worked))
    best, other = ((min(clock for clock, _cpu in side), min(cpu for _clock, cpu in side)) for side in times)
    return best, other, *results


def _pandas(scope: Scope, period: Period, hand: duckdb.DuckDBPyConnection) -> None:
    """Two metrics with pandas over the columns they need, already in memory."""
    from qunying.ground.figures.services import recount  # noqa: PLC0415 - Django starts first

    frame = hand.execute(
        f"SELECT member, day, kind FROM {_ACTS} WHERE {_WITHIN}", {"start": period.start, "end": period.end}
    ).df()
    kinds = frame["kind"].astype("category")
    for name, run in {
        "messages": lambda: frame[kinds == "spoke"].groupby("day").size().sum(),
        "active_members": lambda: (
            frame.drop_duplicates(["member", "day"]).groupby("day").size(),
            frame["member"].nunique(),
        )[1],
    }.items():
        (ours, _cpu), (theirs, _their_cpu), figure, value = _race(
            partial(recount, name, scope=scope, period=period), run
        )
        print(
            f"{name:18} {ours:9.3f} {theirs:9.3f} {ours / theirs:6.2f}  (pandas; {'equal' if value == figure.value else 'DIFFERS'})"
        )


if __name__ == "__main__":
    main()
