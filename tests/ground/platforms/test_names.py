"""Platforms have a short name and a label."""

from qunying.ground.platforms.names import platform_label, platforms


def test_a_platform_nobody_declared_stands_for_itself() -> None:
    assert (platform_label("wechat"), platform_label("telegraph")) == ("WeChat", "telegraph")


def test_the_list_is_a_copy() -> None:
    platforms().clear()
    assert "wechat" in platforms()
