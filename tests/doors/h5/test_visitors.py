"""People are told from programs by one list, wherever members and visitors come in."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from qunying.doors.h5.visitors import is_person

PHONE = "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "person"),
    [
        (PHONE, True),
        (f"{PHONE} MicroMessenger/8.0.49", True),
        (f"{PHONE} Telegram-Android/11.2", True),
        (PHONE.replace("V2309A", "CUBOT X19"), True),
        ("", False),
        ("TelegramBot (like TwitterBot)", False),
        ("WhatsApp/2.23.20", False),
        ("Slackbot-LinkExpanding 1.0", False),
        ("Slack-ImgProxy (+https://api.slack.com/robots)", False),
        ("Synapse (bot; +https://github.com/matrix-org/synapse)", False),
        ("Sogou web spider/4.0", False),
        ("Go-http-client/2.0", False),
        ("UptimeMonitor/1.0", False),
    ],
)
def test_programs_are_known_by_their_names(agent: str, person: bool) -> None:
    assert is_person(RequestFactory().get("/", headers={"User-Agent": agent})) is person


@pytest.mark.parametrize(
    "told", [{"Sec-Purpose": "prefetch;prerender"}, {"X-Moz": "prefetch"}, {"Sec-Fetch-Dest": "image"}]
)
def test_what_a_browser_fetches_by_itself_is_nobody(told: dict[str, str]) -> None:
    assert not is_person(RequestFactory().get("/", headers={"User-Agent": PHONE} | told))
