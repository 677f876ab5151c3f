"""The second step in a real browser: codes, passkeys with a key the browser pretends to have, sessions, invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse

from qunying.ground.access.models import ApiKey
from qunying.ground.access.services_invitations import invite
from qunying.ground.access.services_keys import create_key
from qunying.ground.access.services_roles import copy_role
from qunying.ground.audit.models import Act
from tests.support.browser import PHONE
from tests.support.cast import PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from tests.support.browser import OpenPage
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)
Check = "Callable[[Page], None]"
Snap = "Callable[[Page, str], None]"


@pytest.fixture(autouse=True)
def _own_home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    cache.clear()


def enter(page: Page, username: str = "lead") -> None:
    page.get_by_label("登录名或邮箱").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def leave(page: Page) -> None:
    page.locator(".person summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/accounts/login/")


def confirm(page: Page) -> None:
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def pretend_a_key(page: Page) -> None:
    """Give the browser a key that answers by itself, as a finger on a sensor would."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_codes_from_an_app(lead: Staff, open_page: OpenPage, snap: Snap, assert_accessible: Check) -> None:
    page = open_page(reverse("mfa_index"))
    enter(page)
    page.get_by_role("link", name="设置").first.click()
    confirm(page)
    page.wait_for_url("**/second-step/on/")
    snap(page, "second-step-on")
    assert_accessible(page)
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("输入它显示的六位数字").fill(code_for(secret))
    page.get_by_role("button", name="开启").click()
    codes = page.locator("#codes code").all_inner_texts()
    assert len(codes) == 10
    snap(page, "second-step-codes")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="存成文件").click()
    assert download.value.path().read_text().split() == codes
    page.reload()
    assert page.locator("#codes").count() == 0
    leave(page)
    enter(page)
    page.wait_for_url("**/second-step/enter/")
    snap(page, "second-step-enter")
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("验证码不对").wait_for()
    page.get_by_label("验证码").fill(codes[0])
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator(".person summary").wait_for()  # signed in: every address here ends with a slash
    page.goto(reverse("mfa_index"))
    page.get_by_text("还剩9个").wait_for()
    snap(page, "second-step-index")


def test_a_passkey_opens_alone_and_after_the_password(
    lead: Staff, open_page: OpenPage, snap: Snap, assert_accessible: Check
) -> None:
    page = open_page(reverse("mfa_index"))
    pretend_a_key(page)
    enter(page)
    page.get_by_role("link", name="添加通行密钥").click()
    confirm(page)
    page.wait_for_url("**/passkeys/new/")
    assert_accessible(page)
    snap(page, "passkey-new")
    page.get_by_label("通行密钥名称").fill("我的手机")
    page.get_by_role("button", name="生成通行密钥").click()
    page.locator("#codes code").first.wait_for()
    kept = Authenticator.objects.get(user=lead, type=Authenticator.Type.WEBAUTHN)
    assert (kept.wrap().name, kept.wrap().is_passwordless) == ("我的手机", True)
    assert Act.objects.filter(verb="staff.passkey_on", actor=lead.actor_key).count() == 1
    page.goto(reverse("mfa_index"))
    page.get_by_text("我的手机").first.wait_for()
    assert_accessible(page)
    snap(page, "passkey-list")
    leave(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.locator(".person summary").wait_for()
    leave(page)
    enter(page)
    page.wait_for_url("**/second-step/enter/")
    page.get_by_role("button", name="使用通行密钥").click()
    page.locator(".person summary").wait_for()
    page.goto(reverse("mfa_remove_webauthn", args=[kept.pk]))
    page.get_by_role("link", name="改用通行密钥").click()
    page.get_by_role("button", name="使用通行密钥").click()
    page.get_by_role("button", name="移除通行密钥").click()
    page.get_by_text("通行密钥已移除").wait_for()
    assert not Authenticator.objects.filter(user=lead).exists()


@pytest.mark.once
def test_a_key_that_says_no_leaves_the_page_as_it_is(lead: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("mfa_index"))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": False}})
    enter(page)
    page.get_by_role("link", name="添加通行密钥").click()
    confirm(page)
    page.get_by_role("button", name="生成通行密钥").click()
    page.get_by_text("浏览器没有生成通行密钥").wait_for()
    assert not Authenticator.objects.exists()


def test_a_stranger_joins_by_a_link(lead: Staff, units: Units, open_page: OpenPage, snap: Snap) -> None:
    _made, secret = invite("specialist", unit=units.shop, by=lead)
    page = open_page(reverse("join", args=[secret]), viewport=PHONE)
    snap(page, "join-phone")
    page.get_by_label("姓名").fill("新人")
    page.get_by_label("登录名").fill("xinren")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="加入").click()
    page.get_by_text("欢迎加入").wait_for()
    enter(page, "xinren")
    page.locator(".person summary").wait_for()


def test_a_key_is_made_after_the_password(director: Staff, open_page: OpenPage, snap: Snap) -> None:
    page = open_page(reverse("keys"), staff=director)
    page.get_by_role("link", name="新建密钥").first.click()
    confirm(page)
    page.wait_for_url("**/keys/new/")
    page.get_by_label("名称").fill("一店收银")
    page.get_by_label("单位", exact=True).select_option(index=1)
    page.get_by_label("看数据和报告").check()
    snap(page, "key-new")
    page.get_by_role("button", name="创建").click()
    text = page.locator("#key-text").input_value()
    snap(page, "key-made")
    assert text.startswith(f"qy_{ApiKey.objects.get().prefix}_")


@pytest.mark.once
@pytest.mark.parametrize(
    ("language", "theme", "viewport"),
    [("zh-hans", "light", (1366, 850)), ("en", "dark", (1366, 850)), ("zh-hans", "dark", PHONE)],
)
def test_the_pages_fit_and_are_accessible(
    language: str,
    theme: str,
    viewport: tuple[int, int],
    director: Staff,
    lead: Staff,
    units: Units,
    open_page: OpenPage,
    snap: Snap,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    create_key("一店收银", scopes=["figures.see", "imports.run"], unit=units.shop, by=lead)
    copy_role("analyst", label="数据实习生", by=director)
    invite("specialist", unit=units.shop, by=lead, email="new@example.com")
    type(director).objects.update(language=language)
    page = open_page(reverse("mfa_index"), language=language, theme=theme, viewport=viewport)
    page.locator("[name=login]").fill("director")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/second-step/")
    named = {"role": ["specialist"], "person": [lead.pk]}
    for name in ("keys", "roles", "role", "invitations", "invitation_new", "sessions", "mfa_index", "person", "audit"):
        page.goto(reverse(name, args=named.get(name)))
        assert_fits(page)
        assert_accessible(page)
        snap(page, f"staff-{name}-{language}-{theme}-{viewport[0]}")
