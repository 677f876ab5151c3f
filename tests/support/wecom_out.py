"""What a played corp does with what colleagues confirm: mass messages and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from qunying.connectors.wecom.refusals import DISPATCHING
from tests.support.wecom import Corp, Server
from tests.support.wecom_codes import NoError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_django.fixtures import SettingsWrapper

_NOBODY, _OVER, _REMINDED = 41048, 41093, 41094


@dataclass
class Mass:
    """A task before one colleague: to whom, how it stands with each (0 waits, 1 sent, 2 no friend, 3 had others)."""

    sender: str
    stands: dict[str, tuple[int, int]]
    groups: bool
    made_at: float
    stopped: bool = False
    reminded: int = 0


@dataclass
class OutCorp(Corp):
    """A corp in which colleagues confirm what was laid before them, or do not."""

    masses: dict[str, Mass] = field(default_factory=dict)
    dispatch_seconds: float = 0.0
    """So long a new task answers that it is being handed out."""
    full: set[str] = field(default_factory=set)
    """Groups and customers that have had all that a month allows."""
    deaf: set[str] = field(default_factory=set)
    """Those WeCom takes nothing for."""
    colleagues: set[str] = field(default_factory=set)
    cards: list[dict[str, Any]] = field(default_factory=list)
    handles: dict[str, float] = field(default_factory=dict)
    replaced: list[tuple[str, str]] = field(default_factory=list)
    """What stands on cards in place of their buttons."""
    robot: str = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
    notices: list[str] = field(default_factory=list)
    moments: dict[str, dict[str, bool]] = field(default_factory=dict)
    """By the number of a moment: which colleague has posted it."""
    jobs: dict[str, float] = field(default_factory=dict)
    bad_jobs: set[str] = field(default_factory=set)
    likes: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    _serial: count[int] = field(default_factory=lambda: count(1))

    def confirm(self, msgid: str, *only: str) -> None:
        """The colleague taps: it goes to everybody of the task, or only to these."""
        mass = self.masses[msgid]
        assert not mass.stopped
        for one in only or tuple(mass.stands):
            friend = mass.groups or one in self.follows.get(mass.sender, {})
            status = 3 if one in self.full else 1 if friend else 2
            mass.stands[one] = status, int(self.now())

    def _externalcontact_add_msg_template(self, given: Mapping[str, Any]) -> dict[str, Any]:
        super()._externalcontact_add_msg_template(given)
        groups = given["chat_type"] == "group"
        to = given["chat_id_list" if groups else "external_userid"]
        if groups and any(self.chats[one].owner != given["sender"] for one in to):
            self.faults.append("add_msg_template: the sender does not own every group")
        failed = [one for one in to if one in self.deaf]
        if len(failed) == len(to):
            raise NoError(_NOBODY, "no customer to send")
        msgid = f"mass{next(self._serial)}"
        stands = {one: (0, 0) for one in to if one not in self.deaf}
        self.masses[msgid] = Mass(given["sender"], stands, groups, self.now())
        return {"fail_list": failed, "msgid": msgid}

    def _mass(self, given: Mapping[str, Any]) -> Mass:
        mass = self.masses.get(given["msgid"])
        if mass is None:
            raise NoError(40058, "invalid msgid")
        if self.now() < mass.made_at + self.dispatch_seconds:
            raise NoError(DISPATCHING, "groupmsg is dispatching")
        return mass

    def _externalcontact_get_groupmsg_task(self, given: Mapping[str, Any]) -> dict[str, Any]:
        mass = self._mass(given)
        done = any(status for status, _at in mass.stands.values())
        return {"task_list": [{"userid": mass.sender, "status": 2 if done else 0, "send_time": int(self.now())}]}

    def _externalcontact_get_groupmsg_send_result(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """In pages of two, so that whoever reads only the first is found out."""
        mass, begin = self._mass(given), int(given.get("cursor") or 0)
        rows = list(self._rows(mass)) if given["userid"] == mass.sender else []
        more = begin + 2 < len(rows)
        return {"send_list": rows[begin : begin + 2], "next_cursor": str(begin + 2) if more else ""}

    def _rows(self, mass: Mass) -> Iterator[dict[str, Any]]:
        for one, (status, at) in mass.stands.items():
            to = {"chat_id": one} if mass.groups else {"external_userid": one}
            yield {"userid": mass.sender, "status": status, **to, **({"send_time": at} if status else {})}

    def _externalcontact_remind_groupmsg_send(self, given: Mapping[str, Any]) -> None:
        mass = self._mass(given)
        if mass.reminded >= 3:
            raise NoError(_REMINDED, "remind too often")
        mass.reminded += 1

    # Cards

    def press(self, task_id: str, userid: str) -> bytes:
        """A colleague presses the button of a card; the event, with a code of its own."""
        code = f"pressed{next(self._serial)}"
        self.handles[code] = self.now()
        fields = {"FromUserName": userid, "EventKey": "done", "TaskId": task_id, "ResponseCode": code}
        return self.letter("template_card_event", "", fields)

    def _message_send(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if given["touser"] not in self.colleagues:
            return {"invaliduser": given["touser"], "msgid": ""}
        if given["msgtype"] == "template_card":
            names = [one["template_card"]["task_id"] for one in self.cards]
            if given["template_card"]["task_id"] in names:
                self.faults.append("message/send: the task id was used before")
            self.cards.append(dict(given))
        code = f"card{next(self._serial)}"
        self.handles[code] = self.now()
        return {"msgid": code, "response_code": code}

    def _message_update_template_card(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Each code serves once, and 72 hours."""
        made = self.handles.pop(given["response_code"], None)
        if made is None or self.now() > made + 72 * 3600:
            raise NoError(40058, "invalid response_code")
        self.replaced.append((given["userids"][0], given["button"]["replace_name"]))
        return {"invaliduser": []}

    def _webhook_send(self, given: Mapping[str, Any]) -> None:
        if given["key"] != self.robot:
            raise NoError(93000, "invalid webhook url")
        self.notices.append(given["text"]["content"])

    # Moments

    def publish(self, number: str, userid: str) -> None:
        """A colleague posts a moment."""
        self.moments[number][userid] = True

    def _externalcontact_add_moment_task(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self.offered.append(dict(given))
        job = f"job{next(self._serial)}"
        self.moments[f"mom-{job}"] = dict.fromkeys(self.follows, False)
        self.jobs[job] = self.now()
        return {"jobid": job}

    def _externalcontact_get_moment_task_result(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """WeCom tells it a day long."""
        job = given["jobid"]
        if self.now() > self.jobs[job] + 86_400:
            raise NoError(40058, "jobid is over")
        if self.now() < self.jobs[job] + self.dispatch_seconds:
            return {"status": 2, "type": "add_moment_task"}
        number = "" if job in self.bad_jobs else f"mom-{job}"
        return {"status": 3, "type": "add_moment_task", "result": {"errcode": 0, "moment_id": number}}

    def _externalcontact_get_moment_task(self, given: Mapping[str, Any]) -> dict[str, Any]:
        rows = self.moments[given["moment_id"]].items()
        return {"task_list": [{"userid": one, "publish_status": int(done)} for one, done in rows]}

    def _externalcontact_get_moment_comments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if not self.moments[given["moment_id"]][given["userid"]]:
            self.faults.append("get_moment_comments: the colleague has not posted it")
        at = int(self.now()) - 60
        likes = [{"external_userid": one, "create_time": at} for one in self.likes]
        own = {"userid": given["userid"], "create_time": at}
        said = [{"external_userid": one, "create_time": at} for one in self.comments]
        return {"comment_list": [own, *said], "like_list": likes}

    def _externalcontact_cancel_moment_task(self, given: Mapping[str, Any]) -> None:
        self.moments.pop(given["moment_id"])

    def _externalcontact_cancel_groupmsg_send(self, given: Mapping[str, Any]) -> None:
        mass = self._mass(given)
        if mass.stopped or all(status for status, _at in mass.stands.values()):
            raise NoError(_OVER, "cannot cancel")
        mass.stopped = True


def played(settings: SettingsWrapper) -> Iterator[OutCorp]:
    """The corp, answering; whatever was wrong with a request or an answer fails the test."""
    corp = OutCorp()
    server = Server(corp)
    settings.WECOM_HOST_OF_TESTS = server.url
    yield corp
    server.close()
    assert corp.faults == []
