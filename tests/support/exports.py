"""A small export of each format, written for the tests: what a shop owner would bring."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

QQ = """\
消息记录（此消息记录为文本格式，不支持重新导入）

================================================================
消息分组:我的群
================================================================
消息对象:花店群
================================================================

2024-05-01 9:08:07 【群主】小美(10001)
早
@阿强 在吗
2024-05-02 不是头

2024-05-01 9:08:07 阿强<qiang@example.com>
[图片]

2024-05-01 21:08:07 系统消息(10000)
阿强 邀请 兰(10003) 加入了本群。

2024-05-01 21:09:07 系统消息(1000000)
小美撤回了一条消息

2024-05-01 21:10:07 小美 改名了(10001)
下班
"""
WEFLOW: dict[str, Any] = {
    "weflow": {"version": "1.0.0"},
    "session": {"wxid": "1@chatroom", "displayName": "花店群", "type": "群聊"},
    "avatars": {"wxid_mei": "data:image/png;base64,AAAA"},
    "messages": [
        {"localId": 1, "createTime": 1714528800, "type": "文本消息", "localType": 1, "content": "早",
         "senderUsername": "wxid_mei", "senderDisplayName": "小美"},
        {"localId": 2, "createTime": 1714528801, "type": "图片消息", "localType": 3, "content": "[图片]",
         "senderUsername": "wxid_qiang", "senderDisplayName": "阿强"},
        {"localId": 3, "createTime": 1714528802, "type": "系统消息", "localType": 10000,
         "content": '"小美"邀请"兰、竹"加入了群聊', "senderUsername": "1@chatroom"},
        {"localId": 4, "createTime": 1714528803, "type": "文本消息", "localType": 1,
         "content": "@小美\u2005 好", "senderUsername": "wxid_qiang", "senderDisplayName": "阿强"},
        {"localId": 5, "createTime": 1714528804, "type": "系统消息", "localType": 10000,
         "content": '"阿强"撤回了一条消息', "senderUsername": ""},
    ],
}  # fmt: skip
MEMOTRACE = """\
localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender
1,2,1,0,0,1714528800,2,早,2024-05-01 10:00:00,,小美,wxid_mei,8888
2,2,3,0,0,1714528801,2,<img/>,2024-05-01 10:00:01,,阿强,wxid_qiang,8889
"""
WECHAT = """\
小美 2024/5/1 10:20
早呀

阿强 2024/5/1 下午2:20
@小美\u2005 好的
第二行
"阿强"邀请"兰、竹"加入了群聊
"阿强"撤回了一条消息
"""
JIELONG = """\
#接龙
周末读书会报名
例 名字 人数

1. 小美 2人
2. 阿强
"""
TELEGRAM: dict[str, Any] = {
    "name": "Roses",
    "type": "private_supergroup",
    "id": 77,
    "messages": [
        {"id": 1, "type": "service", "date": "2024-05-01T10:00:00", "date_unixtime": "1714528800", "actor": "Mei",
         "actor_id": "user1", "action": "invite_members", "members": ["Qiang"], "text": ""},
        {"id": 2, "type": "message", "date_unixtime": "1714528801", "from": "Mei", "from_id": "user1",
         "text": ["hi ", {"type": "mention_name", "text": "Lan", "user_id": 3}],
         "text_entities": [{"type": "plain", "text": "hi "}, {"type": "mention_name", "text": "Lan", "user_id": 3}],
         "reactions": [{"type": "emoji", "count": 1, "emoji": "👍",
                        "recent": [{"from": "Qiang", "from_id": "user2", "date": "2024-05-01T10:05:00"}]}]},
        {"id": 3, "type": "message", "date_unixtime": "1714528802", "from": "Qiang", "from_id": "user2",
         "reply_to_message_id": 2, "text": "yes", "photo": "x.jpg"},
        {"id": 4, "type": "service", "date_unixtime": "1714528803", "actor": "Mei", "actor_id": "user1",
         "action": "edit_group_title", "title": "Red roses", "text": ""},
        {"id": 5, "type": "service", "date_unixtime": "1714528804", "actor": "Mei", "actor_id": "user1",
         "action": "remove_members", "members": ["Qiang"], "text": ""},
        {"id": 6, "type": "service", "date_unixtime": "1714528805", "actor": "Mei", "actor_id": "user1",
         "action": "pin_message", "message_id": 2, "text": ""},
    ],
}  # fmt: skip
DISCORD: dict[str, Any] = {
    "guild": {"id": "1", "name": "Shop"},
    "channel": {"id": "2", "type": "GuildTextChat", "name": "general"},
    "messages": [
        {"id": "10", "type": "GuildMemberJoin", "timestamp": "2024-05-01T10:00:00.1+00:00", "content": "Joined.",
         "author": {"id": "5", "name": "mei", "nickname": "Mei"}, "mentions": []},
        {"id": "11", "type": "Default", "timestamp": "2024-05-01T10:00:01+00:00", "content": "hi @q",
         "author": {"id": "5", "name": "mei"}, "attachments": [{"fileName": "a.PNG"}],
         "reactions": [{"emoji": {"name": "🔥"}, "count": 1, "users": [{"id": "6", "name": "q"}]}],
         "mentions": [{"id": "6", "name": "q"}]},
        {"id": "12", "type": "Reply", "timestamp": "2024-05-01T10:00:02+00:00", "content": "yes",
         "author": {"id": "6", "name": "q"}, "mentions": [], "reference": {"messageId": "11"}},
        {"id": "13", "type": "ChannelNameChange", "timestamp": "2024-05-01T10:00:03+00:00",
         "content": "Changed the channel name: roses", "author": {"id": "5", "name": "mei"}},
    ],
    "messageCount": 4,
}  # fmt: skip
SLACK: dict[str, Any] = {
    "users.json": [
        {"id": "U1AA", "name": "mei", "profile": {"display_name": "Mei"}},
        {"id": "U2AA", "name": "q", "real_name": "Qiang"},
    ],
    "channels.json": [{"id": "C1", "name": "general"}],
    "general/2024-05-01.json": [
        {"type": "message", "subtype": "channel_join", "user": "U2AA", "inviter": "U1AA", "ts": "1714528800.000100",
         "text": "<@U2AA> has joined the channel"},
        {"type": "message", "user": "U1AA", "ts": "1714528801.000200", "thread_ts": "1714528801.000200",
         "text": "hi <@U2AA> <!here>", "reactions": [{"name": "+1", "users": ["U2AA"], "count": 1}]},
        {"type": "message", "user": "U2AA", "ts": "1714528802.000300", "thread_ts": "1714528801.000200",
         "parent_user_id": "U1AA", "text": "yes"},
    ],
    "general/2024-05-02.json": [
        {"type": "message", "subtype": "channel_name", "user": "U1AA", "ts": "1714615200.000100", "name": "roses",
         "text": "renamed"},
        {"type": "message", "subtype": "channel_leave", "user": "U2AA", "ts": "1714615201.000100", "text": "left"},
    ],
}  # fmt: skip
WHATSAPP = """\
01/05/2024, 10:20 - Messages and calls are end-to-end encrypted.
01/05/2024, 10:21 - Mei added Qiang and Lan
13/05/2024, 10:22 - Qiang: hi @\u2068Mei\u2069
second line
13/05/2024, 10:23 - Lan left
13/05/2024, 10:24 - Mei: This message was deleted
13/05/2024, 10:25 - Mei changed the subject from "Roses" to "Red roses"
"""
WECOM: list[dict[str, Any]] = [
    {"msgid": "a1", "action": "send", "from": "zhang", "tolist": ["wm1"], "roomid": "wr1", "msgtime": 1714528800000,
     "msgtype": "text", "text": {"content": "你好"}},
    {"msgid": "a2", "action": "recall", "from": "zhang", "tolist": ["wm1"], "roomid": "wr1", "msgtime": 1714528801000,
     "msgtype": "revoke", "revoke": {"pre_msgid": "a1"}},
    {"msgid": "a3", "action": "send", "from": "zhang", "tolist": ["wm1"], "roomid": "", "msgtime": 1714528802000,
     "msgtype": "text", "text": {"content": "两个人的话"}},
    {"msgid": "a4", "action": "send", "from": "wm1", "tolist": ["zhang"], "roomid": "wr1", "msgtime": 1714528803000,
     "msgtype": "mixed", "mixed": {"item": [{"type": "text", "content": '{"content": "图文"}'}]}},
    {"msgid": "a5", "action": "switch", "time": 1714528804000, "user": "zhang"},
]  # fmt: skip
DOUYIN = """\
作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,封面点击率,2s跳出率,平均播放时长,点赞量,分享量,评论量,收藏量,主页访问量,粉丝增量
玫瑰怎么养,2024-05-01 10:00:00,视频,公开,1.2万,35.2%,50%,-,20%,12.5,"1,234",3,4,5,6,-
"""
XIAOHONGSHU = """\
最多导出排序后前1000条笔记
笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕
剪枝,2024年05月01日12时30分00秒,图文,100,20,0.2,1,2,3,4,5,1分20秒,0
"""
CHANNELS = """\
视频描述,视频ID,发布时间,完播率,平均播放时长,播放量,推荐,喜欢,评论量,分享量,关注量
浇水,export/abc,2024/05/01 10:00,30%,10,3w,2,1,0,0,0
"""
OFFICIAL = """\
内容标题,发表时间,总阅读人数,总阅读次数,总分享人数,总分享次数,阅读后关注人数,送达人数,送达阅读率,阅读完成率,内容url
春天,20240501,10,12,1,1,0,100,9%,60%,http://mp.weixin.qq.com/s/x
"""
NEWRANK = """\
排名,公众号,账号ID,发布篇数,总阅读数,总在看数,新榜指数
1,花店,flower,3,10万+,12,"1,023.5"
"""
YOUZAN = """\
订单号,订单状态,订单创建时间,买家付款时间,买家昵称,买家手机号,商品名称,商品数量,订单实付金额,商品已退款金额
E1,交易完成,2024-05-01 10:00,2024-05-01 10:01,小美,13800138000,玫瑰,2,"¥1,234.50",
E2,交易关闭,2024-05-01 10:00,,小美,138****8000,玫瑰,1,10,
E3,交易完成,2024年5月1日 12:30,2024年5月1日 12:30,阿强,,玫瑰,1,10.00,5
"""
WEIMOB = """\
订单编号,下单时间,付款时间,订单状态,客户昵称,客户手机号,商品名称,购买数量,实付金额
W1,2024-05-01 10:00,2024-05-01 10:01,已完成,小美,+86 138-0013-8000,玫瑰,2,99.9元
"""


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def as_json(value: Any) -> str:
    """Laid out over several lines, as exporters write it."""
    return json.dumps(value, ensure_ascii=False, indent=1)


EXPORTS: dict[str, tuple[str, str | bytes]] = {
    "qq": ("花店群.txt", QQ),
    "wechat_json": ("花店群.json", as_json(WEFLOW)),
    "wechat_csv": ("messages.csv", MEMOTRACE),
    "wechat_text": ("聊天.txt", WECHAT),
    "jielong": ("接龙 2024-05-01.txt", JIELONG),
    "telegram": ("result.json", as_json(TELEGRAM)),
    "discord": ("general.json", as_json(DISCORD)),
    "slack_export": ("slack.zip", zipped({name: as_json(value) for name, value in SLACK.items()})),
    "whatsapp": ("WhatsApp Chat with Roses.txt", WHATSAPP),
    "wecom": ("archive.json", as_json(WECOM)),
    "douyin": ("作品.csv", DOUYIN),
    "xiaohongshu": ("笔记 2024-05-09.csv", XIAOHONGSHU),
    "channels": ("动态.csv", CHANNELS),
    "official_account": ("内容.csv", OFFICIAL),
    "newrank": ("榜单.csv", NEWRANK),
    "youzan": ("订单.csv", YOUZAN),
    "weimob": ("订单.csv", WEIMOB),
}
