"""An import on its way through the steps, kept in the session until it has been tried: back loses nothing."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.ground.files.models import StoredFile
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

_KEY = "import_drafts"
_MOST = 5


@dataclass(slots=True)
class Draft:
    """What was chosen so far. `files` are ids; `columns` and `options` as `start_import` takes them."""

    community: int
    files: list[int] = field(default_factory=list)
    format: str = ""
    group: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    run: int | None = None
    """The latest dry run."""


def new_draft(request: HttpRequest, community: Community) -> tuple[str, Draft]:
    """An empty draft and its token; the oldest make room."""
    token, draft = secrets.token_hex(6), Draft(community.pk)
    save_draft(request, token, draft)
    return token, draft


def draft_of(request: HttpRequest, token: str, community: Community) -> Draft:
    """The draft of this token; raises NotFoundError where this session has none for the community."""
    kept: dict[str, Any] | None = request.session.get(_KEY, {}).get(token)
    if kept is None or kept["community"] != community.pk:
        raise NotFoundError(_("This import is not there any more. Start again with the files."))
    return Draft(**kept)


def save_draft(request: HttpRequest, token: str, draft: Draft) -> None:
    """Keep the draft."""
    drafts = {name: kept for name, kept in request.session.get(_KEY, {}).items() if name != token}
    latest = [*drafts.items(), (token, asdict(draft))][-_MOST:]
    request.session[_KEY] = dict(latest)


def token_of(request: HttpRequest, run: int) -> str:
    """The token of the draft that this run (id) tried out, or '' where the session has none."""
    drafts = request.session.get(_KEY, {})
    return next((token for token, kept in drafts.items() if kept["run"] == run), "")


def files_of_draft(draft: Draft, staff: Staff) -> list[StoredFile]:
    """The files in the order they came; only those this person brought."""
    rows = StoredFile.objects.filter(pk__in=draft.files, owner=staff).in_bulk()
    return [rows[pk] for pk in draft.files if pk in rows]
