"""WeCom's API as one table: how each call is made, what it takes and gives, how often it may be made, how it fails.

https://developer.work.weixin.qq.com/document, as it stood in autumn 2026. Nothing here is done: `Client.ask` reads
the line. Every answer has `errcode` and `errmsg` besides, which are not repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qunying.kit.shapes import shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.kit.shapes import Shape

HOST = "https://qyapi.weixin.qq.com"
MINUTE, HOUR, DAY, MONTH = 60, 3600, 86_400, 30 * 86_400
GET, POST = "GET", "POST"


class Retry(StrEnum):
    """What becomes of a call whose answer was lost."""

    READ = "read"
    """It changes nothing: it may be made again."""
    SAME = "same"
    """Twice is once: it may be made again."""
    ONCE = "once"
    """Twice is twice: a person has to look."""


READ, SAME, ONCE = Retry.READ, Retry.SAME, Retry.ONCE


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `amount` calls within `seconds`; `each` names the field whose values are counted apart."""

    amount: int
    seconds: int
    each: str = ""


CORP = (Pace(10_000, MINUTE), Pace(150_000, HOUR))
"""What every corp has for every call of its own (document 90454)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call. `keyed` is False where no access token goes with it."""

    name: str
    method: str
    path: str
    asks: Shape
    answers: Shape
    retry: Retry
    paces: tuple[Pace, ...] = CORP
    keyed: bool = True


def _calls(folder: str, rows: tuple[tuple[str, str, str, str, Retry], ...]) -> dict[str, Endpoint]:
    """Lines of name, method, what it takes, what it gives, and its way of failing, below one folder."""
    return {
        f"{folder}{name}": Endpoint(
            f"{folder}{name}", method, f"/cgi-bin/{folder}{name}", shape(asks), shape(answers), retry
        )
        for name, method, asks, answers, retry in rows
    }


_PEOPLE = (
    ("get", GET, "userid!s64", "userid!s name?s department?l status?i", READ),
    ("list_id", POST, "cursor?s limit?i10000", "dept_user!l next_cursor?s", READ),
    ("simplelist", GET, "department_id!i", "userlist!l", READ),
)
_CONTACTS = (
    ("get_follow_user_list", GET, "", "follow_user!l", READ),
    ("list", GET, "userid!s64", "external_userid!l", READ),
    ("get", GET, "external_userid!s64 cursor?s", "external_contact!o follow_user!l next_cursor?s", READ),
    ("batch/get_by_user", POST, "userid_list!l100 cursor?s limit?i100", "external_contact_list!l next_cursor?s", READ),
    ("contact_list", POST, "cursor?s limit?i1000", "info_list!l next_cursor?s", READ),
    (
        "remark",
        POST,
        (
            "userid!s64 external_userid!s64 remark?s20 description?s150 remark_company?s20 remark_mobiles?l "
            "remark_pic_mediaid?s"
        ),
        "",
        SAME,
    ),
    ("get_corp_tag_list", POST, "tag_id?l group_id?l", "tag_group!l", READ),
    ("add_corp_tag", POST, "group_id?s group_name?s30 order?i tag!l agentid?i", "tag_group!o", ONCE),
    ("edit_corp_tag", POST, "id!s name?s30 order?i agentid?i", "", SAME),
    ("del_corp_tag", POST, "tag_id?l group_id?l agentid?i", "", SAME),
    ("mark_tag", POST, "userid!s64 external_userid!s64 add_tag?l remove_tag?l", "", SAME),
    ("unionid_to_external_userid", POST, "unionid!s openid!s subject_type?i1", "external_userid!s", READ),
    ("convert_to_openid", POST, "external_userid!s64", "openid!s", READ),
    (
        "get_user_behavior_data",
        POST,
        "userid?l100 partyid?l100 start_time!i end_time!i",
        "behavior_data!l",
        READ,
    ),
)
_FILTER = "day_begin_time!i day_end_time?i owner_filter!o"
_GROUPS = (
    ("list", POST, "status_filter?i3 owner_filter?o cursor?s limit!i1000", "group_chat_list!l next_cursor?s", READ),
    ("get", POST, "chat_id!s64 need_name?i1", "group_chat!o", READ),
    (
        "statistic",
        POST,
        f"{_FILTER} order_by?i4 order_asc?i1 offset?i limit?i1000",
        "items!l total!i next_offset!i",
        READ,
    ),
    ("statistic_group_by_day", POST, _FILTER, "items!l", READ),
    ("transfer", POST, "chat_id_list!l100 new_owner!s64", "failed_chat_list!l", SAME),
    ("onjob_transfer", POST, "chat_id_list!l100 new_owner!s64", "failed_chat_list!l", SAME),
    (
        "add_join_way",
        POST,
        (
            "scene!i2 remark?s30 auto_create_room?i1 room_base_name?s40 room_base_id?i chat_id_list!l5 state?s30 "
            "mark_source?b"
        ),
        "config_id!s",
        ONCE,
    ),
    ("get_join_way", POST, "config_id!s", "join_way!o", READ),
    (
        "update_join_way",
        POST,
        (
            "config_id!s scene!i2 remark?s30 auto_create_room?i1 room_base_name?s40 room_base_id?i chat_id_list!l5 "
            "state?s30 mark_source?b"
        ),
        "",
        SAME,
    ),
    ("del_join_way", POST, "config_id!s", "", SAME),
)
_WAY = (
    "type!i2 scene!i2 style?i remark?s30 skip_verify?b state?s30 user?l100 party?l100 is_temp?b expires_in?i "
    "chat_expires_in?i1209600 unionid?s is_exclusive?b mark_source?b conclusions?o"
)
_CODES = (
    ("opengid_to_chatid", POST, "opengid!s", "chat_id!s", READ),
    ("add_contact_way", POST, _WAY, "config_id!s qr_code?s", ONCE),
    ("get_contact_way", POST, "config_id!s", "contact_way!l", READ),
    ("list_contact_way", POST, "start_time?i end_time?i cursor?s limit?i1000", "contact_way!l next_cursor?s", READ),
    ("update_contact_way", POST, f"config_id!s {_WAY.replace('!', '?')}", "", SAME),
    ("del_contact_way", POST, "config_id!s", "", SAME),
    ("close_temp_chat", POST, "userid!s64 external_userid!s64", "", SAME),
    ("customer_acquisition_quota", GET, "", "total!i balance!i quota_list?l", READ),
    (
        "customer_acquisition/statistic",
        POST,
        "link_id!s start_time!i end_time!i",
        "click_link_customer_cnt!i new_customer_cnt!i",
        READ,
    ),
    ("customer_acquisition/list_link", POST, "limit?i100 cursor?s", "link_id_list!l next_cursor?s", READ),
    ("customer_acquisition/get", POST, "link_id!s", "link!o range?o", READ),
    (
        "customer_acquisition/create_link",
        POST,
        "link_name!s30 range!o skip_verify?b priority_option?o mark_source?b",
        "link!o",
        ONCE,
    ),
    (
        "customer_acquisition/update_link",
        POST,
        "link_id!s link_name?s30 range?o skip_verify?b priority_option?o mark_source?b",
        "",
        SAME,
    ),
    ("customer_acquisition/delete_link", POST, "link_id!s", "", SAME),
    ("customer_acquisition/customer", POST, "link_id!s limit?i1000 cursor?s", "customer_list!l next_cursor?s", READ),
    ("customer_acquisition/get_chat_info", POST, "chat_key!s", "userid!s external_userid!s chat_info!o", READ),
)
_SENDINGS = (
    ("send_welcome_msg", POST, "welcome_code!s text?o attachments?l9", "", ONCE),
    (
        "add_msg_template",
        POST,
        ("chat_type?s external_userid?l10000 chat_id_list?l2000 tag_filter?o sender?s64 allow_select?b text?o "
         "attachments?l9"),
        "fail_list?l msgid!s",
        ONCE,
    ),
    (
        "get_groupmsg_list_v2",
        POST,
        "chat_type!s start_time!i end_time!i creator?s filter_type?i2 limit?i100 cursor?s",
        "group_msg_list!l next_cursor?s",
        READ,
    ),
    ("get_groupmsg_task", POST, "msgid!s limit?i1000 cursor?s", "task_list!l next_cursor?s", READ),
    ("get_groupmsg_send_result", POST, "msgid!s userid!s64 limit?i1000 cursor?s", "send_list!l next_cursor?s", READ),
    ("remind_groupmsg_send", POST, "msgid!s", "", ONCE),
    ("cancel_groupmsg_send", POST, "msgid!s", "", SAME),
    ("group_welcome_template/add", POST, "text?o image?o link?o miniprogram?o file?o video?o agentid?i notify?i1",
     "template_id!s", ONCE),
    ("group_welcome_template/edit", POST,
     "template_id!s text?o image?o link?o miniprogram?o file?o video?o agentid?i", "", SAME),
    ("group_welcome_template/get", POST, "template_id!s", "text?o", READ),
    ("group_welcome_template/del", POST, "template_id!s agentid?i", "", SAME),
    ("add_moment_task", POST, "text?o attachments?l9 visible_range?o", "jobid!s", ONCE),
    ("get_moment_task_result", GET, "jobid!s", "status!i type?s result?o", READ),
    ("cancel_moment_task", POST, "moment_id!s", "", SAME),
    ("get_moment_list", POST, "start_time!i end_time!i creator?s filter_type?i2 cursor?s limit?i20",
     "moment_list!l next_cursor?s", READ),
    ("get_moment_task", POST, "moment_id!s cursor?s limit?i1000", "task_list!l next_cursor?s", READ),
    ("get_moment_customer_list", POST, "moment_id!s userid!s64 cursor?s limit?i1000",
     "customer_list!l next_cursor?s", READ),
    ("get_moment_send_result", POST, "moment_id!s userid!s64 cursor?s limit?i5000",
     "customer_list!l next_cursor?s", READ),
    ("get_moment_comments", POST, "moment_id!s userid!s64", "comment_list!l like_list!l", READ),
)  # fmt: skip
_RULE = "rule_name!s20 word_list!l300 semantics_list?l3 intercept_type!i2 applicable_range!o"
_CARE = (
    ("add_intercept_rule", POST, _RULE, "rule_id!s", ONCE),
    ("get_intercept_rule_list", GET, "", "rule_list!l", READ),
    ("get_intercept_rule", POST, "rule_id!s", "rule!o", READ),
    ("update_intercept_rule", POST,
     ("rule_id!s rule_name?s20 word_list?l300 extra_rule?o intercept_type?i2 add_applicable_range?o "
      "remove_applicable_range?o"), "", SAME),
    ("del_intercept_rule", POST, "rule_id!s", "", SAME),
    ("add_product_album", POST, "description!s300 price!i product_sn?s128 attachments!l9", "product_id!s", ONCE),
    ("get_product_album", POST, "product_id!s", "product!o", READ),
    ("get_product_album_list", POST, "limit?i100 cursor?s", "product_list!l next_cursor?s", READ),
    ("update_product_album", POST, "product_id!s description?s300 price?i product_sn?s128 attachments?l9", "", SAME),
    ("delete_product_album", POST, "product_id!s", "", SAME),
    ("transfer_customer", POST,
     "handover_userid!s64 takeover_userid!s64 external_userid!l100 transfer_success_msg?s200", "customer!l", SAME),
    ("transfer_result", POST, "handover_userid!s64 takeover_userid!s64 cursor?s", "customer!l next_cursor?s", READ),
    ("get_unassigned_list", POST, "page_id?i cursor?s page_size?i1000", "info!l is_last?b next_cursor?s", READ),
    ("resigned/transfer_customer", POST, "handover_userid!s64 takeover_userid!s64 external_userid!l100",
     "customer!l", SAME),
    ("resigned/transfer_result", POST, "handover_userid!s64 takeover_userid!s64 cursor?s",
     "customer!l next_cursor?s", READ),
)  # fmt: skip
_COLLEAGUES = (
    ("send", POST,
     ("touser?s toparty?s totag?s agentid!i msgtype!s text?o textcard?o markdown?o template_card?o image?o news?o "
      "enable_duplicate_check?i1 duplicate_check_interval?i14400"), "msgid?s invaliduser?s response_code?s", ONCE),
    ("update_template_card", POST,
     "userids?l1000 partyids?l100 tagids?l100 atall?i1 agentid!i response_code!s button?o template_card?o",
     "invaliduser?l", SAME),
    ("recall", POST, "msgid!s", "", SAME),
)  # fmt: skip

ENDPOINTS: Mapping[str, Endpoint] = {
    "gettoken": Endpoint(
        "gettoken",
        GET,
        "/cgi-bin/gettoken",
        shape("corpid!s corpsecret!s"),
        shape("access_token!s expires_in!i"),
        READ,
        keyed=False,
    ),
    **_calls("", (("getcallbackip", GET, "", "ip_list!l", READ),)),
    **_calls("agent/", (("get", GET, "agentid!i", "agentid!i name?s allow_userinfos?o allow_partys?o", READ),)),
    **_calls("department/", (("list", GET, "id?i", "department!l", READ),)),
    **_calls("user/", _PEOPLE),
    **_calls("externalcontact/", (*_CONTACTS, *_CODES, *_SENDINGS, *_CARE)),
    **_calls("externalcontact/groupchat/", _GROUPS),
    **_calls("message/", _COLLEAGUES),
    "webhook/send": Endpoint(
        "webhook/send",
        POST,
        "/cgi-bin/webhook/send",
        shape("key!s msgtype!s text?o markdown?o markdown_v2?o image?o news?o file?o voice?o template_card?o"),
        shape(""),
        ONCE,
        (Pace(20, MINUTE, "key"),),
        keyed=False,
    ),
}
"""Every call by its name: the path without `/cgi-bin/`."""

IN_ADDRESS: Mapping[str, frozenset[str]] = {"webhook/send": frozenset({"key"})}
"""Fields of a POST that go into the address rather than the body."""

OWN_PACES: Mapping[str, tuple[Pace, ...]] = {
    "externalcontact/remind_groupmsg_send": (Pace(3, DAY, "msgid"),),
    "externalcontact/send_welcome_msg": (Pace(1, HOUR, "welcome_code"),),
}
"""Narrower bounds that some calls have besides the corp's."""

WELCOME_SECONDS = 20
"""How long the code lives with which a new contact may be welcomed."""


def paces_of(endpoint: Endpoint) -> tuple[Pace, ...]:
    """Every bound that holds for a call."""
    return (*endpoint.paces, *OWN_PACES.get(endpoint.name, ()))
