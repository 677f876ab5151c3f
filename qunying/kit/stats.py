"""Small statistics every rate needs."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054


def wilson(part: int, whole: float, *, z: float = Z95) -> tuple[float, float] | None:
    """Wilson score interval of part/whole at 95 %; None where whole is 0.

    Source: E. B. Wilson 1927; worked cases in Newcombe 1998 (81/263 gives 0.2553 to 0.3662).
    """
    if whole == 0:
        return None
    share = part / whole
    spread = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    centre = share + z * z / (2 * whole)
    scale = 1 + z * z / whole
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
