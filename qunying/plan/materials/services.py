"""Verbs on the library: folders, materials and their versions, tags, putting away, uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.kit.text.addresses import OPENED, is_address
from qunying.plan.materials.models import Folder, Material, MaterialTag, MaterialVersion, Script, Use
from qunying.plan.materials.rules import check_may_keep

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit

FOLDER = declare_verb("materials.folder", gettext_lazy("A folder of materials was made."))
RENAME = declare_verb("materials.rename_folder", gettext_lazy("A folder of materials got another name."))
DROP_FOLDER = declare_verb("materials.drop_folder", gettext_lazy("An empty folder of materials was removed."))
ADD = declare_verb("materials.add", gettext_lazy("A material was put into the library."))
CHANGE = declare_verb("materials.change", gettext_lazy("A material was changed."))
REPLACE = declare_verb("materials.replace", gettext_lazy("A material got a new version."))
ARCHIVE = declare_verb("materials.archive", gettext_lazy("Materials were put away."))
RESTORE = declare_verb("materials.restore", gettext_lazy("Materials were taken out again."))
MOVE = declare_verb("materials.move", gettext_lazy("Materials were moved to another folder."))

MOST_WORDS = 20_000
MOST_DEPTH = 6
_FILES = frozenset({Material.Kind.PICTURE, Material.Kind.VIDEO, Material.Kind.AUDIO, Material.Kind.DOCUMENT})
_ADDRESSES = frozenset({Material.Kind.LINK, Material.Kind.CARD})


@dataclass(frozen=True, slots=True)
class About:
    """What is known about a material beside its contents. Days are local."""

    name: str
    folder: Folder | None = None
    tags: tuple[str, ...] = ()
    licence: str = Material.Licence.UNKNOWN
    source: str = ""
    licence_until: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """What a material is made of: a file with its media type, an address, or words; which, says its kind."""

    kind: str
    file: StoredFile | None = None
    media_type: str = ""
    address: str = ""
    words: str = ""


@transaction.atomic
def create_folder(
    name: str, *, unit: Unit, by: Actor, community: Community | None = None, parent: Folder | None = None
) -> Folder:
    """Make a folder for a community, or, without one, for the unit and all below; QunyingError for a name taken."""
    check_may_keep(by, unit)
    _check_parent(parent, community)
    folder = Folder(unit=unit, community=community, parent=parent)
    folder.name = _free_name(folder, name)
    folder.save()
    write_act(FOLDER, by=by, subject_type="folder", subject_id=folder.pk, details={"unit": unit.pk})
    return folder


@transaction.atomic
def rename_folder(folder: Folder, *, name: str, by: Actor) -> Folder:
    """Give a folder another name; QunyingError where one beside it has it."""
    check_may_keep(by, folder.unit)
    folder.name = _free_name(folder, name)
    folder.save(update_fields=["name"])
    write_act(RENAME, by=by, subject_type="folder", subject_id=folder.pk)
    return folder


@transaction.atomic
def drop_folder(folder: Folder, *, by: Actor) -> None:
    """Remove a folder in which nothing is left; QunyingError where something is."""
    check_may_keep(by, folder.unit)
    if folder.inside.exists() or folder.materials.exists():
        raise QunyingError(_("“%(folder)s” is not empty. Move what is in it first.") % {"folder": folder.name})
    write_act(DROP_FOLDER, by=by, subject_type="folder", subject_id=folder.pk)
    folder.delete()


@transaction.atomic
def add_material(body: Body, *, about: About, unit: Unit, by: Actor, community: Community | None = None) -> Material:
    """Put something into the library of a community, or, without one, of the unit and all below.

    Raises QunyingError for contents that do not fit the kind, days in the wrong order, and a name left empty.
    """
    check_may_keep(by, unit)
    _check_body(body)
    _check_parent(about.folder, community)
    material = Material(unit=unit, community=community, created_by=by.actor_key, **_contents(body), **_known(about))
    material.kind = Material.Kind(body.kind)
    material.save()
    _tag(material, about.tags)
    _keep_version(material, by)
    details = {"kind": material.kind, "unit": unit.pk}
    write_act(ADD, by=by, subject_type="material", subject_id=material.pk, details=details)
    return material


@transaction.atomic
def change_material(material: Material, *, about: About, by: Actor) -> Material:
    """Change what is known about it; its contents and where it is used stay."""
    material = _locked(material)
    check_may_keep(by, material.unit)
    _check_parent(about.folder, material.community)
    for name, value in _known(about).items():
        setattr(material, name, value)
    material.save()
    _tag(material, about.tags)
    write_act(CHANGE, by=by, subject_type="material", subject_id=material.pk)
    return material


@transaction.atomic
def replace_material(material: Material, *, body: Body, by: Actor) -> Material:
    """Put new contents of the same kind in the place of the old, which stay as an earlier version.

    What uses it already keeps what it had, for that is what was reviewed. Raises QunyingError for another kind.
    """
    material = _locked(material)
    check_may_keep(by, material.unit)
    if body.kind != material.kind:
        given = {"name": material.name, "kind": Material.Kind(material.kind).label}
        raise QunyingError(_("“%(name)s” is of the kind “%(kind)s”. A new version has to be one, too.") % given)
    _check_body(body)
    for name, value in _contents(body).items():
        setattr(material, name, value)
    material.version += 1
    material.save()
    _keep_version(material, by)
    details = {"version": material.version}
    write_act(REPLACE, by=by, subject_type="material", subject_id=material.pk, details=details)
    return material


@transaction.atomic
def archive_materials(materials: Iterable[Material], *, by: Actor) -> list[int]:
    """Put materials away: nothing new is made with them, what uses them stays. The ids of those that were in use."""
    return put_away(materials, away=True, verb=ARCHIVE, by=by)


@transaction.atomic
def restore_materials(materials: Iterable[Material], *, by: Actor) -> list[int]:
    """Take materials out again; the ids of those that were put away."""
    return put_away(materials, away=False, verb=RESTORE, by=by)


@transaction.atomic
def move_materials(materials: Iterable[Material], *, folder: Folder | None, by: Actor) -> int:
    """Move materials into a folder, None: into none; how many lay elsewhere."""
    moved = [one for one in materials if one.folder_id != (folder.pk if folder else None)]
    for one in moved:
        check_may_keep(by, one.unit)
        _check_parent(folder, one.community)
    ids = sorted(one.pk for one in moved)
    if ids:
        Material.objects.filter(pk__in=ids).update(folder=folder)
        details = {"materials": ids, "folder": folder.pk if folder else None}
        write_act(MOVE, by=by, subject_type="material", details=details)
    return len(ids)


@transaction.atomic
def set_uses(what: str, what_id: int, *, materials: Iterable[Material]) -> None:
    """Have exactly these materials stand as used in this one thing; the verb that made the thing writes the act."""
    wanted = {one.pk for one in materials}
    known = Use.objects.filter(what=what, what_id=what_id)
    known.exclude(material__in=wanted).delete()
    new = wanted - set(known.values_list("material", flat=True))
    Use.objects.bulk_create(
        [Use(material_id=pk, what=what, what_id=what_id) for pk in sorted(new)], ignore_conflicts=True
    )


def put_away(rows: Iterable[Material] | Iterable[Script], *, away: bool, verb: str, by: Actor) -> list[int]:
    """Put materials or scripts away, or take them out again, with the act `verb`; the ids of those it turned."""
    turned = [one for one in rows if (one.archived_at is None) == away]
    for one in turned:
        check_may_keep(by, one.unit)
    ids = sorted(one.pk for one in turned)
    if ids:
        kind = type(turned[0])
        kind._default_manager.filter(pk__in=ids).update(archived_at=timezone.now() if away else None)  # noqa: SLF001 - Django's own name
        name = kind.__name__.lower()
        write_act(verb, by=by, subject_type=name, details={f"{name}s": ids})
    return ids


def _locked(material: Material) -> Material:
    found = Material.objects.select_for_update(of=("self",)).select_related("unit", "community", "folder", "file")
    return found.get(pk=material.pk)


def _check_parent(folder: Folder | None, community: Community | None) -> None:
    """A folder takes what is for the same people: what everybody below shares does not lie in one community's."""
    if folder is None:
        return
    if folder.community_id is not None and folder.community_id != (community.pk if community else None):
        raise QunyingError(
            _("“%(folder)s” belongs to one community. Choose a shared folder.") % {"folder": folder.name}
        )
    depth, above = 1, folder.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    if depth > MOST_DEPTH:
        raise QunyingError(_("Folders lie in one another %(most)d deep at most.") % {"most": MOST_DEPTH})


def _free_name(folder: Folder, name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > Folder.NAME_LENGTH:
        raise QunyingError(_("A folder has a name of up to %(most)d characters.") % {"most": Folder.NAME_LENGTH})
    beside = Folder.objects.filter(unit=folder.unit, community=folder.community, parent=folder.parent)
    if beside.filter(name__iexact=name).exclude(pk=folder.pk).exists():
        raise QunyingError(_("There is a folder “%(folder)s” here already.") % {"folder": name})
    return name


def _known(about: About) -> dict[str, object]:
    name = " ".join(about.name.split())
    if not name or len(name) > Material.NAME_LENGTH:
        raise QunyingError(_("A material has a name of up to %(most)d characters.") % {"most": Material.NAME_LENGTH})
    if about.valid_from and about.valid_until and about.valid_from > about.valid_until:
        raise QunyingError(_("It would end before it begins. Look at both days again."))
    source = about.source.strip()
    if len(source) > Material.SOURCE_LENGTH:
        raise QunyingError(_("The source has more than %(most)d characters.") % {"most": Material.SOURCE_LENGTH})
    return {
        "name": name,
        "folder": about.folder,
        "licence": Material.Licence(about.licence),
        "source": source,
        "licence_until": about.licence_until,
        "valid_from": about.valid_from,
        "valid_until": about.valid_until,
    }


def _check_body(body: Body) -> None:
    kind = Material.Kind(body.kind)
    if kind in _FILES and body.file is None:
        raise QunyingError(_("Choose a file."))
    if kind in _ADDRESSES and not is_address(body.address, beginnings=OPENED):
        raise QunyingError(_("Give an address that begins with https://, or the link of a mini program."))
    if len(body.address) > Material.ADDRESS_LENGTH:
        raise QunyingError(_("The address has more than %(most)d characters.") % {"most": Material.ADDRESS_LENGTH})
    if kind == Material.Kind.TEXT and not body.words.strip():
        raise QunyingError(_("Write the words."))
    if len(body.words) > MOST_WORDS:
        raise QunyingError(_("It has more than %(most)d characters. Shorten it.") % {"most": MOST_WORDS})


def _contents(body: Body) -> dict[str, object]:
    return {
        "file": body.file,
        "media_type": body.media_type,
        "address": body.address.strip(),
        "words": body.words.replace("\r\n", "\n").strip(),
    }


def _keep_version(material: Material, by: Actor) -> None:
    names = ("words", "address", "file", "media_type")
    MaterialVersion.objects.create(
        material=material,
        number=material.version,
        written_by=by.actor_key,
        **{name: getattr(material, name) for name in names},
    )


def _tag(material: Material, tags: Iterable[str]) -> None:
    names = sorted({" ".join(tag.split()) for tag in tags} - {""})
    if len(names) > MaterialTag.MOST or any(len(name) > MaterialTag.LENGTH for name in names):
        given = {"most": MaterialTag.MOST, "long": MaterialTag.LENGTH}
        raise QunyingError(_("A material has at most %(most)d tags of up to %(long)d characters.") % given)
    material.tags.exclude(name__in=names).delete()
    known = set(material.tags.values_list("name", flat=True))
    MaterialTag.objects.bulk_create([MaterialTag(material=material, name=name) for name in names if name not in known])
