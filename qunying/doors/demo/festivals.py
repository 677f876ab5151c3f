"""The days a flower shop lives for, as facts: Western dates and those of the Chinese calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Festival:
    """One festival on its day, and how many times the usual orders the days before it bring."""

    name: str
    day: date
    lift: float


_FIXED = (
    ("元旦", 1, 1, 1.3),
    ("情人节", 2, 14, 2.0),
    ("女神节", 3, 8, 1.7),
    ("520", 5, 20, 1.8),
    ("教师节", 9, 10, 1.6),
    ("国庆节", 10, 1, 1.2),
    ("平安夜", 12, 24, 1.3),
)

# Western dates of festivals of the lunar calendar, 2023 to 2035, checked against two calendar libraries.
_LUNAR = {
    "春节": (1.8, "0122 0210 0129 0217 0206 0126 0213 0203 0123 0211 0131 0219 0208"),
    "元宵节": (1.2, "0205 0224 0212 0303 0220 0209 0227 0217 0206 0225 0214 0305 0222"),
    "端午节": (1.2, "0622 0610 0531 0619 0609 0528 0616 0605 0624 0612 0601 0620 0610"),
    "七夕": (1.9, "0822 0810 0829 0819 0808 0826 0816 0805 0824 0812 0801 0820 0810"),
    "中秋节": (1.5, "0929 0917 1006 0925 0915 1003 0922 0912 1001 0919 0908 0927 0916"),
    "重阳节": (1.1, "1023 1011 1029 1018 1008 1026 1016 1005 1024 1012 1001 1020 1009"),
}
_LUNAR_FROM = 2023
_MAY = 5
_SUNDAY = 6


def mothers_day(year: int) -> date:
    """The second Sunday of May."""
    first = date(year, _MAY, 1)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7)


def festivals_between(first: date, last: date) -> list[Festival]:
    """The festivals from `first` to `last`, both included, in order; lunar ones known for 2023 to 2035."""
    found = [festival for year in range(first.year, last.year + 1) for festival in _of_year(year)]
    return sorted(
        (festival for festival in found if first <= festival.day <= last), key=lambda each: (each.day, each.name)
    )


def _of_year(year: int) -> list[Festival]:
    fixed = [Festival(name, date(year, month, day), lift) for name, month, day, lift in _FIXED]
    return [*fixed, Festival("母亲节", mothers_day(year), 1.8), *_lunar_of(year)]


def _lunar_of(year: int) -> list[Festival]:
    found = []
    for name, (lift, table) in _LUNAR.items():
        days = table.split()
        if 0 <= year - _LUNAR_FROM < len(days):
            text = days[year - _LUNAR_FROM]
            found.append(Festival(name, date(year, int(text[:2]), int(text[2:])), lift))
    return found
