"""Platforms have a short name and a label."""

from qunying.ground.platforms.names import QQ, platform_behind, platform_label, platforms


def test_a_platform_nobody_declared_stands_for_itself() -> None:
    assert (platform_label("wechat"), platform_label("telegraph")) == ("WeChat", "telegraph")


def test_the_list_is_a_copy() -> None:
    platforms().clear()
    assert "wechat" in platforms()


def test_another_way_to_a_platform_leads_to_its_people() -> None:
    assert (platform_behind("onebot"), platform_behind(QQ), platform_behind("none")) == (QQ, QQ, "none")
    assert "OneBot" in platform_label("onebot")
