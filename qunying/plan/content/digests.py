"""The hash of everything that would be shown: what an approval is bound to."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.plan.content.models import Version


def digest_of(shown: dict[str, Any], pictures: Iterable[tuple[str, str, str]]) -> str:
    """SHA-256 (hex) over what is shown and its pictures, each by (digest of its bytes, caption, licence), in order.

    Written as JSON with sorted names, so that no two contents run into one another.
    """
    whole = {"shown": shown, "pictures": [list(one) for one in pictures]}
    raw = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()


def digest_now(version: Version) -> str:
    """The digest of what the store holds of this version at this moment, whatever was written down as its digest."""
    pictures = version.pictures.select_related("file").order_by("place")
    return digest_of(shown_of(version), [(one.file.digest, one.caption, one.licence) for one in pictures])


def shown_of(version: Version) -> dict[str, Any]:
    """What of a version is shown, beside its pictures."""
    shown = {
        "title": version.title,
        "form": version.form,
        "words": version.words,
        "links": version.links,
        "quotes": version.quotes,
        "ai_made": version.ai_made,
    }
    # Only where there are any: what was approved before versions had them keeps its digest.
    if version.details:
        shown["details"] = version.details
    if version.file is not None:
        shown["file"] = version.file.digest
    return shown
