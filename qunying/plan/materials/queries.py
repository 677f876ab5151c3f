"""Materials and scripts as one community sees them: its own, and those of its unit and the units above."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError
from qunying.plan.materials.models import Folder, Material, MaterialTag, Script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community

SOON = timedelta(days=14)
"""So long before its end a material is pointed out."""
_FAR = date.max


def _within(community: Community) -> Q:
    line = [int(part) for part in community.unit.path.split("/") if part]
    return Q(community=community) | Q(community__isnull=True, unit__in=line)


def materials_in(community: Community) -> QuerySet[Material]:
    """Everything that can be used in the community, put away or not; with `used`, in how many things it stands."""
    found = Material.objects.filter(_within(community)).select_related("unit", "community__unit", "folder", "file")
    return found.annotate(used=Count("uses"))


def get_material_for(
    staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_PLAN
) -> tuple[Community, Material]:
    """A community and a material that can be used in it; NotFoundError where it is not this person's to open."""
    community = get_community_for(staff, slug, permission)
    material = materials_in(community).filter(pk=pk).first()
    if material is None:
        raise NotFoundError(_("There is no such material that you may open."))
    return community, material


def usable(community: Community, *, on: date) -> QuerySet[Material]:
    """What may be used on this local day: not put away, within its days, with a right to it."""
    lasting = (Q(valid_until=None) | Q(valid_until__gte=on)) & (Q(licence_until=None) | Q(licence_until__gte=on))
    begun = Q(valid_from=None) | Q(valid_from__lte=on)
    return materials_in(community).filter(lasting & begun, archived_at=None).exclude(licence="")


def ends_on(material: Material) -> date | None:
    """The last local day on which it may be used; None where it has no end."""
    last = min(material.valid_until or _FAR, material.licence_until or _FAR)
    return None if last == _FAR else last


def ending(materials: QuerySet[Material], *, today: date) -> QuerySet[Material]:
    """Those in use whose last day comes within two weeks, or has passed."""
    last = today + SOON
    return materials.filter(Q(valid_until__lte=last) | Q(licence_until__lte=last), archived_at=None)


def holding(materials: QuerySet[Material], words: str) -> QuerySet[Material]:
    """Those with these words in the name, the text, the source, the address or a tag, in any language."""
    tagged = MaterialTag.objects.filter(name__icontains=words).values("material")
    inside = Q(name__icontains=words) | Q(words__icontains=words) | Q(source__icontains=words)
    return materials.filter(inside | Q(address__icontains=words) | Q(pk__in=tagged))


def tags_in(community: Community) -> list[str]:
    """The tags of what is in use in the community, in order."""
    names = MaterialTag.objects.filter(
        material__in=Material.objects.filter(_within(community), archived_at=None).values("pk")
    )
    return sorted(set(names.order_by().values_list("name", flat=True)))


def folders_in(community: Community) -> list[tuple[Folder, int]]:
    """Every folder with its depth, a parent before what is in it. One query."""
    found = list(Folder.objects.filter(_within(community)).select_related("unit"))
    inside: dict[int | None, list[Folder]] = {}
    known = {one.pk for one in found}
    for one in found:
        inside.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    return list(_walk(inside, None, 0))


def _walk(inside: dict[int | None, list[Folder]], parent: int | None, depth: int) -> Iterable[tuple[Folder, int]]:
    for one in inside.get(parent, ()):
        yield one, depth
        yield from _walk(inside, one.pk, depth + 1)


def below(folders: Iterable[tuple[Folder, int]], folder: int) -> list[int]:
    """The ids of this folder and everything in it; `folders` come as `folders_in` gives them, parents first."""
    ids = {folder}
    for one, _depth in folders:
        if one.parent_id in ids:
            ids.add(one.pk)
    return sorted(ids)


def get_folder_in(community: Community, pk: int | None) -> Folder | None:
    """The folder of this number, None for none asked; NotFoundError where the community has none such."""
    if pk is None:
        return None
    folder = Folder.objects.filter(_within(community), pk=pk).select_related("unit").first()
    if folder is None:
        raise NotFoundError(_("There is no such folder in this community."))
    return folder


def scripts_in(community: Community) -> QuerySet[Script]:
    """The scripts that can be said in the community and were not put away."""
    return Script.objects.filter(_within(community), archived_at=None).select_related("unit", "community")


def get_script_for(
    staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_PLAN
) -> tuple[Community, Script]:
    """A community and one of its scripts; NotFoundError where it is not this person's to open."""
    community = get_community_for(staff, slug, permission)
    script = scripts_in(community).filter(pk=pk).first()
    if script is None:
        raise NotFoundError(_("There is no such script that you may open."))
    return community, script


def saying(scripts: QuerySet[Script], words: str) -> QuerySet[Script]:
    """Those in which all these words stand, each anywhere: in the situation, the title or what is said."""
    for word in words.split()[:10]:
        scripts = scripts.filter(Q(situation__icontains=word) | Q(title__icontains=word) | Q(words__icontains=word))
    return scripts
