"""Settings: each text becomes the right value, or a sentence."""

from __future__ import annotations

import datetime as dt
import stat

import pytest

from steadyhand.config import Config, ConfigError, settings_table, unknown_variables


def test_without_any_variable_every_setting_has_its_default():
    config = Config.read({})
    assert (config.port, config.bind, config.address) == (8000, "127.0.0.1", "http://localhost:8000")
    assert config.database is None and config.smtp is None and config.clock is None


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://ann:p%40ss@db.example:6432/book", ("book", "ann", "p@ss", "db.example", "6432")),
        ("postgres:///book?host=/run/pg", ("book", "", "", "/run/pg", "")),
    ],
)
def test_database_addresses(url, wanted):
    entry = Config.read({"DATABASE_URL": url}).database
    assert tuple(entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == wanted


def test_further_database_options_are_kept():
    options = Config.read({"DATABASE_URL": "postgresql://h/d?sslmode=require"}).database["OPTIONS"]
    assert options["sslmode"] == "require"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp+tls://ann:p%40ss@mail.example", ("mail.example", 587, "p@ss", "tls")),
        ("smtps://mail.example:4650", ("mail.example", 4650, "", "ssl")),
        ("smtp://localhost", ("localhost", 25, "", "")),
    ],
)
def test_mail_servers(url, wanted):
    mail = Config.read({"STEADYHAND_SMTP_URL": url}).smtp
    assert (mail.host, mail.port, mail.password, mail.security) == wanted


@pytest.mark.parametrize(
    ("text", "days"), [("mon-fri", "01234"), ("sun-thu", "01236"), ("sat,Sun", "56"), ("monday", "0")]
)
def test_working_weeks(text, days):
    assert Config.read({"STEADYHAND_AGENCY_WORKING_DAYS": text}).agency_working_days == days


def test_the_clock_reads_a_moment_in_any_zone():
    config = Config.read({"STEADYHAND_TEST": "1", "STEADYHAND_CLOCK": "2026-11-23T09:00:00+02:00"})
    assert config.clock == dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("STEADYHAND_PORT", "0"),
        ("STEADYHAND_PORT", "65536"),
        ("STEADYHAND_DATA", __file__),
        ("STEADYHAND_BASE_URL", "steadyhand.example.com"),
        ("STEADYHAND_BASE_URL", "https://example.com/sub"),
        ("STEADYHAND_BEHIND_PROXY", "maybe"),
        ("STEADYHAND_LOG", "xml"),
        ("STEADYHAND_AGENCY_ZONE", "Mars/Olympus"),
        ("STEADYHAND_AGENCY_WORKING_DAYS", "mon-xyz"),
        ("STEADYHAND_SMTP_URL", "mail.example"),
        ("STEADYHAND_SMTP_URL", "smtp://host:port"),
        ("DATABASE_URL", "postgresql://host:5432/"),
        ("STEADYHAND_ANALYTICS", "bigquery://project/dataset"),
        ("STEADYHAND_ANALYTICS", "postgresql://host/name?touchpoints=a.b"),
        ("STEADYHAND_ANALYTICS", "postgresql://host/name?touchpoints=a;b&conversions=c"),
        ("DATABASE_URL", "postgresql://host:port/name"),
    ],
)
def test_a_wrong_value_names_its_variable_and_what_would_be_right(name, text):
    with pytest.raises(ConfigError, match=rf"^{name}.*\.$"):
        Config.read({name: text})


def test_secret_values_are_never_repeated():
    with pytest.raises(ConfigError) as caught:
        Config.read({"DATABASE_URL": "mysql://ann:hunter2@host/db"})
    assert "hunter2" not in str(caught.value)


def test_https_makes_the_site_s_own_name_a_host():
    config = Config.read(
        {"STEADYHAND_BASE_URL": "https://hand.example.com/", "STEADYHAND_HOSTS": "other.example"}
    )
    assert config.is_https and config.address == "https://hand.example.com"
    assert config.allowed_hosts == ["other.example", "hand.example.com"]


def test_every_setting_says_what_it_means():
    names = [row.name for row in settings_table()]
    assert len(names) == len(set(names))
    assert all(row.meaning.endswith(".") for row in settings_table())


def test_unknown_variables_are_named_and_known_ones_are_not():
    assert unknown_variables({"STEADYHAND_PORT": "1", "HOME": "/"}) == []
    assert "STEADYHAND_HOSTS" in unknown_variables({"STEADYHAND_HOST": "x"})[0]


def test_the_secret_key_is_made_once(tmp_path):
    config = Config.read({"STEADYHAND_DATA": str(tmp_path / "new")})
    first = config.signing_key()
    assert len(first) > 60 and config.signing_key() == first
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
