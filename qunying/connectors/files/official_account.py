"""The table of articles of an official account (公众号), from 内容分析."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._content import Table, register_table

register_table(
    Table(
        name="official_account",
        label=_("Official account articles"),
        looks=_("a table with 内容标题, 发表时间, 总阅读人数 and 总阅读次数"),
        where=_("Official account backstage: content analysis, “Download details”; save it as XLSX or CSV."),
        platform="wechat_official",
        aliases={
            "title": ("内容标题", "文章标题", "标题"),
            "published_at": ("发表时间", "发布时间", "群发时间", "发表日期"),
            "viewers": ("总阅读人数", "阅读人数"),
            "views": ("总阅读次数", "阅读次数", "阅读量"),
            "shares": ("总分享次数", "分享次数"),
            "followers_gained": ("阅读后关注人数", "新增关注人数"),
            "exposures": ("送达人数",),
            "click_rate": ("送达阅读率",),
            "completion_rate": ("阅读完成率", "完读率"),
            "likes": ("点赞数", "点赞人数", "赞"),
            "recommendations": ("在看数", "推荐数", "在看人数"),
            "saves": ("收藏次数", "微信收藏次数", "微信收藏人数"),
            "comments": ("评论数", "留言数", "留言条数"),
            "url": ("内容url", "文章链接", "链接"),
        },
        needed=("title", "published_at"),
        marks=(
            ("内容标题", "发表时间"),
            ("内容标题", "总阅读人数"),
            ("文章标题", "阅读人数"),
            ("标题", "阅读次数"),
        ),
    )
)
