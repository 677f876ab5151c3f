"""The words of the audit for the eye: what an act was done to, and the names of its details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SUBJECTS: dict[str, _StrPromise] = {
    "alert": pgettext_lazy("audited", "Alert"),
    "application": pgettext_lazy("audited", "Playbook in use"),
    "audit": pgettext_lazy("audited", "Audit"),
    "backup": pgettext_lazy("audited", "Backup"),
    "book": pgettext_lazy("audited", "Own playbook"),
    "communities": pgettext_lazy("audited", "Communities"),
    "community": pgettext_lazy("audited", "Community"),
    "file": pgettext_lazy("audited", "File"),
    "follower": pgettext_lazy("audited", "Follower"),
    "followers": pgettext_lazy("audited", "Followers"),
    "goal": pgettext_lazy("audited", "Goal"),
    "goals": pgettext_lazy("audited", "Goals"),
    "group": pgettext_lazy("audited", "Group"),
    "groups": pgettext_lazy("audited", "Groups"),
    "import": pgettext_lazy("audited", "Import"),
    "imports": pgettext_lazy("audited", "Imports"),
    "invitation": pgettext_lazy("audited", "Invitation"),
    "invitations": pgettext_lazy("audited", "Invitations"),
    "job": pgettext_lazy("audited", "Job"),
    "jobs": pgettext_lazy("audited", "Jobs"),
    "key": pgettext_lazy("audited", "API key"),
    "keys": pgettext_lazy("audited", "API keys"),
    "likeness": pgettext_lazy("audited", "Likely pair"),
    "mapping": pgettext_lazy("audited", "Column mapping"),
    "member": pgettext_lazy("audited", "Member"),
    "members": pgettext_lazy("audited", "Members"),
    "merge_rule": pgettext_lazy("audited", "Merge rule"),
    "patrol": pgettext_lazy("audited", "Patrol"),
    "report_schedule": pgettext_lazy("audited", "Report schedule"),
    "role": pgettext_lazy("audited", "Role"),
    "privacy_requests": pgettext_lazy("audited", "Data requests"),
    "segment": pgettext_lazy("audited", "Segment"),
    "segments": pgettext_lazy("audited", "Segments"),
    "staff": pgettext_lazy("audited", "Person"),
    "subject_request": pgettext_lazy("audited", "Data request"),
    "suggestion": pgettext_lazy("audited", "Suggestion"),
    "supervision": pgettext_lazy("audited", "Supervision"),
    "tag": pgettext_lazy("audited", "Tag"),
    "tag_dimension": pgettext_lazy("audited", "Dimension"),
    "tags": pgettext_lazy("audited", "Tags"),
    "unit": pgettext_lazy("audited", "Unit"),
    "units": pgettext_lazy("audited", "Units"),
    "webhook": pgettext_lazy("audited", "Webhook"),
    "webhooks": pgettext_lazy("audited", "Webhooks"),
    "work": pgettext_lazy("audited", "Work"),
}

_DETAILS: dict[str, _StrPromise] = {
    "added": pgettext_lazy("detail", "added"),
    "changed": pgettext_lazy("detail", "changed"),
    "community": pgettext_lazy("detail", "community"),
    "day": pgettext_lazy("detail", "day"),
    "device": pgettext_lazy("detail", "device"),
    "digest": pgettext_lazy("detail", "digest"),
    "dry_run": pgettext_lazy("detail", "trial"),
    "due": pgettext_lazy("detail", "due"),
    "event": pgettext_lazy("detail", "fact"),
    "failures": pgettext_lazy("detail", "failures"),
    "field": pgettext_lazy("detail", "field"),
    "fields": pgettext_lazy("detail", "fields"),
    "files": pgettext_lazy("detail", "files"),
    "format": pgettext_lazy("detail", "format"),
    "from": pgettext_lazy("detail", "from"),
    "given": pgettext_lazy("detail", "given"),
    "job": pgettext_lazy("detail", "job"),
    "keys": pgettext_lazy("detail", "keys"),
    "kind": pgettext_lazy("detail", "kind"),
    "language": pgettext_lazy("detail", "language"),
    "late": pgettext_lazy("detail", "late"),
    "level": pgettext_lazy("detail", "level"),
    "lines": pgettext_lazy("detail", "lines"),
    "made": pgettext_lazy("detail", "made"),
    "mark": pgettext_lazy("detail", "mark"),
    "members": pgettext_lazy("detail", "members"),
    "metric": pgettext_lazy("detail", "metric"),
    "names": pgettext_lazy("detail", "with names"),
    "note": pgettext_lazy("detail", "note"),
    "of": pgettext_lazy("detail", "of"),
    "ok": pgettext_lazy("detail", "went through"),
    "on": pgettext_lazy("detail", "on"),
    "origin": pgettext_lazy("detail", "origin"),
    "owner": pgettext_lazy("detail", "owner"),
    "parent": pgettext_lazy("detail", "above"),
    "period": pgettext_lazy("detail", "period"),
    "playbook": pgettext_lazy("detail", "playbook"),
    "role": pgettext_lazy("detail", "role"),
    "rows": pgettext_lazy("detail", "rows"),
    "sessions": pgettext_lazy("detail", "sign-ins"),
    "sha256": pgettext_lazy("detail", "fingerprint"),
    "size": pgettext_lazy("detail", "bytes"),
    "source": pgettext_lazy("detail", "source"),
    "stage": pgettext_lazy("detail", "stage"),
    "start": pgettext_lazy("detail", "start"),
    "suggestions": pgettext_lazy("detail", "suggestions"),
    "tag": pgettext_lazy("detail", "tag"),
    "tags": pgettext_lazy("detail", "tags"),
    "to": pgettext_lazy("detail", "to"),
    "unit": pgettext_lazy("detail", "unit"),
    "untagged": pgettext_lazy("detail", "tag taken off"),
    "version": pgettext_lazy("detail", "version"),
    "waiting": pgettext_lazy("detail", "waiting"),
    "work": pgettext_lazy("detail", "work"),
}


def subject_words(kind: str, number: str) -> str:
    """What an act was done to, such as “Unit 3”; kinds without a word of their own as they are stored."""
    return f"{SUBJECTS.get(kind, kind)} {number}".strip()


def detail_words(name: str) -> str:
    """The name of a detail in the reader's language; as it is stored where there is no word for it."""
    return str(_DETAILS.get(name, name))
