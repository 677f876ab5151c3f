"""Routes of channels, group codes and the page behind a link: what each answers the cast (see test_permissions)."""

from __future__ import annotations

SLUG = {"slug": "flowers"}

RECRUITMENT_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "channels": ("get", SLUG, "200 200 200 200 404 enter"),
    "channels_export": ("get", SLUG, "200 200 403 403 404 enter"),
    "channel_new": ("get", SLUG, "200 200 200 403 404 enter"),
    "channel_codes": ("get", SLUG, "200 200 200 200 404 enter"),
    "channel": ("get", SLUG | {"pk": "channel"}, "200 200 200 200 404 enter"),
    "channel_edit": ("get", SLUG | {"pk": "channel"}, "200 200 200 403 404 enter"),
    "channel_end": ("post", SLUG | {"pk": "channel"}, "302 302 302 403 404 enter"),
    "channel_resume": ("post", SLUG | {"pk": "channel"}, "302 302 302 403 404 enter"),
    "channel_cost": ("post", SLUG | {"pk": "channel"}, "302 302 302 403 404 enter"),
    "channel_cost_withdraw": ("post", SLUG | {"pk": "channel", "cost_pk": "cost"}, "302 302 302 403 404 enter"),
    "channel_link": ("post", SLUG | {"pk": "channel"}, "302 302 302 403 404 enter"),
    "channel_link_close": ("post", SLUG | {"pk": "channel"}, "302 302 302 403 404 enter"),
    "channel_code": ("get", SLUG | {"pk": "channel", "form": "svg"}, "200 200 200 200 404 enter"),
    "platform_codes": ("get", SLUG | {"pk": "channel"}, "200 200 200 200 404 enter"),
    "platform_code_new": (
        "get",
        SLUG | {"pk": "channel", "account": "platform_account", "kind": "made-up"},
        "404 404 404 403 404 enter",
    ),
    "platform_codes_look": ("post", SLUG | {"pk": "channel"}, "302 302 302 403 404 enter"),
    "platform_code_change": ("get", SLUG | {"pk": "channel", "code_pk": "code"}, "302 302 302 403 404 enter"),
    "platform_code_end": ("post", SLUG | {"pk": "channel", "code_pk": "code"}, "302 302 302 403 404 enter"),
    "platform_code_picture": ("get", SLUG | {"pk": "channel", "code_pk": "code"}, "200 200 200 200 404 enter"),
    "join_pictures": ("get", SLUG, "200 200 200 200 404 enter"),
    "join_picture_put": ("post", SLUG | {"pk": "group"}, "302 302 302 403 404 enter"),
    "join_picture_remove": ("post", SLUG | {"pk": "group"}, "302 302 302 403 404 enter"),
    "join_picture_first": ("post", SLUG | {"pk": "group"}, "302 302 302 403 404 enter"),
    "join_picture": ("get", SLUG | {"pk": "group"}, "200 200 200 200 404 enter"),
    "landing": ("get", {"code": "made-up"}, "404 404 404 404 404 404"),
    "landing_picture": ("get", {"code": "made-up", "digest": "made-up"}, "404 404 404 404 404 404"),
}
