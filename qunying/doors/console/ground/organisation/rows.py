"""What the lists of this area show, put together with a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.doors.console.lists import Column, Listing
from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.queries import role_label
from qunying.ground.groups.models import Community
from qunying.ground.units.queries import in_tree_order
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.units.models import Unit

_DEEPEST_DRAWN = 6


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with the communities in it, in it and below it, and the people who hold a role in it.

    `place` counts the units in the order of the tree from 1; `above` is the name of the one it hangs below, or ''.
    """

    unit: Unit
    level: int
    communities: int
    communities_below: int
    people: int
    place: int
    above: str


UNITS: Listing[UnitRow] = Listing(
    "units",
    _("Units"),
    (
        Column("tree", _("As a tree"), lambda row: row.place, order=True, shown=False),
        Column("name", _("Name"), lambda row: row.unit.name, order=True),
        Column("above", _("Hangs below"), lambda row: row.above, shown=False),
        Column("communities", _("Communities directly in it"), lambda row: row.communities, order=True),
        Column("below", _("Communities in it and below"), lambda row: row.communities_below, order=True),
        Column("people", _("People with a role in it"), lambda row: row.people, order=True),
    ),
    default="tree",
)


def tree_rows(units: QuerySet[Unit], *, words: str = "", flat: bool = False) -> list[UnitRow]:
    """The units in the order of the tree; with `words`, those whose name holds them, flat. Three queries."""
    drawn = in_tree_order(units)
    ids = [unit.pk for unit in drawn]
    communities = _counts(Community.objects.filter(unit__in=ids), "pk")
    people = _counts(Grant.objects.filter(unit__in=ids, staff__is_active=True), "staff")
    below = _sums(drawn, communities)
    names = {unit.pk: unit.name for unit in drawn}
    top = min((unit.depth for unit in drawn), default=0)
    return [
        UnitRow(
            unit,
            0 if words or flat else min(unit.depth - top, _DEEPEST_DRAWN),
            communities[unit.pk],
            below[unit.pk],
            people[unit.pk],
            place,
            names.get(unit.parent_id or 0, ""),
        )
        for place, unit in enumerate(drawn, start=1)
        if words.casefold() in unit.name.casefold()
    ]


def _counts(rows: QuerySet[Community] | QuerySet[Grant], what: str) -> Counter[int]:
    counted = rows.order_by().values("unit").annotate(number=Count(what, distinct=True))
    return Counter({row["unit"]: row["number"] for row in counted})


def _sums(units: Iterable[Unit], own: Counter[int]) -> Counter[int]:
    sums: Counter[int] = Counter()
    for unit in units:
        for part in unit.path.split("/"):
            if part:
                sums[int(part)] += own[unit.pk]
    return sums


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with the roles a viewer sees, and whether a second step guards their sign-in."""

    person: Staff
    grants: list[Grant]
    second_step: bool


def _roles(row: PersonRow) -> str:
    return "; ".join(f"{role_label(grant)} · {grant.unit.name}" for grant in row.grants)


_TWO_FACTOR = ExpressionWrapper(Exists(Authenticator.objects.filter(user=OuterRef("pk"))), output_field=BooleanField())
PEOPLE: Listing[PersonRow] = Listing(
    "staff",
    _("Staff"),
    (
        Column("name", pgettext_lazy("person", "Name"), lambda row: row.person.name, order="name"),
        Column("username", _("Sign-in name"), lambda row: row.person.username, order="username"),
        Column("email", _("E-mail address"), lambda row: row.person.email, shown=False),
        Column("roles", _("Roles"), _roles),
        Column("second", _("Two-factor sign-in"), lambda row: row.second_step, order=_TWO_FACTOR),
        Column("last", _("Last sign-in"), lambda row: row.person.last_login, order="last_login"),
        Column("open", _("May sign in"), lambda row: row.person.is_active, order="is_active"),
    ),
    default="name",
)


def person_rows(people: Iterable[Staff]) -> list[PersonRow]:
    """One row a person; `people` come with their grants. One query more."""
    people = list(people)
    guarded = set(Authenticator.objects.filter(user__in=people).values_list("user_id", flat=True))
    return [PersonRow(person, list(person.grants.all()), person.pk in guarded) for person in people]


def filter_people(
    people: QuerySet[Staff], *, words: str = "", role: str = "", unit: str = "", standing: str = ""
) -> QuerySet[Staff]:
    """Those who fit: part of a name, a role, a unit's number, `active` or `closed`."""
    if words:
        people = people.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(email__icontains=words))
    place = to_id(unit)
    if role or place is not None:
        held = Grant.objects.filter(**({"role": role} if role else {}), **({} if place is None else {"unit": place}))
        people = people.filter(pk__in=held.values("staff"))
    if standing in {"active", "closed"}:
        people = people.filter(is_active=standing == "active")
    return people
