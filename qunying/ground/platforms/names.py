"""The registry of platforms: the short name stored with identities and groups, and what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_names: dict[str, _StrPromise] = {}


def declare_platform(name: str, label: _StrPromise) -> str:
    """Add a platform under its short name and give that back; the same again changes only the label."""
    _names[name] = label
    return name


def platforms() -> dict[str, _StrPromise]:
    """Every declared platform with its label, in the order of declaration."""
    return dict(_names)


def platform_label(name: str) -> str:
    """What people call the platform; a name nobody declared stands for itself."""
    return str(_names.get(name, name))


WECHAT = declare_platform("wechat", _("WeChat"))
WECOM = declare_platform("wecom", _("WeCom"))
QQ = declare_platform("qq", _("QQ"))
DINGTALK = declare_platform("dingtalk", _("DingTalk"))
DOUYIN = declare_platform("douyin", _("Douyin"))
XIAOHONGSHU = declare_platform("xiaohongshu", _("Xiaohongshu"))
MATRIX = declare_platform("matrix", _("Matrix"))
IRC = declare_platform("irc", _("IRC"))
ZULIP = declare_platform("zulip", _("Zulip"))
SLACK = declare_platform("slack", _("Slack"))
SHOP = declare_platform("shop", _("Own shop"))
