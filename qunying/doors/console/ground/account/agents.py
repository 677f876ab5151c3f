"""What a browser calls itself, in two words."""

from __future__ import annotations

from django.utils.translation import gettext as _

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("QQBrowser", "QQ Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
_HANDHELD = {"HarmonyOS", "Android", "iPhone", "iPad"}


def agent_words(agent: str) -> str:
    """For example Chrome · Windows; what is not recognised is said to be unknown."""
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name) or _("unknown browser")


def agent_icon(agent: str) -> str:
    """The picture that stands for it: a telephone or a screen."""
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return "device-mobile" if system in _HANDHELD else "device-desktop"
