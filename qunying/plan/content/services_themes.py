"""Verbs on themes: set one, archive it, put in the usual ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.plan.content.models import Theme

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

SET = declare_verb("content.theme", gettext_lazy("A theme or its share was set."))
ARCHIVE = declare_verb("content.theme_archive", gettext_lazy("A theme was put away."))

USUAL = (
    ("热点话题", "Hot topics", 20),
    ("品牌故事", "Brand story", 15),
    ("产品", "Product", 20),
    ("使用场景", "Scenes of use", 15),
    ("专家点评", "Expert comment", 10),
    ("成员原创", "Members' own", 20),
)
"""Chinese name, English name, share in per cent: together a hundred."""
_WHOLE = 100


@transaction.atomic
def set_theme(  # noqa: PLR0913 - what a theme is
    name: str,
    *,
    community: Community,
    by: Actor,
    share: int | None = None,
    name_en: str = "",
    theme: Theme | None = None,
) -> Theme:
    """Make a theme, or (`theme`) change one; shares of a community together may not pass 100 per cent.

    A name that was put away comes back. Raises QunyingError for an empty, over-long or taken name.
    """
    name = _tidy(name)
    others = Theme.objects.select_for_update().filter(community=community).exclude(pk=theme.pk if theme else 0)
    twin = others.filter(name__iexact=name).first()
    if twin is not None and (theme is not None or twin.archived_at is None):
        raise QunyingError(_("There is a theme “%(name)s” already.") % {"name": name})
    taken = sum(one.share or 0 for one in others if one.archived_at is None)
    if share is not None and not 0 <= share <= _WHOLE - taken:
        raise QunyingError(
            _("The shares together pass 100%%. At most %(left)d%% are left for this one.") % {"left": _WHOLE - taken}
        )
    kept = theme or twin or Theme(community=community)
    kept.name, kept.name_en, kept.share, kept.archived_at = name, _tidy_en(name_en), share, None
    kept.save()
    write_act(SET, by=by, subject_type="theme", subject_id=kept.pk, details={"share": share})
    return kept


@transaction.atomic
def archive_theme(theme: Theme, *, by: Actor) -> Theme:
    """Put a theme away: its entries keep it, new ones cannot choose it."""
    theme = Theme.objects.select_for_update().get(pk=theme.pk)
    if theme.archived_at is None:
        theme.archived_at = timezone.now()
        theme.save(update_fields=["archived_at"])
        write_act(ARCHIVE, by=by, subject_type="theme", subject_id=theme.pk)
    return theme


@transaction.atomic
def ship_themes(community: Community, *, by: Actor) -> list[Theme]:
    """Put in the six usual themes with their shares, where the community has none yet."""
    if Theme.objects.filter(community=community, archived_at__isnull=True).exists():
        raise QunyingError(_("This community has themes already. Change those."))
    return [set_theme(zh, community=community, name_en=en, share=share, by=by) for zh, en, share in USUAL]


def _tidy(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > Theme.NAME_LENGTH:
        raise QunyingError(_("A theme has a name of at most %(most)d characters.") % {"most": Theme.NAME_LENGTH})
    return name


def _tidy_en(name: str) -> str:
    return " ".join(name.split())[: Theme.NAME_LENGTH]
