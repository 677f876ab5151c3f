"""Youzan's (有赞) table of orders, whole or with one row a product."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._shop import Shop, register_shop

register_shop(
    Shop(
        name="youzan",
        label=_("Youzan orders"),
        looks=_("a table with 订单号, 买家付款时间 and 订单实付金额"),
        where=_("Youzan backstage: orders, “Export report”."),
        platform="youzan",
        aliases={
            "order_id": ("订单号", "订单编号"),
            "status": ("订单状态",),
            "paid_at": ("买家付款时间", "付款时间", "支付时间"),
            "ordered_at": ("订单创建时间", "下单时间", "创建时间"),
            "buyer_id": ("买家ID", "客户ID", "会员ID", "粉丝ID", "yz_open_id"),
            "phone": ("买家手机号", "买家手机", "客户手机号", "下单手机号"),
            "name": ("买家昵称", "粉丝昵称", "客户昵称", "买家姓名", "买家"),
            "line_id": ("商品明细ID", "子订单号"),
            "product": ("商品名称", "全部商品名称"),
            "units": ("商品数量", "订单商品总件数", "购买数量"),
            "line_amount": ("商品实际成交金额", "商品实付金额"),
            "amount": ("订单实付金额", "实付金额", "订单实收金额"),
            "refunded": ("商品已退款金额", "订单已退款金额", "已退款金额", "退款金额"),
            "channel": ("订单来源", "下单渠道", "渠道"),
        },
        marks=(
            ("订单号", "买家付款时间"),
            ("订单编号", "买家付款时间"),
            ("订单号", "订单实付金额"),
            ("订单号", "订单创建时间"),
        ),
    )
)
