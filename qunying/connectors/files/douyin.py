"""Douyin's table of works (作品列表) from the creator centre."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._content import Table, register_table

register_table(
    Table(
        name="douyin",
        label=_("Douyin works"),
        looks=_("a table with 作品名称, 发布时间 and 播放量"),
        where=_("Douyin creator centre: data centre, works, “Export data”."),
        platform="douyin",
        aliases={
            "title": ("作品名称", "作品标题", "视频标题"),
            "published_at": ("发布时间",),
            "id": ("作品ID", "视频ID"),
            "form": ("体裁", "作品类型"),
            "state": ("审核状态", "发布状态"),
            "views": ("播放量", "播放次数"),
            "completion_rate": ("完播率",),
            "click_rate": ("封面点击率",),
            "bounce_rate": ("2s跳出率", "2秒跳出率"),
            "seconds": ("平均播放时长",),
            "likes": ("点赞量", "点赞数", "点赞"),
            "shares": ("分享量", "分享数", "分享"),
            "comments": ("评论量", "评论数", "评论"),
            "saves": ("收藏量", "收藏数", "收藏"),
            "profile_visits": ("主页访问量",),
            "followers_gained": ("粉丝增量", "涨粉量", "涨粉"),
        },
        needed=("title", "published_at"),
        marks=(("作品名称", "播放量"), ("作品标题", "播放量")),
    )
)
