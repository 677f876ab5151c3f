"""An account on a platform with a group tied to it, and what its pages answer to the cast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.services import connect_account
from qunying.ground.syncs.models import Sync
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

PLATFORM_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "callback": ("post", {"platform": "matrix", "pk": "platform_account", "rest": "x"}, "403 403 403 403 403 403"),
    "platforms": ("get", {}, "200 200 403 403 200 enter"),
    "platforms_export": ("get", {}, "200 200 403 403 200 enter"),
    "platforms_compare": ("get", {}, "200 200 200 200 200 enter"),
    "platform_new": ("get", {"platform": "matrix"}, "200 200 403 403 200 enter"),
    "platform_account": ("get", {"pk": "platform_account"}, "200 200 403 403 404 enter"),
    "platform_edit": ("get", {"pk": "platform_account"}, "200 200 403 403 404 enter"),
    "platform_check": ("post", {"pk": "platform_account"}, "302 302 403 403 404 enter"),
    "platform_pause": ("post", {"pk": "platform_account"}, "302 302 403 403 404 enter"),
    "platform_resume": ("post", {"pk": "platform_account"}, "302 302 403 403 404 enter"),
    "platform_handout": ("post", {"pk": "platform_account"}, "302 302 403 403 404 enter"),
    "platform_accept": ("post", {"pk": "platform_account"}, "302 302 403 403 404 enter"),
    "platform_delete": ("post", {"pk": "platform_account"}, "302 302 403 403 404 enter"),
    "platform_groups": ("get", {"pk": "platform_account"}, "200 200 403 403 404 enter"),
    "platform_sync": ("post", {"pk": "platform_account"}, "302 302 403 403 404 enter"),
    "platform_untie": ("post", {"pk": "platform_account", "group": "tied"}, "302 302 403 403 404 enter"),
    "platform_history": ("post", {"pk": "platform_account", "group": "tied"}, "302 302 403 403 404 enter"),
    "platform_difference": ("get", {"pk": "sync"}, "200 200 403 403 404 enter"),
}
"""Route → method, what its address names, and the answers, as in the test of permissions."""


def platform_things(units: Units, community: Community) -> dict[str, int]:
    """An account whose homeserver may not be asked (its address leads inside), a group tied to it, a comparison."""
    plain = {"homeserver": "https://127.0.0.1", "user": "@qunying:hs.test"}
    account = connect_account("matrix", name="花店", given=plain, unit=units.shop, by=TESTS)
    tied = adopt_group(account, community=community, name="房间", external_id="!room:hs.test", by=TESTS)
    now = timezone.now()
    sync = Sync.objects.create(account=account, group=tied, began_at=now, ended_at=now, state="done")
    return {"platform_account": account.pk, "tied": tied.pk, "sync": sync.pk}
