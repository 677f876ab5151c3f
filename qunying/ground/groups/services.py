"""Verbs on communities, groups and memberships."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Community, Group
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

CREATE_COMMUNITY = declare_verb("communities.create", _("A community was made."))
EDIT_COMMUNITY = declare_verb("communities.edit", _("A community was changed."))
CREATE_GROUP = declare_verb("groups.create", _("A group was made."))
EDIT_GROUP = declare_verb("groups.edit", _("A group was changed."))

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 60
_LONGEST_NAME = 80
_LONGEST_GROUP_NAME = 120
_MOST_PLACES = 100_000


@transaction.atomic
def create_community(  # noqa: PLR0913 - what a community is born with
    slug: str,
    *,
    name: str,
    unit: Unit,
    by: Actor,
    kind: str = Community.Kind.CUSTOMER,
    introduction: str = "",
    timezone: str = "Asia/Shanghai",
    currency: str = "CNY",
    simulated: bool = False,
) -> Community:
    """Make a community; its currency stays for good, its time zone from the first fact on.

    Days and amounts are counted in them. Raises QunyingError for a short name that is taken or not
    made of a-z, 0-9 and hyphens, an empty name, an unknown kind, time zone or currency.
    """
    check_time_zone(timezone)
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        raise QunyingError(
            _("“%(slug)s” cannot be a short name. Use small letters, digits and hyphens, such as flower-shop.")
            % {"slug": slug}
        )
    if Community.objects.filter(slug=slug).exists():
        raise QunyingError(_("There is a community “%(slug)s” already. Choose another short name.") % {"slug": slug})
    community = Community.objects.create(
        slug=slug,
        name=_tidy_name(name, _LONGEST_NAME),
        unit=unit,
        kind=_known_kind(kind, Community.Kind.values),
        introduction=introduction.strip(),
        timezone=timezone,
        currency=_known_currency(currency),
        simulated=simulated,
    )
    write_act(CREATE_COMMUNITY, by=by, subject_type="community", subject_id=community.pk)
    return community


@transaction.atomic
def edit_community(  # noqa: PLR0913 - what of a community may change
    community: Community, *, name: str, kind: str, introduction: str, unit: Unit, by: Actor
) -> Community:
    """Change what may change of a community; its short name and currency may not."""
    community.name = _tidy_name(name, _LONGEST_NAME)
    community.kind = _known_kind(kind, Community.Kind.values)
    community.introduction = introduction.strip()
    community.unit = unit
    community.save(update_fields=["name", "kind", "introduction", "unit"])
    details = {"unit": unit.pk, "kind": kind}
    write_act(EDIT_COMMUNITY, by=by, subject_type="community", subject_id=community.pk, details=details)
    return community


@transaction.atomic
def ensure_group(community: Community, *, name: str, platform: str, by: Actor) -> Group:
    """The group of this name in the community, made if there is none."""
    group, made = Group.objects.get_or_create(community=community, name=name, defaults={"platform": platform})
    if made:
        write_act(CREATE_GROUP, by=by, subject_type="group", subject_id=group.pk)
    return group


@transaction.atomic
def create_group(  # noqa: PLR0913 - what a group is born with
    community: Community,
    *,
    name: str,
    platform: str,
    by: Actor,
    kind: str = Group.Kind.GENERAL,
    capacity: int = 150,
    announcement: str = "",
) -> Group:
    """Make a group; raises QunyingError where the community has one of this name already."""
    tidy = _tidy_name(name, _LONGEST_GROUP_NAME)
    _check_free(community, tidy)
    group = Group.objects.create(
        community=community,
        name=tidy,
        platform=platform,
        kind=_known_kind(kind, Group.Kind.values),
        capacity=_sound_capacity(capacity),
        announcement=announcement.strip(),
    )
    write_act(CREATE_GROUP, by=by, subject_type="group", subject_id=group.pk)
    return group


@transaction.atomic
def edit_group(  # noqa: PLR0913 - what of a group may change
    group: Group, *, name: str, kind: str, capacity: int, announcement: str, by: Actor
) -> Group:
    """Change what may change of a group; its platform may not, for accounts belong to platforms.

    Imports find a group by its name: after a renaming they must give the new one.
    """
    tidy = _tidy_name(name, _LONGEST_GROUP_NAME)
    if tidy != group.name:
        _check_free(group.community, tidy)
    group.name = tidy
    group.kind = _known_kind(kind, Group.Kind.values)
    group.capacity = _sound_capacity(capacity)
    group.announcement = announcement.strip()
    group.save(update_fields=["name", "kind", "capacity", "announcement"])
    details = {"kind": kind, "capacity": capacity}
    write_act(EDIT_GROUP, by=by, subject_type="group", subject_id=group.pk, details=details)
    return group


def check_time_zone(name: str) -> None:
    """Raise QunyingError unless this is a zone of the IANA list."""
    if name not in _time_zones():
        raise QunyingError(_("“%(zone)s” is not a time zone. Write one such as Asia/Shanghai or UTC.") % {"zone": name})


@cache
def _time_zones() -> frozenset[str]:
    # Looking for them reads a directory of six hundred files.
    return frozenset(available_timezones())


def _check_free(community: Community, name: str) -> None:
    if Group.objects.filter(community=community, name=name).exists():
        raise QunyingError(
            _("There is a group “%(name)s” in this community already. Choose another name.") % {"name": name}
        )


def _tidy_name(name: str, longest: int) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise QunyingError(_("The name is empty. Write the name people know it by."))
    if len(tidy) > longest:
        raise QunyingError(_("The name is longer than %(most)d characters. Shorten it.") % {"most": longest})
    return tidy


def _known_kind(kind: str, known: list[str]) -> str:
    if kind not in known:
        raise QunyingError(
            _("There is no kind “%(kind)s”. Those there are: %(known)s.") % {"kind": kind, "known": ", ".join(known)}
        )
    return kind


def _known_currency(currency: str) -> str:
    if currency not in list_currencies():
        raise QunyingError(
            _("“%(currency)s” is not a currency. Write its three letters, such as CNY or USD.") % {"currency": currency}
        )
    return currency


def _sound_capacity(capacity: int) -> int:
    if not 1 <= capacity <= _MOST_PLACES:
        raise QunyingError(
            _("A group holds between 1 and %(most)d accounts; %(given)d is outside that.")
            % {"most": _MOST_PLACES, "given": capacity}
        )
    return capacity
