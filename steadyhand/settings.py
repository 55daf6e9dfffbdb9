"""Django's settings. Everything a host may change comes from the environment: see `config.py`."""

from __future__ import annotations

import os
from typing import Any

from django.utils.csp import CSP

from steadyhand.config import IS_CHECKOUT, ROOT, Config

# openpyxl would read spreadsheets with lxml, which expands entities; without it defusedxml guards them.
os.environ["OPENPYXL_LXML"] = "False"

CONFIG = Config.read()
DATA = CONFIG.make_data_folder()
CLOCK = CONFIG.clock
BASE_URL = CONFIG.address
BEHIND_PROXY = CONFIG.behind_proxy

SECRET_KEY = CONFIG.signing_key()
DEBUG = False
ALLOWED_HOSTS = CONFIG.allowed_hosts
ROOT_URLCONF = "steadyhand.urls"
WSGI_APPLICATION = "steadyhand.wsgi.application"
AUTH_USER_MODEL = "people.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "heroicons",
    "django_tasks_db",
    "steadyhand.core",
    "steadyhand.ui",
    "steadyhand.playbook",
    "steadyhand.people",
    "steadyhand.clients",
    "steadyhand.commitments",
    "steadyhand.comms",
    "steadyhand.newbusiness",
    "steadyhand.delivery",
    "steadyhand.onboarding",
    "steadyhand.reporting",
    "steadyhand.growth",
    "steadyhand.care",
    "steadyhand.desk",
    "steadyhand.integrations",
    "steadyhand.exchange",
    "steadyhand.web",
    "steadyhand.portal",
    "steadyhand.api",
    "steadyhand.cli",
    # after ours, so that our templates come first
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "steadyhand.web.middleware.MembersAlone",
    "steadyhand.web.middleware.PlansFollow",
    "steadyhand.web.middleware.RefusalsAnswer",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "steadyhand.web.context.frame",
                "steadyhand.portal.context.frame",
            ],
        },
    }
]

# --- signing in: by invitation only, with a password, a code by e-mail, a passkey, or the agency's own SSO

AUTHENTICATION_BACKENDS = ["steadyhand.people.sign_in.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "steadyhand.people.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever accepts an invitation has shown that the address is theirs
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_FORMS = {
    "login": "steadyhand.web.forms.sign_in.PasswordForm",
    "request_login_code": "steadyhand.web.forms.sign_in.CodeForm",
    "reset_password": "steadyhand.web.forms.sign_in.ForgottenForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
SOCIALACCOUNT_ADAPTER = "steadyhand.people.sign_in.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may only post to ourselves, and the provider is elsewhere
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # an address the provider has verified is a member's address
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"APPS": CONFIG.oidc_apps()}}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if CONFIG.behind_proxy else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "steadyhand.web.forms.sign_in.PasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Steadyhand"
# Browsers count localhost as secure, but the library wants to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.is_https

# --- data

DATABASES = {"default": CONFIG.django_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- mail

DEFAULT_FROM_EMAIL = CONFIG.mail_from
RECEIVING_ADDRESS = CONFIG.receiving_address
RECEIVE_SMTP = CONFIG.receive_smtp
MAIL_PROVIDERS = {  # whose mailboxes can be connected by signing in there
    "google": (CONFIG.google_client, CONFIG.google_secret),
    "microsoft": (CONFIG.microsoft_client, CONFIG.microsoft_secret),
}
MAILERS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "steadyhand.core.mail.OutboxBackend"}}
MAIL_SERVER = CONFIG.smtp
MAIL_FOLDER = DATA / "mail"  # where mail goes without a server
MAIL_LEASE = CONFIG.lease
MAILS_A_DAY = CONFIG.mails_a_day
MAILS_TO_ONE_A_DAY = CONFIG.mails_to_one

# --- static files: collected once for the code, not once for each data folder

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "static" if IS_CHECKOUT else DATA / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA / "files"
CLIENT_QUOTA_MB = CONFIG.client_quota
ANALYTICS = CONFIG.analytics  # the agency's own database of touches and conversions
SCANNER = CONFIG.scanner  # a command that reads a file on standard input
SEAL_CERTIFICATE = CONFIG.seal_certificate  # else the one in the data folder
SEAL_PASSPHRASE = CONFIG.seal_passphrase
FILE_UPLOAD_HANDLERS = [
    "steadyhand.web.uploads.CountingHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- safety

DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a chapter of a playbook's draft is one form

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "steadyhand.people.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.is_https
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if CONFIG.is_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.behind_proxy else None
CSRF_TRUSTED_ORIGINS = [CONFIG.address]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# --- logs: standard error only; standard output carries answers

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "steadyhand.core.logs.JSONLines"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": CONFIG.log_format},
    },
    "root": {"handlers": ["stderr"], "level": CONFIG.log_level.upper()},
    "loggers": {
        # A 404 is an answer, not a fault.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
    },
}
