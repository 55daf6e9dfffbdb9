"""Every setting: one typed table, read from the environment, each with a documented default.

`Config.read()` gives the values; a wrong one raises `ConfigError` with a sentence that names the
variable and says what would be right. `docs/settings.md` is written from this table.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from steadyhand.setting_values import (
    ConfigError,
    MailServer,
    Warehouse,
    read_address,
    read_choice,
    read_clock,
    read_database,
    read_folder,
    read_key_file,
    read_list,
    read_listener,
    read_mail_address,
    read_smtp,
    read_switch,
    read_text,
    read_warehouse,
    read_whole,
    read_working_days,
    read_zone,
)

__all__ = ["Config", "ConfigError"]

ROOT = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (ROOT / "manage.py").exists()
DATA_FOLDER = ROOT / "data" if IS_CHECKOUT else Path.home() / ".local" / "share" / "steadyhand"

SQLITE_OPTIONS = {
    # WAL with IMMEDIATE is the only combination that showed no failed writes under eight writers.
    "transaction_mode": "IMMEDIATE",
    # Loading the demo agency is one transaction: on a slow machine others wait half a minute.
    "timeout": 60,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364;"
        "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
    ),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the variable, what it means and how its text is read."""

    name: str
    group: str
    default: str
    meaning: str
    read: Callable[[str], Any]
    shown_default: str = ""
    secret: bool = False

    def value(self, environ: Mapping[str, str]) -> Any:
        """The setting's value; an empty variable counts as absent. ConfigError when it cannot be right."""
        text = environ.get(self.name, "").strip() or self.default
        try:
            return self.read(text)
        except ConfigError as error:
            shown = "" if self.secret or not text else f" (“{text}”)"
            raise ConfigError(f"{self.name}{shown} {error}") from error


def setting(group: str, name: str, default: str, meaning: str, read: Any = read_text, **more: Any) -> Any:
    return field(metadata={"setting": Setting(name, group, default, meaning, read, **more)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The values of every setting. The order here is the order of docs/settings.md."""

    data: Path = setting(
        "Where things are",
        "STEADYHAND_DATA",
        str(DATA_FOLDER),
        "The folder that holds the database, files, mail that could not leave, and the secret key.",
        read_folder,
        shown_default="`data` beside the code; `~/.local/share/steadyhand` when installed as a package",
    )
    database: dict[str, Any] | None = setting(
        "Where things are",
        "DATABASE_URL",
        "",
        "A PostgreSQL (15 or newer) database: `postgresql://user:password@host:5432/name`. "
        "Further options follow `?`, as in `?sslmode=require`.",
        read_database,
        shown_default="SQLite in the data folder",
        secret=True,
    )
    analytics: Warehouse | None = setting(
        "Where things are",
        "STEADYHAND_ANALYTICS",
        "",
        "The agency's own database of touches and conversions, where paths are then worked out: "
        "`postgresql://user:password@host:5432/name?touchpoints=schema.table&conversions=schema.table`; "
        "see docs/attribution.md.",
        read_warehouse,
        shown_default="none: paths come from files that are brought in, read by DuckDB",
        secret=True,
    )
    port: int = setting(
        "How it is reached", "STEADYHAND_PORT", "8000", "The port to listen on.", read_whole(1, 65535)
    )
    bind: str = setting(
        "How it is reached",
        "STEADYHAND_BIND",
        "127.0.0.1",
        "The network address to listen on. Put a web server with TLS in front before you open it wider.",
    )
    hosts: list[str] = setting(
        "How it is reached",
        "STEADYHAND_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "The names it answers to, separated by commas. The name in `STEADYHAND_BASE_URL` is always one.",
        read_list,
    )
    base_url: str = setting(
        "How it is reached",
        "STEADYHAND_BASE_URL",
        "",
        "The address people use, for links in mail and calendars. With https, cookies need TLS.",
        read_address,
        shown_default="`http://localhost:` and the port",
    )
    behind_proxy: bool = setting(
        "How it is reached",
        "STEADYHAND_BEHIND_PROXY",
        "0",
        "1 when a web server in front sets `X-Forwarded-Proto`; otherwise anybody could set it.",
        read_switch,
    )
    web_workers: int = setting(
        "How it is reached",
        "STEADYHAND_WEB_WORKERS",
        "1",
        "Web processes. More serve more people at once and use about 90 MB each.",
        read_whole(1, 64),
    )
    web_threads: int = setting(
        "How it is reached", "STEADYHAND_WEB_THREADS", "4", "Threads in each web process.", read_whole(1, 64)
    )
    secret_key: str = setting(
        "Safety",
        "STEADYHAND_SECRET_KEY",
        "",
        "Signs sessions and links. Give the same one to every machine that shares a database.",
        shown_default="made on the first start and kept in the data folder, readable by its owner only",
        secret=True,
    )
    seal_certificate: Path | None = setting(
        "Safety",
        "STEADYHAND_SEAL_CERTIFICATE",
        "",
        "The agency's own certificate and key (PKCS#12), with which signed agreements are sealed.",
        read_key_file,
        shown_default="a self-signed one, made at the first seal and kept in the data folder",
    )
    seal_passphrase: str = setting(
        "Safety", "STEADYHAND_SEAL_PASSPHRASE", "", "That file's passphrase.", secret=True
    )
    oidc_server: str = setting(
        "Single sign-on",
        "STEADYHAND_OIDC_SERVER",
        "",
        "The agency's identity provider (OpenID Connect), as `https://login.example.com/realms/agency`.",
        read_address,
        shown_default="none: members sign in here",
    )
    oidc_client: str = setting(
        "Single sign-on", "STEADYHAND_OIDC_CLIENT", "", "The client id the provider gave Steadyhand."
    )
    oidc_secret: str = setting(
        "Single sign-on", "STEADYHAND_OIDC_SECRET", "", "The client's secret.", secret=True
    )
    oidc_name: str = setting(
        "Single sign-on", "STEADYHAND_OIDC_NAME", "single sign-on", "What the sign-in button calls it."
    )
    smtp: MailServer | None = setting(
        "Mail",
        "STEADYHAND_SMTP_URL",
        "",
        "The mail server: `smtp://user:password@host:587?starttls`, `smtps://…:465` (TLS) or `smtp://…:25`.",
        read_smtp,
        shown_default="none: each mail is written to `mail/` in the data folder as an .eml file",
        secret=True,
    )
    mail_from: str = setting(
        "Mail", "STEADYHAND_MAIL_FROM", "Steadyhand <steadyhand@localhost>", "The sender of mail."
    )
    receiving_address: str = setting(
        "Mail",
        "STEADYHAND_RECEIVING_ADDRESS",
        "",
        "Where answers and copies reach Steadyhand, as `clients@in.agency.example`. Every client's and "
        "each member's own address is made from it with a plus sign; see docs/receiving-mail.md.",
        read_mail_address,
        shown_default="none: mail is received from connected mailboxes only",
    )
    receive_smtp: tuple[str, int] | None = setting(
        "Mail",
        "STEADYHAND_RECEIVE_SMTP",
        "",
        "Where to receive mail by SMTP, as `0.0.0.0:25`. Only addresses made from the receiving address "
        "are accepted.",
        read_listener,
        shown_default="not received by SMTP",
    )
    lease: int = setting(
        "Mail",
        "STEADYHAND_LEASE_SECONDS",
        "120",
        "How long a sender may be silent before its mail is taken from it, because it was killed or cut off.",
        read_whole(1, 3600),
    )
    mails_a_day: int = setting(
        "Mail",
        "STEADYHAND_MAILS_A_DAY",
        "20000",
        "How many mails leave in one day of the agency; the rest waits for tomorrow. 0 is no limit. "
        "Codes and links that somebody waits for always leave.",
        read_whole(0, 10_000_000),
    )
    mails_to_one: int = setting(
        "Mail",
        "STEADYHAND_MAILS_TO_ONE_A_DAY",
        "2000",
        "How many of them go to one address. Lower it to guard clients against a rule that writes too often.",
        read_whole(0, 10_000_000),
    )
    client_quota: int = setting(
        "Files",
        "STEADYHAND_CLIENT_QUOTA_MB",
        "2000",
        "How many megabytes of files one client may have.",
        read_whole(1, 10_000_000),
    )
    scanner: str = setting(
        "Files",
        "STEADYHAND_SCANNER",
        "",
        "A command that reads an uploaded file on its standard input and ends with 0 if it is clean, as "
        "`clamdscan --no-summary -`. Without one, nothing is scanned.",
        shown_default="none",
    )
    google_client: str = setting(
        "Mailboxes with Google",
        "STEADYHAND_GOOGLE_CLIENT",
        "",
        "The client id of the app registered with Google; docs/receiving-mail.md says how.",
        shown_default="none: Google mailboxes need an app password",
    )
    google_secret: str = setting(
        "Mailboxes with Google", "STEADYHAND_GOOGLE_SECRET", "", "That app's secret.", secret=True
    )
    microsoft_client: str = setting(
        "Mailboxes with Microsoft",
        "STEADYHAND_MICROSOFT_CLIENT",
        "",
        "The client id of the app registered with Microsoft; docs/receiving-mail.md says how.",
        shown_default="none: Microsoft mailboxes need an app password",
    )
    microsoft_secret: str = setting(
        "Mailboxes with Microsoft", "STEADYHAND_MICROSOFT_SECRET", "", "That app's secret.", secret=True
    )
    agency_name: str = setting(
        "The agency made in an empty data folder", "STEADYHAND_AGENCY_NAME", "My agency", "Its name."
    )
    agency_currency: str = setting(
        "The agency made in an empty data folder",
        "STEADYHAND_AGENCY_CURRENCY",
        "GBP",
        "Its currency (ISO 4217). It cannot change later.",
    )
    agency_country: str = setting(
        "The agency made in an empty data folder",
        "STEADYHAND_AGENCY_COUNTRY",
        "GB",
        "Its country (ISO 3166), for public holidays.",
    )
    agency_zone: str = setting(
        "The agency made in an empty data folder",
        "STEADYHAND_AGENCY_ZONE",
        "Europe/London",
        "Its IANA time zone.",
        read_zone,
    )
    agency_working_days: str = setting(
        "The agency made in an empty data folder",
        "STEADYHAND_AGENCY_WORKING_DAYS",
        "mon-fri",
        "Its working week, as `mon-fri` or `sun,mon,tue,wed,thu`.",
        read_working_days,
    )
    log_format: str = setting(
        "Logs",
        "STEADYHAND_LOG",
        "plain",
        "`plain` lines for people or `json` lines for a collector, on standard error.",
        read_choice("plain", "json"),
    )
    log_level: str = setting(
        "Logs",
        "STEADYHAND_LOG_LEVEL",
        "warning",
        "The least that is logged: `debug`, `info`, `warning` or `error`.",
        read_choice("debug", "info", "warning", "error"),
    )
    test: bool = setting(
        "For tests only", "STEADYHAND_TEST", "0", "1 allows what only tests may do.", read_switch
    )
    clock: dt.datetime | None = setting(
        "For tests only",
        "STEADYHAND_CLOCK",
        "",
        "Stops the clock at a moment, as `2026-11-23T09:00:00Z`. Only together with `STEADYHAND_TEST=1`.",
        read_clock,
        shown_default="the real time",
    )

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Self:
        """All settings. ConfigError at the first that cannot be right."""
        environ = os.environ if environ is None else environ
        values = {f.name: f.metadata["setting"].value(environ) for f in fields(cls)}
        config = cls(**values)
        if config.clock and not config.test:
            raise ConfigError("STEADYHAND_CLOCK works only together with STEADYHAND_TEST=1. Leave it out.")
        if bool(config.oidc_server) != bool(config.oidc_client):
            raise ConfigError("STEADYHAND_OIDC_SERVER and STEADYHAND_OIDC_CLIENT go together. Set both.")
        return config

    @property
    def address(self) -> str:
        """Where people find it."""
        return self.base_url or f"http://localhost:{self.port}"

    @property
    def is_https(self) -> bool:
        return self.address.startswith("https:")

    @property
    def allowed_hosts(self) -> list[str]:
        own = urlsplit(self.address).hostname or "localhost"
        return list(dict.fromkeys([*self.hosts, own]))

    def django_database(self) -> dict[str, Any]:
        """The database as Django's settings want it."""
        return self.database or {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": self.data / "steadyhand.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": 600,
        }

    def oidc_apps(self) -> list[dict[str, Any]]:
        """The identity provider as allauth wants it; none when none is set."""
        if not self.oidc_server:
            return []
        return [
            {
                "provider_id": "sso",
                "name": self.oidc_name,
                "client_id": self.oidc_client,
                "secret": self.oidc_secret,
                "settings": {"server_url": self.oidc_server, "oauth_pkce_enabled": True},
            }
        ]

    def make_data_folder(self) -> Path:
        """The data folder, made when absent; nobody but its owner may look into it."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.data

    def signing_key(self) -> str:
        """The secret key: the setting's, else the one in the data folder, made when absent."""
        if self.secret_key:
            return self.secret_key
        path = self.data / "secret.key"
        if not path.exists():
            self.make_data_folder()
            draft = path.with_suffix(f".{os.getpid()}")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(64))
            try:
                os.link(draft, path)  # of two processes that start together, one wins
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()


# Read by the start scripts and the test command, before there is any Python to read them with.
SHELL_SETTINGS = (
    Setting(
        "STEADYHAND_PYTHON",
        "Before Python runs",
        "",
        "The interpreter to make `.venv` with (3.12 or newer).",
        read_text,
        shown_default="the newest suitable one found in pyenv's folders or on the path",
    ),
    Setting(
        "STEADYHAND_CHROMIUM",
        "Before Python runs",
        "",
        "The browser for the journeys of `bin/test`.",
        read_text,
        shown_default="Chromium on the path; else it is installed",
    ),
)


def settings_table() -> Iterator[Setting]:
    """Every setting there is, in the order of the documentation."""
    for row in fields(Config):
        yield row.metadata["setting"]
    yield from SHELL_SETTINGS


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for each STEADYHAND_ variable that means nothing, with the likely intended name."""
    environ = os.environ if environ is None else environ
    known = [row.name for row in settings_table()]
    sentences = []
    for name in sorted(environ):
        if name.startswith("STEADYHAND_") and name not in known:
            meant = difflib.get_close_matches(name, known, 1, 0.9)
            hint = f"Did you mean {meant[0]}?" if meant else "It is ignored; docs/settings.md lists them."
            sentences.append(f"There is no setting {name}. {hint}")
    return sentences


def settings_page() -> str:
    """docs/settings.md, written from the table."""
    lines = [
        "# Settings",
        "",
        "Every setting is an environment variable. An empty one counts as absent; a wrong one stops",
        "the start with a sentence. `bin/steadyhand doctor` shows the values in force.",
        "",
        "This page is written by `bin/steadyhand doctor --write-docs` from `steadyhand/config.py`.",
    ]
    group = ""
    for row in settings_table():
        if row.group != group:
            group = row.group
            lines += ["", f"## {group}", "", "| variable | default | meaning |", "| --- | --- | --- |"]
        default = row.shown_default or f"`{row.default}`"
        lines.append(f"| `{row.name}` | {default} | {row.meaning} |")
    return "\n".join(lines) + "\n"
