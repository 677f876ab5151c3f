"""Weimob's (微盟) table of orders, whole or with one row a product."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._shop import Shop, register_shop

register_shop(
    Shop(
        name="weimob",
        label=_("Weimob orders"),
        looks=_("a table with 订单编号, 付款时间, 实付金额 and the customer"),
        where=_("Weimob backstage: orders, “Export orders”."),
        platform="weimob",
        aliases={
            "order_id": ("订单编号", "订单号"),
            "status": ("订单状态",),
            "paid_at": ("付款时间", "支付时间"),
            "ordered_at": ("下单时间", "订单创建时间", "创建时间"),
            "buyer_id": ("客户ID", "会员ID", "WID", "客户编号", "用户ID"),
            "phone": ("客户手机号", "会员手机号", "买家手机号", "客户手机", "下单人手机号"),
            "name": ("客户昵称", "微信昵称", "会员昵称", "客户名称", "客户姓名", "下单人", "买家昵称"),
            "line_id": ("商品行ID", "子订单编号"),
            "product": ("商品名称", "商品标题"),
            "units": ("商品数量", "购买数量", "数量"),
            "line_amount": ("商品实付金额", "商品实付", "商品实收金额"),
            "amount": ("订单实付金额", "实付金额", "实收金额", "订单金额"),
            "refunded": ("退款金额", "已退款金额", "商品退款金额"),
            "channel": ("订单来源", "下单渠道", "销售渠道"),
        },
        marks=(
            ("订单编号", "客户昵称"),
            ("订单编号", "客户名称"),
            ("订单编号", "客户手机号"),
            ("订单编号", "会员手机号"),
            ("订单编号", "WID"),
            ("订单编号", "客户ID"),
            ("订单编号", "微信昵称"),
        ),
    )
)
