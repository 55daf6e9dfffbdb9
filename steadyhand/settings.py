"""Django settings. Everything a host may change comes from the environment: see `config.py`."""

from __future__ import annotations

import os

from steadyhand import config

DATA = config.data_dir()
DATA.mkdir(parents=True, exist_ok=True)

SECRET_KEY = os.environ.get("STEADYHAND_SECRET_KEY", "change-me")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "heroicons",
    "steadyhand.core",
    "steadyhand.ui",
    "steadyhand.playbook",
    "steadyhand.people",
    "steadyhand.clients",
    "steadyhand.commitments",
    "steadyhand.comms",
    "steadyhand.desk",
    "steadyhand.exchange",
    "steadyhand.web",
    "steadyhand.api",
    "steadyhand.cli",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "steadyhand.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": config.database(os.environ.get("DATABASE_URL"), DATA)}
AUTH_USER_MODEL = "people.User"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
