"""Settings of the whole system, read from the environment.

`ZAITAKU_ENV` is `local` (default: plain HTTP on the own machine, a generated secret key) or `production` (HTTPS,
secret key and host names are required). Everything the process writes goes below `ZAITAKU_STATE` (default `var/`).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("ZAITAKU_STATE", BASE_DIR / "var"))
ENVIRONMENT = os.environ.get("ZAITAKU_ENV", "local")
IS_PRODUCTION = ENVIRONMENT == "production"
if ENVIRONMENT not in {"local", "production"}:
    raise ImproperlyConfigured(f"ZAITAKU_ENV must be 'local' or 'production', not {ENVIRONMENT!r}.")


def _secret_key() -> str:
    """The key from the environment, else the one `zaitaku.supervisor` keeps in the state folder, else a passing one."""
    if key := os.environ.get("ZAITAKU_SECRET_KEY"):
        return key
    if IS_PRODUCTION:
        raise ImproperlyConfigured("Set ZAITAKU_SECRET_KEY: production never uses a generated key.")
    path = STATE_DIR / "secret_key"
    if path.is_file():
        return path.read_text().strip()
    import secrets

    return secrets.token_urlsafe(48)


def _service(name: str, default: str) -> str:
    """Address of a server: from the environment, else of the embedded one that `zaitaku.supervisor` runs here."""
    if url := os.environ.get(name):
        return url
    running = STATE_DIR / "services.json"
    if not IS_PRODUCTION and running.is_file():
        return str(json.loads(running.read_text()).get(name, default))
    return default


def _database(url: str) -> dict[str, object]:
    """A Django database entry from `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql:// — Zaitaku runs on PostgreSQL only.")
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: unquote(value) for key, value in options.items()},
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("ZAITAKU_HOSTS", "").split(",") if h] or (
    [] if IS_PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ZAITAKU_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "zaitaku",
    "zaitaku.accounts",
    "zaitaku.audit",
    "zaitaku.sources",
    "zaitaku.jobs",
    "regions",
    "institutions",
    "indicators",
    "intake",
    "plans",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zaitaku.accounts.middleware.SessionLimits",
    "zaitaku.audit.middleware.name_actor",
    "zaitaku.pages.middleware.kind_answers",
    "indicators.middleware.own_indicators_for_viewer",
]

ROOT_URLCONF = "zaitaku.urls"
WSGI_APPLICATION = "zaitaku.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zaitaku.context.frame",
            ],
        },
    }
]

# Widgets from templates/django/forms, else Django's own.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": _database(_service("DATABASE_URL", "postgresql://zaitaku@127.0.0.1:5432/zaitaku"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = _service("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "zaitaku",
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "indicators:home"
LOGOUT_REDIRECT_URL = "indicators:home"

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
# Browser assets that set-up fetched from npm (bootstrap/assets.toml); they do not depend on the state folder.
ASSETS_DIR = Path(os.environ.get("ZAITAKU_ASSETS", BASE_DIR / "var" / "assets"))
STATICFILES_DIRS = [BASE_DIR / "static", *([ASSETS_DIR] if ASSETS_DIR.is_dir() else [])]
MEDIA_ROOT = STATE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "zaitaku.static_storage.StaticStorage"},
}

# Nothing from another host, nothing inline: the pages work in a closed network.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A sign-in ends after this long without an action, and in any case (zaitaku.accounts.sessions); the cookie lives
# longer, so that what was being written can be given back to whom it belongs.
SESSION_IDLE_SECONDS = int(os.environ.get("ZAITAKU_IDLE_MINUTES", "60")) * 60
SESSION_LONGEST_SECONDS = 12 * 3600
SESSION_COOKIE_AGE = 24 * 3600
SESSION_SAVE_EVERY_REQUEST = False
# One mechanism stops guessing, the sign-in log (zaitaku.accounts.queries), and the clock may be one step off, no more.
OTP_TOTP_THROTTLE_FACTOR = 0
OTP_TOTP_SYNC = False
OTP_TOTP_ISSUER = "Zaitaku"
# How many proxies stand before the site and name the visitor's address in X-Forwarded-For.
PROXIES = int(os.environ.get("ZAITAKU_PROXIES", "0"))
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# A task longer than the visibility timeout is delivered again, so it stays above the longest job; a killed worker's job
# is found by its stale heartbeat (zaitaku.jobs), which is the truth about what runs.
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 4 * 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "restart-stale-jobs": {"task": "zaitaku.jobs.tasks.restart_stale_jobs", "schedule": 10.0},
    "measure-access": {"task": "indicators.tasks.measure_access", "schedule": crontab(hour=3, minute=7)},
    "compute-what-changed": {
        "task": "indicators.tasks.compute_what_changed",
        "schedule": crontab(hour=3, minute=17),
    },
    "delete-old-downloads": {"task": "indicators.tasks.delete_old_downloads", "schedule": 3600.0},
    "forget-old-sign-ins": {
        "task": "zaitaku.accounts.tasks.forget_old_sign_ins",
        "schedule": crontab(hour=4, minute=7),
    },
    "delete-old-documents": {"task": "plans.output_tasks.delete_old_documents", "schedule": 3600.0},
}

# The read API. Nothing is allowed across origins (no CORS headers): programs read it, pages of other sites do not.
# Behind a proxy, `ZAITAKU_PROXIES` says how many there are, or all visitors would share one limit.
API_RATES = {
    "visitor": os.environ.get("ZAITAKU_API_RATE", "120/min"),
    "key": os.environ.get("ZAITAKU_API_KEY_RATE", "1200/min"),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["zaitaku.rest.access.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["zaitaku.rest.rendering.ResourceRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": ["zaitaku.rest.access.VisitorRate", "zaitaku.rest.access.KeyRate"],
    "DEFAULT_SCHEMA_CLASS": "zaitaku.rest.description.Description",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "zaitaku.rest.problems.answer_failure",
    "NUM_PROXIES": PROXIES,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "在宅医療計画支援システム「Zaitaku」 データのAPI",
    "DESCRIPTION": "在宅医療の指標の値、定義、地域、医療機関、出典を読み取るAPIです。説明は /api/v1/docs/ にあります。",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": [],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ZAITAKU_LOG_LEVEL", "WARNING")},
}
