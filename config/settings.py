"""Settings: pure data. Reading them starts nothing and connects to nothing.

Every setting that a town changes is an environment variable (or a line in ``.env``); docs/operations.md lists them.
Empty counts as unset.
"""

import contextlib
import os
import secrets
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")
env = environ.Env()


def given(name: str, default: str = "") -> str:
    """An environment variable, where empty counts as unset."""
    return os.environ.get(name, "").strip() or default


def yes(name: str, default: bool = False) -> bool:
    return given(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


VERSION = "0.1.0"

# ---------------------------------------------------------------- engines: own servers, or those of the URLs

EMBEDDED = not given("DATABASE_URL")
if EMBEDDED:
    DATABASE = embedded.database()
else:
    owner = env.db("MIGRATE_DATABASE_URL") if given("MIGRATE_DATABASE_URL") else {}
    DATABASE = {
        **env.db("DATABASE_URL"),
        "OWNER": {k: v for k, v in owner.items() if k in ("HOST", "PORT", "USER", "PASSWORD")},
    }

DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "config.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 10,
            **DATABASE.get("OPTIONS", {}),
            "options": "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = given("REDIS_URL").rstrip("/")
CELERY_BROKER_URL = f"{REDIS_URL}/0" if REDIS_URL else embedded.broker_url(0)
CACHES = {
    "default": {
        "BACKEND": "config.cache.Cache",
        "LOCATION": f"{REDIS_URL}/1" if REDIS_URL else embedded.cache_url(1),
        "KEY_PREFIX": "linzhi",
        "OPTIONS": {"socket_connect_timeout": 3, "socket_timeout": 3},  # a broker that hangs must not hang pages
    }
}

# ---------------------------------------------------------------- secrets and hosts


def own_secret(name: str) -> str:
    """The embedded set-up makes its own key once and keeps it in var/, readable by its user only."""
    path = embedded.STATE / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f"{name}.{os.getpid()}")
        with open(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # of two that start at once, both take the first one's
            path.hardlink_to(mine)
        mine.unlink()
    return path.read_text()


def words(name: str, default: str = "") -> list[str]:
    """A setting of several words with commas between them."""
    return [word.strip() for word in given(name, default).split(",") if word.strip()]


def required(name: str, what: str) -> str:
    if not given(name):
        raise ImproperlyConfigured(f"请设置环境变量 {name}：{what}")
    return given(name)


DEBUG = yes("DEBUG")
SECRET_KEY = given("SECRET_KEY") or (
    own_secret("secret_key") if EMBEDDED else required("SECRET_KEY", "至少 50 个随机字符，换掉它会让所有人重新登录。")
)
IDENTITY_KEY = given("IDENTITY_KEY") or own_secret("identity_key")  # seals identity numbers (lib/sealed.py)
IDENTITY_KEY_BEFORE = given("IDENTITY_KEY_BEFORE")  # while the key is changed
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if EMBEDDED else "")
if not EMBEDDED:
    required("ALLOWED_HOSTS", "网站的域名，多个用逗号隔开。")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

HTTPS = yes("HTTPS", default=not EMBEDDED)  # behind TLS, everywhere but on one's own machine
BEHIND_PROXY = yes("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # who asks on the machine itself comes without TLS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
CSRF_FAILURE_VIEW = "config.errors.csrf"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # Bootstrap's own icons are data:, previews of photos are blob:
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# ---------------------------------------------------------------- the town

TOWN = given("TOWN", "荆溪镇")
SITE = {
    "town": TOWN,
    "title": given("SITE_TITLE", f"{TOWN}物业办"),
    "organisation": given("SITE_ORGANISATION", f"{TOWN}人民政府物业管理办公室"),
    "phone": given("SITE_PHONE", "0578-8800123"),
    "hours": given("SITE_HOURS", "工作日 8:30 至 17:30"),
    "address": given("SITE_ADDRESS"),
    "url": given("SITE_URL").rstrip("/"),  # for links in e-mails, e.g. https://wuye.example.gov.cn
    "parent_title": given("SITE_PARENT_TITLE"),  # as a sub-site: the county's site, linked in the head
    "parent_url": given("SITE_PARENT_URL"),
    # 党政机关网站标识, 政府网站标识码, ICP 备案, 公安备案: text, or text|address, separated by semicolons
    "identifiers": [line.strip().partition("|")[::2] for line in given("SITE_IDENTIFIERS").split(";") if line.strip()],
}
SITE["phone_line"] = f"{SITE['phone']}，{SITE['hours']}"
JURISDICTIONS = words("JURISDICTIONS", "town,city,province,nation")  # a rule is looked up in this order

# ---------------------------------------------------------------- Django

INSTALLED_APPS = [
    "config",  # first: its migrate command is the one that runs
    "accounts",
    "rulebook",
    "communities",
    "inspections",
    "complaints",
    "maintenance_fund",
    "campaigns",
    "assessments",
    "portal",
    "config.admin.PortalAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.errors.Explained",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.Person",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "portal.context.page",
            ],
            "builtins": ["accounts.templatetags.page"],
        },
    }
]
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")  # what reads leaves no history
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.sign_in.NameOrMobile"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {"OPTIONS": {"user_attributes": ["username", "name"]}}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 10}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.sign_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # the law asks for six months
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 1_000_000
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "accounts.sign_in.counted_as"
AXES_CLIENT_IP_CALLABLE = "accounts.limits.address_of"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.assets.BootstrapFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(given("MEDIA_ROOT", str(embedded.STATE / "media")))  # outside the web root; served by views only
MEDIA_URL = "media-is-never-served-directly/"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
EMAIL_BACKEND = "config.mail.Backend"  # a demo town sends nothing outside
EMAIL_HOST = ""  # Django's own default would be a mail server on this machine
if given("EMAIL_URL"):
    vars().update({k: v for k, v in env.email("EMAIL_URL").items() if k != "EMAIL_BACKEND"})
DEFAULT_FROM_EMAIL = given("DEFAULT_FROM_EMAIL", "linzhi@localhost")
EMAIL_TIMEOUT = 20
SMS = {  # a gateway that takes JSON over HTTP (accounts/channels/sms.py); without it text messages go to the log
    "url": given("SMS_URL"),
    "key": given("SMS_KEY"),
    "sign": given("SMS_SIGN"),  # 短信签名, without its brackets; else the site's title
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"linzhi": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
