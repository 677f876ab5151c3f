"""A playbook out of a living community: what stands there now, as a file that can be applied elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qunying.plan.playbooks.queries import standing_application
from qunying.plan.playbooks.sections import KNOWN, live_sections, section_named
from qunying.plan.playbooks.variants import resolve
from qunying.plan.playbooks.yaml_text import write_yaml

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise

    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.variants import Content

_FOR_THOSE = _("Those who run a community like %(name)s")
_AS_IT_STANDS = _("As it stands in %(name)s")


def export_playbook(community: Community, *, today: date) -> str:
    """The playbook of a community as YAML: live sections as they stand, the rest as last applied.

    Lengths of time count from the first day of the playbook that stands, else from `today`, a local day.
    """
    return write_yaml(export_content(community, today=today))


def export_content(community: Community, *, today: date) -> Content:
    """The same as data."""
    standing = standing_application(community)
    content: dict[str, Any] = dict(standing.content) if standing else {}
    start = standing.start if standing else today
    for section in live_sections():
        content[section.name] = section.export(community, start)
    content |= {
        "name": community.slug,
        "version": "1",
        "title": community.name,
        "description": _in_both(_AS_IT_STANDS, community),
    }
    content.setdefault("for", _in_both(_FOR_THOSE, community))
    return resolve({name: value for name, value in content.items() if _speaks(name, value)}, None)


def _speaks(name: str, value: Any) -> bool:
    return name not in KNOWN or section_named(name) is not None or bool(value)


def _in_both(sentence: _StrPromise, community: Community) -> dict[str, str]:
    said = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            said[key] = str(sentence) % {"name": community.name}
    return said
