"""The roles of the house as sets of permissions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Permission(StrEnum):
    """One thing a role may do, in its unit and below."""

    SEE_FIGURES = "figures.see"
    SEE_MEMBERS = "members.see"
    EDIT_MEMBERS = "members.edit"
    UNMASK = "members.unmask"
    EXPORT = "members.export"
    IMPORT = "imports.run"
    EDIT_COMMUNITIES = "communities.edit"
    EDIT_UNITS = "units.edit"
    EDIT_STAFF = "staff.edit"
    SEE_AUDIT = "audit.see"
    RUN_SYSTEM = "system.run"
    SEE_PLAN = "plan.see"
    EDIT_PLAN = "plan.edit"
    WORK = "work.edit"
    EDIT_KEYS = "keys.edit"
    PRIVACY = "privacy.handle"
    WRITE_CONTENT = "content.write"
    REVIEW_FIRST = "content.review_first"
    REVIEW_SECOND = "content.review_second"
    EDIT_RULES = "rules.edit"
    SEND = "reach.send"
    EDIT_CHANNELS = "channels.edit"
    CONNECT = "platforms.connect"


PERMISSIONS = {
    Permission.SEE_FIGURES: _("See figures and reports"),
    Permission.SEE_MEMBERS: _("See members"),
    Permission.EDIT_MEMBERS: _("Tag, mark and merge members"),
    Permission.UNMASK: _("See private fields unmasked"),
    Permission.EXPORT: _("Take lists out as files"),
    Permission.IMPORT: _("Bring files in"),
    Permission.EDIT_COMMUNITIES: _("Make and change communities and groups"),
    Permission.EDIT_UNITS: _("Change the tree of units"),
    Permission.EDIT_STAFF: _("Add people and give roles"),
    Permission.SEE_AUDIT: _("Read the audit"),
    Permission.RUN_SYSTEM: _("Look after jobs and followers"),
    Permission.SEE_PLAN: _("See playbooks, goals and work"),
    Permission.EDIT_PLAN: _("Apply playbooks and set goals"),
    Permission.WORK: _("Hand out work, tick it off, decide on suggestions"),
    Permission.EDIT_KEYS: _("Make and revoke API keys"),
    Permission.PRIVACY: _("Answer what people ask about their data, set how long it is kept"),
    Permission.WRITE_CONTENT: _("Write content and hand it in for review"),
    Permission.REVIEW_FIRST: _("Give content its first review"),
    Permission.REVIEW_SECOND: _("Give content its second review"),
    Permission.EDIT_RULES: _("Keep word lists and what content is checked for"),
    Permission.SEND: _("Send to groups and people"),
    Permission.EDIT_CHANNELS: _("Keep channels, their costs and their links"),
    Permission.CONNECT: _("Connect accounts on platforms"),
}
"""Permission → what it lets a person do, in words."""

SCOPES = tuple(
    permission for permission in PERMISSIONS if permission not in {Permission.EDIT_STAFF, Permission.EDIT_KEYS}
)
"""What a key may be given: everything but handing out roles and keys, which only people do."""

_ALL = frozenset(Permission)
_LOOK = frozenset({Permission.SEE_FIGURES, Permission.SEE_MEMBERS, Permission.SEE_PLAN})
_OPERATE = _LOOK | {Permission.EDIT_MEMBERS, Permission.IMPORT, Permission.WORK}
_OPERATE |= {Permission.WRITE_CONTENT, Permission.SEND, Permission.EDIT_CHANNELS}
_LEAD = {Permission.EDIT_COMMUNITIES, Permission.EXPORT, Permission.UNMASK, Permission.EDIT_STAFF, Permission.EDIT_PLAN}
_LEAD |= {
    Permission.EDIT_KEYS,
    Permission.REVIEW_FIRST,
    Permission.REVIEW_SECOND,
    Permission.EDIT_RULES,
    Permission.CONNECT,
}

ROLES = {
    "director": (_("Director"), _ALL),
    "lead": (_("Group lead"), _OPERATE | _LEAD),
    "specialist": (_("Specialist"), _OPERATE),
    "editor": (_("Content editor"), _LOOK | {Permission.WRITE_CONTENT}),
    "first_reviewer": (_("First reviewer"), _LOOK | {Permission.REVIEW_FIRST}),
    "second_reviewer": (_("Second reviewer"), _LOOK | {Permission.REVIEW_SECOND}),
    "analyst": (_("Analyst"), _LOOK | {Permission.EXPORT}),
    "risk_officer": (_("Risk officer"), _LOOK | {Permission.EDIT_RULES}),
    "privacy_officer": (
        _("Privacy officer"),
        frozenset({Permission.SEE_MEMBERS, Permission.UNMASK, Permission.SEE_AUDIT, Permission.PRIVACY}),
    ),
    "service": (_("Customer service"), _LOOK | {Permission.UNMASK}),
    "finance": (_("Finance approver"), frozenset({Permission.SEE_FIGURES, Permission.SEE_PLAN})),
    "it": (_("IT"), frozenset({Permission.RUN_SYSTEM, Permission.SEE_AUDIT, Permission.EDIT_KEYS, Permission.CONNECT})),
    "auditor": (_("Auditor"), frozenset({Permission.SEE_FIGURES, Permission.SEE_AUDIT, Permission.SEE_PLAN})),
}
"""Role name → (label, permissions), as shipped. What a team changed stands in the table of roles."""


UNCHANGING = "director"
"""The role that always holds everything, so that somebody can always put the others right."""


@dataclass(frozen=True, slots=True)
class RoleNow:
    """A role as it stands here. `own` is one the team made; `changed` one that departs from what is shipped."""

    name: str
    label: str | _StrPromise
    permissions: frozenset[Permission]
    own: bool
    changed: bool
    needs_second_step: bool


def roles_with(permission: Permission) -> list[str]:
    """Names of the shipped roles that hold this permission, as shipped."""
    return [name for name, (_label, held) in ROLES.items() if permission in held]
