"""How the text of a setting becomes a value; `ConfigError` says what would be right."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo, available_timezones


class ConfigError(Exception):
    """A setting is wrong; the message says which and what would be right."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server and how to sign in: nothing, user and password, or user and OAuth access token.

    `security` is `ssl` (TLS from the start), `tls` (STARTTLS, without which nothing is sent) or empty.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The agency's own database of touches and conversions (PostgreSQL), and its two tables."""

    url: str = field(repr=False)
    touchpoints: str
    conversions: str


def read_text(text: str) -> str:
    return text


def read_folder(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ConfigError("is a file. Name a folder.")
    return path


def read_key_file(text: str) -> Path | None:
    if not text:
        return None
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise ConfigError("is no file. Name a PKCS#12 file (.p12 or .pfx) with the certificate and its key.")
    return path


def read_whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if not lowest <= number <= highest:
            raise ConfigError(f"is not a whole number from {lowest} to {highest}.")
        return number

    return read


def read_switch(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ConfigError("is neither on nor off. Write 1 or 0.")


def read_choice(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in choices:
            raise ConfigError(f"is not one of: {', '.join(choices)}.")
        return text.lower()

    return read


def read_list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


DATABASE_REMEDY = (
    "is not a PostgreSQL address. Write it as postgresql://user:password@host:5432/name, "
    "or leave it out to use SQLite in the data folder."
)


def read_database(url: str) -> dict[str, Any] | None:
    """Django's entry for a PostgreSQL address; None for SQLite in the data folder."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(DATABASE_REMEDY) from error
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.strip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise ConfigError(DATABASE_REMEDY)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(port or "")),
        # Statements are prepared from their third use on: planning them anew costs more than running them.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3} | options,
        # Without a kept connection the task worker would open one for each task.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def read_warehouse(url: str) -> Warehouse | None:
    """A PostgreSQL address whose options name the tables; None for the files that were brought in."""
    if not url:
        return None
    remedy = (
        "is not a database with two tables. Write "
        "postgresql://user:password@host:5432/name?touchpoints=schema.table&conversions=schema.table."
    )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ConfigError(remedy) from error
    options = dict(parse_qsl(parts.query))
    tables = [options.pop(name, "") for name in ("touchpoints", "conversions")]
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ConfigError(remedy)
    for name, table in zip(("touchpoints", "conversions"), tables, strict=True):
        if not re.fullmatch(r"[^\W\d][\w$]*(\.[^\W\d][\w$]*)?", table):
            raise ConfigError(
                f"does not name the table of {name}. Add {name}=schema.table to what follows the “?”."
            )
    return Warehouse(urlunsplit(parts._replace(query=urlencode(options))), *tables)


def read_smtp(url: str) -> MailServer | None:
    if not url:
        return None
    remedy = (
        "is not a mail server's address. Write smtp://user:password@host:587?starttls (STARTTLS), "
        "smtps://user:password@host:465 (TLS) or smtp://host:25 (neither)."
    )
    kinds = {"smtp": (25, ""), "smtp+tls": (587, "tls"), "smtps": (465, "ssl")}
    try:
        parts = urlsplit(url)
        port, security = kinds[parts.scheme]
        if not parts.hostname or parts.query not in {"", "starttls"}:
            raise ConfigError(remedy)
        if parts.query and security != "ssl":
            port, security = kinds["smtp+tls"]
        return MailServer(
            host=parts.hostname,
            port=parts.port or port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            security=security,
        )
    except (KeyError, ValueError) as error:
        raise ConfigError(remedy) from error


def read_address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
        raise ConfigError("is not the address of a site. Write https://steadyhand.example.com.")
    return text.rstrip("/")


def read_mail_address(text: str) -> str:
    """A bare mail address, in small letters; without a plus sign, which is where ours begin to differ."""
    local, _, domain = text.lower().rpartition("@")
    well_formed = re.fullmatch(r"[a-z0-9._-]{1,30}", local) and re.fullmatch(r"[a-z0-9.-]{1,200}", domain)
    if text and not well_formed:
        raise ConfigError("is no mail address. Write it as clients@in.agency.example.")
    return text.lower()


def read_listener(text: str) -> tuple[str, int] | None:
    """`0.0.0.0:25` or `[::]:25` as host and port; None where there is none."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ConfigError("is no address to listen on. Write it as 0.0.0.0:25.")
    return host.strip("[]"), int(port)


def read_zone(text: str) -> str:
    if text not in available_timezones():
        raise ConfigError("is not a time zone. Write it as Area/City, for instance Europe/London.")
    return text


def read_working_days(text: str) -> str:
    """Days as digits, Monday is 0: “mon-fri” is 01234, “sun,mon” is 06."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    days: set[int] = set()
    for part in read_list(text.lower()):
        first, _, last = part.partition("-")
        if first[:3] not in names or (last and last[:3] not in names):
            raise ConfigError("is not a working week. Write days as mon-fri or sun,mon,tue,wed,thu.")
        start = names.index(first[:3])
        length = (names.index(last[:3]) - start) % 7 if last else 0
        days |= {(start + step) % 7 for step in range(length + 1)}
    return "".join(str(day) for day in sorted(days))


def read_clock(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError("is not a moment. Write it as 2026-11-23T09:00:00Z.") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))).astimezone(dt.UTC)
