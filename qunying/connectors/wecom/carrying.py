"""Cards on the phones of colleagues: brought by the app, pressed there, answered on the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.connectors.wecom.client import Client
from qunying.ground.platforms.port import RefusedError
from qunying.ground.platforms.services_phones import take_press

if TYPE_CHECKING:
    from qunying.connectors.wecom.models import Heard
    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.phones import Words
    from qunying.kit.letters import Letter

_MARK = "qunying-"
_PRESSED = "done"
_TITLE, _TEXT, _BUTTON = 26, 112, 10
"""How much WeCom shows."""


def agent_of(account: Account) -> int | None:
    """The app's number; None where nobody filled it in."""
    told = str(account.settings.get("agent", "")).strip()
    return int(told) if told.isascii() and told.isdecimal() else None


class WeComCarrier:
    """The app writes to colleagues."""

    def ready(self, account: Account) -> bool:
        """Whether the app's number is known."""
        return agent_of(account) is not None

    def send(self, account: Account, name: str, key: str, words: Words) -> str:
        """A card with one button; what it takes to change it within 72 hours."""
        card: dict[str, object] = {
            "card_type": "button_interaction",
            "main_title": {"title": words.title[:_TITLE]},
            "sub_title_text": words.text[:_TEXT],
            "task_id": f"{_MARK}{account.pk}-{key}",
            "button_list": [{"text": words.button[:_BUTTON], "style": 1, "key": _PRESSED}],
        }
        if words.url:
            card["card_action"] = {"type": 1, "url": words.url}
        with Client(account) as client:
            told = client.ask(
                "message/send", touser=name, agentid=_agent(account), msgtype="template_card", template_card=card
            )
        if told.get("invaliduser"):
            raise RefusedError(_("WeCom does not know this colleague, or the app is not visible to them."))
        return str(told.get("response_code", ""))

    def close(self, account: Account, name: str, handle: str, words: str) -> None:
        """These words instead of the button, which cannot be pressed any more."""
        with Client(account) as client:
            client.ask(
                "message/update_template_card",
                userids=[name],
                agentid=_agent(account),
                response_code=handle,
                button={"replace_name": words[:_BUTTON]},
            )


def pressed(client: Client, letter: Letter, heard: Heard) -> None:
    """Somebody pressed the button of a card; whoever it is, WeCom says so."""
    stem = f"{_MARK}{heard.account_id}-"
    if letter["EventKey"] != _PRESSED or not letter["TaskId"].startswith(stem):
        return
    words = take_press(heard.account, letter["FromUserName"], letter["TaskId"].removeprefix(stem))
    if words and letter["ResponseCode"]:
        WeComCarrier().close(client.account, letter["FromUserName"], letter["ResponseCode"], words)


def _agent(account: Account) -> int:
    found = agent_of(account)
    if found is None:
        raise RefusedError(_("The app's number (AgentId) is missing in the settings of the account."))
    return found
