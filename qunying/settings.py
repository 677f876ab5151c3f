"""Django settings; what one installation may change comes from its home directory and the environment.

Settings of an installation: QUNYING_HOME (directory), QUNYING_DATABASE (a postgresql:// address;
without it, SQLite in the home directory), QUNYING_HOSTS (comma-separated host names),
QUNYING_HTTPS (1 behind TLS: secure cookies and HSTS), QUNYING_PROXIES (how many proxies stand
before it and name the caller's address), QUNYING_UPLOAD_DAYS (how long uploads are kept), QUNYING_MAIL and
QUNYING_MAIL_FROM (the server that sends mail), QUNYING_LOGO (the picture on reports), QUNYING_TWO_FACTOR
(required: everybody needs a second step). docs/settings.md explains each.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from qunying.kit.keys import load_keyring

PACKAGE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("QUNYING_HOME", "~/.qunying")).expanduser().absolute()
KEYRING = load_keyring(HOME)
SECRET_KEY = KEYRING.secret if KEYRING else secrets.token_urlsafe(48)
DEBUG = False
HTTPS = os.environ.get("QUNYING_HTTPS") == "1"
ALLOWED_HOSTS = [host for host in os.environ.get("QUNYING_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]

LAKE = HOME / "lake"
UPLOADS = HOME / "files"
ERASURES = HOME / "erasures.jsonl"
UPLOAD_DAYS = int(os.environ.get("QUNYING_UPLOAD_DAYS", "90"))
LOGO = os.environ.get("QUNYING_LOGO", "")
PUBLIC_URL = os.environ.get("QUNYING_PUBLIC_URL", "")
API_RATE = int(os.environ.get("QUNYING_API_RATE", "30000"))
WEBHOOKS_LOCAL = os.environ.get("QUNYING_WEBHOOKS_LOCAL") == "1"
INSIDE_HOSTS = [host for host in os.environ.get("QUNYING_INSIDE_HOSTS", "").split(",") if host]
METRICS_TOKEN = os.environ.get("QUNYING_METRICS_TOKEN", "")
LOG_DAYS = int(os.environ.get("QUNYING_LOG_DAYS", "180"))
BACKUP_DIRECTORY = os.environ.get("QUNYING_BACKUP_DIR", "")
BACKUP_HOUR = int(os.environ.get("QUNYING_BACKUP_HOUR", "3"))
BACKUP_KEEP = int(os.environ.get("QUNYING_BACKUP_KEEP", "14"))

INSTALLED_APPS = [
    "qunying.doors.api",
    "qunying.doors.console",
    "qunying.doors.h5",
    "qunying.act.suggestions",
    "qunying.check.reports",
    "qunying.check.supervision",
    "qunying.check.alerts",
    "qunying.check.tracking",
    "qunying.check.stages",
    "qunying.do.journeys",
    "qunying.do.publishing",
    "qunying.do.recruitment",
    "qunying.do.admission",
    "qunying.do.reach",
    "qunying.plan.goals",
    "qunying.plan.content",
    "qunying.plan.materials",
    "qunying.plan.schedule",
    "qunying.plan.compliance",
    "qunying.plan.playbooks",
    "qunying.connectors.dingtalk",
    "qunying.connectors.files",
    "qunying.connectors.matrix",
    "qunying.connectors.official_account",
    "qunying.connectors.wecom",
    "qunying.connectors.onebot",
    "qunying.connectors.qq",
    "qunying.ground.patrol",
    "qunying.ground.subjects",
    "qunying.ground.segments",
    "qunying.ground.figures",
    "qunying.ground.warehouse",
    "qunying.ground.imports",
    "qunying.ground.webhooks",
    "qunying.ground.syncs",
    "qunying.ground.merges",
    "qunying.ground.events",
    "qunying.ground.groups",
    "qunying.ground.privacy",
    "qunying.ground.members",
    "qunying.ground.platforms",
    "qunying.ground.jobs",
    "qunying.ground.files",
    "qunying.ground.access",
    "qunying.ground.units",
    "qunying.ground.backups",
    "qunying.ground.audit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_q",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "qunying.doors.console.ground.health.timing.TimingMiddleware",
    "qunying.doors.console.policy.PolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qunying.doors.console.ground.account.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "qunying.doors.console.ground.account.watch.WatchMiddleware",
    "qunying.doors.console.errors.ConsoleMiddleware",
    "qunying.doors.api.middleware.ApiMiddleware",
]

ROOT_URLCONF = "qunying.doors.console.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qunying.doors.console.context.console",
            ],
        },
    },
]


# How long a connection is used again by the requests that follow; `qunying web` alone asks for it (decision 0152).
_CONNECTION_SECONDS = int(os.environ.get("QUNYING_CONNECTION_SECONDS", "0"))


def _database() -> dict[str, object]:
    address = os.environ.get("QUNYING_DATABASE", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "qunying.sqlite3",
            "CONN_MAX_AGE": _CONNECTION_SECONDS,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                # A busy import touches thousands of pages in no order: room for them, and 32 MB between checkpoints.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=8000;",
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": _CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "qunying.doors.console.ground.account.adapters.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Failed passwords are counted by ground/access/services_locks.py; allauth counts failed codes of the second step.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/300s/key"}
MFA_ADAPTER = "qunying.doors.console.ground.account.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
SECOND_STEP_FOR_ALL = os.environ.get("QUNYING_TWO_FACTOR") == "required"
MFA_TOTP_ISSUER = "Qunying"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("QUNYING_PROXIES", "0"))

# Sign-in limits are counted in the default cache, so every process and machine must see the same one.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "qunying_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Mail goes out only where QUNYING_MAIL names a server: smtp://user:password@host:587, or smtps:// for port 465.
_mail = urlsplit(os.environ.get("QUNYING_MAIL", ""))
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("QUNYING_MAIL_FROM", "") or EMAIL_HOST_USER or "qunying@localhost"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOCALE_PATHS = sorted((PACKAGE / "locale").glob("*/"))
STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True

Q_CLUSTER = {
    "name": "fast",
    "orm": "default",
    "cache": "process",
    "workers": 2,
    "timeout": 60,
    "retry": 90,
    "max_attempts": 5,
    "ack_failures": True,
    "catch_up": False,
    "bulk": 1,
    "poll": 0.5,
    "save_limit": 1000,
    "label": "Qunying",
    "ALT_CLUSTERS": {"bulk": {"workers": 1, "timeout": 60, "retry": 90, "max_attempts": 5}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"safe": {"()": "qunying.kit.logs.SafeFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "safe", "level": "WARNING"},
        "daily": {"class": "qunying.kit.logs.DailyFile", "formatter": "safe"},
    },
    "root": {"handlers": ["stderr", "daily"], "level": "WARNING"},
    "loggers": {
        "qunying": {"level": "INFO"},
        # Below that it tells refusals with the address, which holds what people typed; our own line has the route.
        "django.request": {"level": "ERROR"},
        "django-q": {"handlers": ["stderr", "daily"], "level": "WARNING", "propagate": False},
    },
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
