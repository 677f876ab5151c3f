"""新榜 (NewRank): tables of articles of several accounts, and rankings of accounts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._content import Table, register_table

register_table(
    Table(
        name="newrank",
        label=_("NewRank (新榜) articles or accounts"),
        looks=_("a table with 公众号 or 账号名称, and 阅读数 or 新榜指数"),
        where=_("NewRank: open the list of articles or the ranking, “Export”."),
        platform="newrank",
        aliases={
            "account": ("公众号", "公众号名称", "账号名称", "账号", "账号昵称", "昵称", "作者"),
            "account_id": ("账号ID", "微信号", "公众号ID", "帐号ID"),
            "title": ("标题", "文章标题", "作品标题"),
            "published_at": ("发布时间", "发布日期", "发表时间", "日期", "统计日期"),
            "url": ("链接", "文章链接", "原文链接", "作品链接"),
            "form": ("位置", "发布位置", "作品类型"),
            "views": ("阅读数", "阅读量", "总阅读数", "总阅读", "播放量", "播放数"),
            "likes": ("点赞数", "总点赞数", "点赞", "总点赞", "点赞量"),
            "recommendations": ("在看数", "总在看数", "在看", "总在看"),
            "comments": ("评论数", "总评论数", "评论", "留言数"),
            "shares": ("分享数", "转发数", "总转发数", "总分享数"),
            "saves": ("收藏数", "总收藏数"),
            "pieces": ("发布篇数", "篇数", "作品数", "发文篇数"),
            "index": ("新榜指数", "NRI"),
        },
        needed=("account",),
        marks=(
            ("新榜指数",),
            ("公众号", "标题", "阅读数"),
            ("公众号名称", "标题", "阅读数"),
            ("账号名称", "标题", "阅读数"),
            ("公众号", "文章标题", "阅读数"),
            ("公众号", "总阅读数"),
            ("账号名称", "总阅读数"),
        ),
    )
)
