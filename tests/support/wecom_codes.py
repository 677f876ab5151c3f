"""The part of the played corp that makes codes: of colleagues, of groups, and the links of 获客助手."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.support.recruitment import code_png

if TYPE_CHECKING:
    from collections.abc import Mapping

_PICTURES = "/pictures/"
NO_SUCH_CODE = 41044
LINKS_BOUGHT = 200


class NoError(Exception):
    """An answer with an error number."""

    def __init__(self, code: int, message: str = "refused") -> None:
        super().__init__(message)
        self.code = code


def picture_at(path: str) -> bytes:
    """The picture of a code; nothing for other addresses."""
    return code_png(path) if path.startswith(_PICTURES) else b""


@dataclass
class Codes:
    """Every code the corp's app has made; each is what was asked for, with its id and its picture."""

    house: str = ""
    ways: dict[str, dict[str, Any]] = field(default_factory=dict)
    join_ways: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    came_by_link: dict[str, list[str]] = field(default_factory=dict)
    _ids: count[int] = field(default_factory=lambda: count(1))

    def _made(self, given: Mapping[str, Any], shelf: dict[str, dict[str, Any]]) -> str:
        config = f"config{next(self._ids):026d}"
        shelf[config] = {**given, "config_id": config, "qr_code": f"{self.house}{_PICTURES}{config}"}
        return config

    def _found(self, shelf: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
        if name not in shelf:
            raise NoError(NO_SUCH_CODE, "invalid config_id")
        return shelf[name]

    def _externalcontact_add_contact_way(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if given["type"] == 1 and len(given["user"]) != 1:
            raise NoError(40058, "type 1 is one colleague")
        config = self._made(given, self.ways)
        return {"config_id": config, "qr_code": self.ways[config]["qr_code"]}

    def _externalcontact_get_contact_way(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"contact_way": [self._found(self.ways, given["config_id"])]}

    def _externalcontact_list_contact_way(self, _given: Mapping[str, Any]) -> dict[str, Any]:
        return {"contact_way": [{"config_id": one} for one in self.ways]}

    def _externalcontact_update_contact_way(self, given: Mapping[str, Any]) -> None:
        self._found(self.ways, given["config_id"]).update(given)

    def _externalcontact_del_contact_way(self, given: Mapping[str, Any]) -> None:
        self._found(self.ways, given["config_id"])
        self.ways.pop(given["config_id"])

    def _externalcontact_groupchat_add_join_way(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"config_id": self._made(given, self.join_ways)}

    def _externalcontact_groupchat_get_join_way(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"join_way": self._found(self.join_ways, given["config_id"])}

    def _externalcontact_groupchat_update_join_way(self, given: Mapping[str, Any]) -> None:
        self._found(self.join_ways, given["config_id"]).update(given)

    def _externalcontact_groupchat_del_join_way(self, given: Mapping[str, Any]) -> None:
        self._found(self.join_ways, given["config_id"])
        self.join_ways.pop(given["config_id"])

    def _externalcontact_customer_acquisition_quota(self, _given: Mapping[str, Any]) -> dict[str, Any]:
        return {"total": LINKS_BOUGHT, "balance": LINKS_BOUGHT - sum(map(len, self.came_by_link.values()))}

    def _externalcontact_customer_acquisition_create_link(self, given: Mapping[str, Any]) -> dict[str, Any]:
        name = f"cawcde{next(self._ids):06d}"
        url = f"https://work.weixin.qq.com/ca/{name}"
        self.links[name] = {**given, "link_id": name, "url": url}
        return {"link": {"link_id": name, "link_name": given["link_name"], "url": url}}

    def _externalcontact_customer_acquisition_get(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found = self._found(self.links, given["link_id"])
        return {"link": {name: found[name] for name in ("link_id", "link_name", "url")}, "range": found["range"]}

    def _externalcontact_customer_acquisition_list_link(self, _given: Mapping[str, Any]) -> dict[str, Any]:
        return {"link_id_list": sorted(self.links)}

    def _externalcontact_customer_acquisition_update_link(self, given: Mapping[str, Any]) -> None:
        self._found(self.links, given["link_id"]).update(given)

    def _externalcontact_customer_acquisition_delete_link(self, given: Mapping[str, Any]) -> None:
        self._found(self.links, given["link_id"])
        self.links.pop(given["link_id"])

    def _externalcontact_customer_acquisition_customer(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self._found(self.links, given["link_id"])
        rows, begin = self.came_by_link.get(given["link_id"], []), int(given.get("cursor") or 0)
        page = [{"external_userid": one, "chat_status": 0} for one in rows[begin : begin + given["limit"]]]
        end = begin + given["limit"]
        return {"customer_list": page, "next_cursor": str(end) if end < len(rows) else ""}

    def _externalcontact_customer_acquisition_statistic(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if given["end_time"] - given["start_time"] > 30 * 86_400:
            raise NoError(40058, "at most 30 days")
        came = len(self.came_by_link.get(given["link_id"], []))
        return {"click_link_customer_cnt": 3 * came, "new_customer_cnt": came}
