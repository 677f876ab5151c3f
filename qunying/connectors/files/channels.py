"""The table of videos of WeChat Channels (视频号) from the assistant."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._content import Table, register_table

register_table(
    Table(
        name="channels",
        label=_("WeChat Channels videos"),
        looks=_("a table with 视频描述, 视频ID, 发布时间 and 播放量"),
        where=_("WeChat Channels assistant: data centre, videos, “Download table”."),
        platform="wechat_channels",
        aliases={
            "title": ("视频描述",),
            "id": ("视频ID",),
            "published_at": ("发布时间",),
            "completion_rate": ("完播率",),
            "seconds": ("平均播放时长",),
            "views": ("播放量",),
            "recommendations": ("推荐", "推荐量"),
            "likes": ("喜欢", "喜欢量", "点赞"),
            "comments": ("评论量", "评论"),
            "shares": ("分享量", "分享"),
            "followers_gained": ("关注量", "关注"),
            "link_clicks": ("企微链接点击次数",),
            "contacts": ("添加到通讯录次数",),
        },
        needed=("title", "published_at"),
        marks=(("视频描述", "发布时间"),),
    )
)
