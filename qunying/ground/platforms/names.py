"""The registry of platforms: the short name stored with identities and groups, and what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_names: dict[str, _StrPromise] = {}
_services: dict[str, _StrPromise] = {}
_words: dict[str, str] = {}
_ways: dict[str, tuple[str, _StrPromise]] = {}


def declare_platform(name: str, label: _StrPromise, *aliases: str) -> str:
    """Add a platform under its short name and give that back; the same again changes only the label.

    `aliases` are other words that files use for it.
    """
    _names[name] = label
    _words.update({word.casefold(): name for word in (name, *aliases)})
    return name


def declare_service(name: str, label: _StrPromise) -> str:
    """Add something accounts connect to that has no groups and no members, so that nobody is offered it as theirs."""
    _services[name] = label
    return name


def is_service(name: str) -> bool:
    """Whether accounts connect to it though it has no groups of ours."""
    return name in _services


def declare_way(name: str, label: _StrPromise, *, to: str) -> str:
    """Add another way to a platform under a short name of its own: its groups and people are those of `to`."""
    _ways[name] = (to, label)
    return name


def platform_behind(name: str) -> str:
    """The platform whose groups and people an account of this name meets: itself, but for another way to one."""
    return _ways[name][0] if name in _ways else name


def canonical_platform(word: str) -> str:
    """The short name for a word in a file (“微信” is wechat); an unknown word stands for itself in lower case."""
    plain = word.strip().casefold()
    return _words.get(plain, plain)


def platforms() -> dict[str, _StrPromise]:
    """Every declared platform with its label, in the order of declaration."""
    return dict(_names)


def platform_label(name: str) -> str:
    """What people call the platform; a name nobody declared stands for itself."""
    if name in _ways:
        return str(_ways[name][1])
    return str({**_services, **_names}.get(name, name))


WECHAT = declare_platform("wechat", _("WeChat"), "微信", "weixin", "wx")
WECOM = declare_platform("wecom", _("WeCom"), "企业微信", "企微", "wework", "wxwork")
QQ = declare_platform("qq", _("QQ"))
DINGTALK = declare_platform("dingtalk", _("DingTalk"), "钉钉", "ding")
DOUYIN = declare_platform("douyin", _("Douyin"), "抖音")
XIAOHONGSHU = declare_platform("xiaohongshu", _("Xiaohongshu"), "小红书")
MATRIX = declare_platform("matrix", _("Matrix"))
IRC = declare_platform("irc", _("IRC"))
ZULIP = declare_platform("zulip", _("Zulip"))
TELEGRAM = declare_platform("telegram", _("Telegram"))
DISCORD = declare_platform("discord", _("Discord"))
WHATSAPP = declare_platform("whatsapp", _("WhatsApp"))
CHANNELS = declare_platform("wechat_channels", _("WeChat Channels"), "视频号")
OFFICIAL = declare_platform("wechat_official", _("Official account"), "公众号")
NEWRANK = declare_platform("newrank", _("NewRank"), "新榜")
YOUZAN = declare_platform("youzan", _("Youzan"), "有赞")
WEIMOB = declare_platform("weimob", _("Weimob"), "微盟")
SLACK = declare_platform("slack", _("Slack"))
SHOP = declare_platform("shop", _("Own shop"), "店铺", "商城", "门店")
