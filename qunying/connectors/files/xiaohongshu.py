"""Xiaohongshu's table of notes (笔记列表明细表) from the creator service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._content import Table, register_table

register_table(
    Table(
        name="xiaohongshu",
        label=_("Xiaohongshu notes"),
        looks=_("a table with 笔记标题, 首次发布时间 and 观看量"),
        where=_("Xiaohongshu creator service: data analysis, notes, “Export data”."),
        platform="xiaohongshu",
        aliases={
            "title": ("笔记标题", "标题"),
            "published_at": ("首次发布时间", "发布时间"),
            "id": ("笔记ID",),
            "form": ("体裁", "笔记类型"),
            "exposures": ("曝光", "曝光量", "曝光数"),
            "views": ("观看量", "阅读量", "观看数"),
            "click_rate": ("封面点击率",),
            "likes": ("点赞", "点赞量", "点赞数"),
            "comments": ("评论", "评论量", "评论数"),
            "saves": ("收藏", "收藏量", "收藏数"),
            "followers_gained": ("涨粉", "涨粉数"),
            "shares": ("分享", "分享量", "分享数"),
            "seconds": ("人均观看时长", "平均观看时长"),
            "barrages": ("弹幕", "弹幕数"),
            "url": ("笔记链接",),
        },
        needed=("title", "published_at"),
        marks=(("笔记标题", "首次发布时间"), ("笔记标题", "发布时间")),
    )
)
