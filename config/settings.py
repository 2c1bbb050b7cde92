"""Settings of the installation, read from the environment; every secret may also come from a file named NAME_FILE."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import languages
from config.environment import (
    FAULTS,
    SESSION,  # noqa: F401 - asked for as a setting
    addresses,
    as_cache,
    broker,
    database,
    env,
    hook,
    hosts,
    kind,
    level,
    mail,
    networks,
    origins,
    owners_database,
    read,
    seconds,
    switch,
    web_address,
    zone,
)
from portfolio.city import first_language_of, pages_of
from portfolio.work.kinds import Patience

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR") or BASE_DIR / "var").resolve()
DEBUG = read("DEBUG", switch, "0")
INSTALLATION = read("SALKKU_INSTALLATION", kind, "live")  # live | demo | test: what the first migration makes of it
SECRET_KEY = env("SECRET_KEY") or "not set"  # the check config.E001 refuses to start a service with it
ALLOWED_HOSTS = read("ALLOWED_HOSTS", hosts, "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = read("CSRF_TRUSTED_ORIGINS", origins)

INSTALLED_APPS = [
    "config",  # before those of Django's whose commands it puts others in the place of
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "portfolio",
    "projects",
    "reporting",
    "workers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.headers.Pressed",
    "portfolio.api.middleware.identify_request",
    "portfolio.api.middleware.ask_once",
    "config.headers.content_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portfolio.addresses.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portfolio.people.held.keep_what_was_typed",
    "portfolio.api.middleware.refusals_as_answers",
    "portfolio.people.web.own_password_first",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates", *sorted(BASE_DIR.glob("reporting/pages/**/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.shell.shell",
            ],
            "libraries": {"moves": "reporting.pages.forms.tags"},
        },
    }
]

DATABASES = {"default": read("DATABASE_URL", database, "postgresql://salkku@localhost/salkku")}
# The owner migrates and, in a demonstration, moves the clock; nothing else connects as the owner (decision 10).
OWNER_DATABASE = (
    read("OWNER_DATABASE_URL", owners_database, "postgresql:///none") if env("OWNER_DATABASE_URL") else None
)
RUNTIME_ROLE = DATABASES["default"]["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SIMPLE_HISTORY_DATE_INDEX = False

# Neither tracked nor insert-only: no content and no right depends on their past (decision 6).
OPERATIONAL_TABLES = {
    "portfolio.Account": "sign-in; password hashes never enter the chain (decision 7)",
    "portfolio.Token": "sign-in of programs",
    "portfolio.IdempotencyKey": "answers kept for retries",
    "portfolio.SignInTries": "how often a door was tried of late; works without the broker",
    "portfolio.SignInPlace": "where a name has signed in from, as hashes",
    "portfolio.Errand": "what people sent the machine on, and how far it is",
    "reporting.Work": "claims, epochs and leases of jobs (decision 6)",
    "reporting.Heartbeat": "signs of life of worker and beat",
    "auth.Permission": "Django's own, unused",
    "auth.Group": "Django's own, unused",
    "auth.Group_permissions": "Django's own, unused",
    "auth.User": "Django's own, unused",
    "auth.User_groups": "Django's own, unused",
    "auth.User_user_permissions": "Django's own, unused",
    "contenttypes.ContentType": "Django's own",
    "portfolio.Session": "sign-in in a browser",
    "sessions.Session": "Django's own, unused",
}
# Written by the functions of the ledger alone.
LEDGER_TABLES = {
    "portfolio.Installation",
    "portfolio.Head",
    "portfolio.ChangeSet",
    "portfolio.ChangeEntry",
    "portfolio.HistoryShape",
    "portfolio.Redaction",
}

AUTH_USER_MODEL = "portfolio.Account"
# The first one keeps new passwords; one kept by another is kept anew at the next sign-in.
PASSWORD_HASHERS = [
    "portfolio.people.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "names")}),
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_ENGINE = "portfolio.people.signing.sessions"
AUTHENTICATION_BACKENDS = ["portfolio.people.signing.sessions.ByName"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_COOKIES = read("SECURE_COOKIES", switch, "1" if INSTALLATION == "live" and not DEBUG else "0")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
# By this beginning of the name a browser keeps them to this very host, and takes none that another one sets for it.
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE_COOKIES else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE_COOKIES else "csrftoken"
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
# Other names under this one, and lists that browsers carry with them, are for the city to decide, not for a program.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_REDIRECT_EXEMPT = ["^healthz", "^readyz"]  # asked by a load balancer beside the proxy, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Who stands before the service and may say for whom it asks (X-Forwarded-For); nobody else is believed.
TRUSTED_PROXIES = read("TRUSTED_PROXIES", networks, "")

# The city as data: names, languages and forms of its own stand in a file (config/demo/identity.json in the demo).
IDENTITY_FILE = Path(
    env("IDENTITY_FILE") or BASE_DIR / "config" / ("demo/identity.json" if INSTALLATION != "live" else "identity.json")
)

TIME_ZONE = read("CITY_TIME_ZONE", zone, "Europe/Helsinki")
USE_TZ = True
LANGUAGE_CODE = first_language_of(IDENTITY_FILE)
# What pages and answers can be asked for in: what the program speaks by itself, and what the city's pages speak beside.
LANGUAGES = [(code, code) for code in pages_of(IDENTITY_FILE)]
LOCALE_PATHS = [*languages.FOLDERS]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portfolio.api.signin.TokenSignIn", "portfolio.api.signin.SessionSignIn"],
    "DEFAULT_PERMISSION_CLASSES": ["portfolio.api.signin.SignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["portfolio.api.rendering.OrjsonRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portfolio.api.rendering.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["portfolio.api.parsing.BoundedJson"],
    "DEFAULT_SCHEMA_CLASS": "portfolio.api.schema.RoomSchema",
    "EXCEPTION_HANDLER": "portfolio.api.errors.answer",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Salkku",
    "DESCRIPTION": "Programmes, steering groups, benefit targets and the council's report.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "PREPROCESSING_HOOKS": ["portfolio.api.schema.without_doubles"],
    "POSTPROCESSING_HOOKS": [],
}

# Letters: without a mail server nobody is written to; a demonstration keeps them in its data folder.
LETTERS = "" if INSTALLATION == "live" else f"file://{DATA_DIR / 'mail'}"
MAIL_URL = env("MAIL_URL", LETTERS)
_mail = read("MAIL_URL", mail, LETTERS)
EMAIL_BACKEND, EMAIL_FILE_PATH = _mail.backend, _mail.folder
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.tls, _mail.ssl
EMAIL_TIMEOUT = 20  # well within the lease of the work
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "salkku@localhost")
# What a link in a letter begins with.
SITE_ADDRESS = read("SITE_ADDRESS", web_address) or next(
    iter(CSRF_TRUSTED_ORIGINS), f"http://127.0.0.1:{env('PORT', '8000')}"
)

# Where `backup` keeps what it makes, and `/healthz/deep` looks for it.
BACKUP_FOLDER = Path(env("BACKUP_FOLDER")).resolve() if env("BACKUP_FOLDER") else None
# Whom the watch tells of trouble: addresses with commas between, and an address or a command that is given it as JSON.
ALARM_TO = read("ALARM_TO", addresses)
ALARM_HOOK = read("ALARM_HOOK", hook)
# Where the watch asks whether the web answers; without it that is not asked.
WEB_ADDRESS = read("WEB_ADDRESS", web_address)
# Who bears it is told all by `/healthz/deep`; without it only the office is.
MONITORING_TOKEN = env("MONITORING_TOKEN")

# Celery only rings; rows decide. A lost or doubled ring is harmless (decision 24).
TICK_SECONDS = read("TICK_SECONDS", seconds, "30")
CELERY_BROKER_URL = read("REDIS_URL", broker, "redis://localhost:6379/0")
# Pages that are kept, in the broker's memory; without them each is made anew.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": as_cache(CELERY_BROKER_URL),
        "KEY_PREFIX": "salkku",
        "OPTIONS": {
            "serializer": "reporting.pages.kept.Bytes",
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.5,
        },
    }
}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
# Of ticks; bells are rung by the limits of their kind of work, in the one table of kinds.
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = Patience().limits.values()
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "retry_on_timeout": True,
}
TICKS = "ticks"  # the queue of beat's rings, beside that of the rings by which a worker tells the others
CELERY_TASK_QUEUES = {name: {"exchange": name, "routing_key": name} for name in ("celery", TICKS)}
CELERY_BEAT_SCHEDULER = "workers.bellringer:Bellringer"
CELERY_BEAT_SCHEDULE = {
    name: {
        "task": f"workers.tasks.{name}",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS * 0.9, "queue": TICKS},
    }
    for name in ("open_due_reports", "freeze_due_reports", "render_due_reports", "tell_of_parked_work", "ring_errands")
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_TIMEZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "in_a_line": {"class": "logging.StreamHandler", "formatter": "in_a_line"},
    },
    "formatters": {"in_a_line": {"()": "config.logs.InALine"}},
    # What strangers send is no fault of ours: it is told in a line, and where it was noticed tells nobody anything.
    "loggers": {"django.security": {"handlers": ["in_a_line"], "propagate": False}},
    "root": {"handlers": ["console"], "level": read("LOG_LEVEL", level, "WARNING")},
}

if FAULTS:
    raise ImproperlyConfigured("\n".join(dict.fromkeys(FAULTS)))
