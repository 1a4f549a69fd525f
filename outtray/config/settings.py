"""Django's settings, each read through `env.py` and described in docs/reference/settings.md."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from outtray.config import database, env, logs
from outtray.lib.blobs import FileBlobs

BASE_DIR = Path(__file__).resolve().parent.parent

# Where everything is kept: database, blobs, keys.
DATA = env.path("OUTTRAY_DATA", Path(platformdirs.user_data_dir("outtray")))
BLOBS = FileBlobs(DATA / "blobs")
KEY_RING_FILE = env.path("OUTTRAY_KEY_RING_FILE", DATA / "keys" / "ring.json")
SECRET_KEY_FILE = DATA / "keys" / "secret-key"

HOST = env.text("OUTTRAY_HOST", "127.0.0.1")
PORT = env.number("OUTTRAY_PORT", 8025, at_least=1, at_most=65535)
BASE_URL = env.text("OUTTRAY_BASE_URL", f"http://{HOST}:{PORT}").rstrip("/")
ALLOW_LOCAL = env.flag("OUTTRAY_ALLOW_LOCAL", default=False)
ALLOW_NETWORKS = env.words("OUTTRAY_ALLOW_NETWORKS")
CA_FILE = env.text("OUTTRAY_CA_FILE")
# Whether the settings of a mailbox are looked for in the network, and whose name servers to ask.
DETECTION = env.flag("OUTTRAY_DETECTION", default=True)
NAME_SERVERS = env.places("OUTTRAY_NAME_SERVERS")
# Servers of this machine that play the part of Google or Microsoft.
STAND_INS = env.pairs("OUTTRAY_STAND_INS", among=("google", "microsoft", "graph", "gmail"))
if STAND_INS and not ALLOW_LOCAL:
    raise env.SettingError("OUTTRAY_STAND_INS", "needs OUTTRAY_ALLOW_LOCAL=1")
MAX_IMPORT_BYTES = env.number("OUTTRAY_MAX_IMPORT_MB", 25, at_least=1, at_most=1000) * 1024 * 1024
# The folder in which companies may have folders watched for documents to import.
IMPORT_FOLDER = env.text("OUTTRAY_IMPORT_FOLDER")
WORKER_THREADS = env.number("OUTTRAY_WORKER_THREADS", 4, at_least=1, at_most=200)
RENDER_PROCESSES = env.number("OUTTRAY_RENDER_PROCESSES", 2, at_most=64)
# Who knows it may ask for the metrics from elsewhere; without one only this machine may.
METRICS_TOKEN = env.secret("OUTTRAY_METRICS_TOKEN")
LOG_LEVEL = env.choice("OUTTRAY_LOG_LEVEL", "info", ("debug", "info", "warning", "error")).upper()
LOG_FORMAT = env.choice("OUTTRAY_LOG_FORMAT", "text", logs.FORMATS)
# Where the demo's own mail server keeps what it gets; set by `outtray demo` alone.
DEMO_MAILS = env.text("OUTTRAY_DEMO_MAILS")
DEBUG = env.flag("OUTTRAY_DEBUG", default=False)


SECRET_KEY_GIVEN = env.secret("OUTTRAY_SECRET_KEY")


def _secret_key() -> str:
    """Given, or kept since the first start; before that one that signs nothing for long."""
    try:
        return SECRET_KEY_GIVEN or SECRET_KEY_FILE.read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return secrets.token_urlsafe(50)
    except OSError as problem:
        raise env.SettingError(
            "OUTTRAY_DATA", f"is {DATA}, which cannot be read: {problem.strerror}"
        ) from problem


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = [
    *env.words("OUTTRAY_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"),
    urlsplit(BASE_URL).hostname or "localhost",
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "outtray.people",
    "outtray.mailboxes",
    "outtray.documents",
    "outtray.compose",
    "outtray.outbox",
    "outtray.runs",
    "outtray.diagnosis",
    "outtray.web",
    "outtray.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "outtray.web.security.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "outtray.api.handlers.ProblemAnswers",
    "outtray.web.security.NoNull",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "outtray.web.session.CurrentMembership",
]

ROOT_URLCONF = "outtray.config.urls"
WSGI_APPLICATION = "outtray.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "outtray.web.context.page",
            ],
        },
    },
]

DATABASES = database.configuration(env.secret("OUTTRAY_DATABASE_URL"), DATA)
SQLITE = database.sqlite(DATA)  # where `outtray move` comes from
IS_CLUSTER = DATABASES["default"]["ENGINE"] == database.POSTGRESQL
if IS_CLUSTER:
    # For the tables of the wake-ups alone.
    INSTALLED_APPS.append("procrastinate.contrib.django")
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "outtray.web.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True

SESSION_COOKIE_NAME = "outtray_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BASE_URL.startswith("https://")
CSRF_COOKIE_NAME = "outtray_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_IMPORT_BYTES
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024


def _static_version() -> str:
    """Another one whenever a file of the pages changes, so that browsers may keep them all."""
    digest = hashlib.sha256()
    for file in sorted(BASE_DIR.glob("*/static/**/*")):
        if file.is_file():
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


STATIC_URL = f"/static/{_static_version()}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = "." if not DEBUG else "(?!)"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING = logs.configuration(LOG_LEVEL, LOG_FORMAT)
