"""Connecting a tool on the page: its form, how far it has been read, renewing, stopping."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client as Browser

from steadyhand.core.secrets import unseal
from steadyhand.reporting.models import Connection
from tests import cast
from tests.cast import Cast, user_of

PAGE = "/clients/halden-bikes/sources/"


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> Iterator[Cast]:
    settings.DATA = tmp_path
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def jody(people: Cast) -> Browser:
    browser = Browser()
    browser.force_login(user_of(people.jody))
    return browser


@pytest.fixture(scope="module")
def key() -> str:
    """A service account's key file."""
    private = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps(
        {
            "type": "service_account",
            "client_email": "reader@agency.test",
            "private_key": private.decode(),
            "private_key_id": "k1",
        }
    )


def test_a_tool_is_connected_seen_renewed_and_stopped(jody: Browser, key: str) -> None:
    assert "Google Search Console" in jody.get(PAGE).content.decode()
    form = f"{PAGE}connections/new/google-analytics/"
    assert "Key of the service account" in jody.get(form).content.decode()
    answer = jody.post(form, {"account": "properties/987654", "key": key, "since": "2026-11-04"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    row = Connection.objects.get()
    assert (row.account, row.since, row.cursor) == ("987654", dt.date(2026, 11, 4), None)
    assert unseal(row.secret)["key"]["client_email"] == "reader@agency.test"

    page = jody.get(PAGE).content.decode()
    assert "0 of 20 days read" in page and "PRIVATE KEY" not in page
    Connection.objects.update(cursor=dt.date(2026, 11, 13), due_at=None, quota={"tokens today": 199_000})
    own = jody.get(f"{PAGE}connections/{row.pk}/").content.decode()
    assert "10 of 20 days read" in own and "waits until its access is renewed" in own
    assert "199000 tokens today left" in own.replace(",", "")
    assert jody.post(f"{PAGE}connections/{row.pk}/", {"key": key})["Location"] == PAGE
    assert Connection.objects.get().due_at == cast.NOW

    assert jody.post(f"{PAGE}connections/{row.pk}/run/", {"whole": "1"})["Location"] == PAGE
    assert Connection.objects.get().cursor is None
    assert jody.post(f"{PAGE}connections/{row.pk}/removal/")["Location"] == PAGE
    assert not Connection.objects.exists()
    assert "Google Analytics 4 987654" in jody.get(PAGE).content.decode()


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(jody: Browser) -> None:
    form = f"{PAGE}connections/new/google-ads/"
    answer = jody.post(form, {"account": "12", "key": "{}", "developer_token": "abcdefghij0123"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a number of ten digits" in page and 'value="12"' in page
    assert not Connection.objects.exists()


def test_an_unknown_tool_is_not_there(jody: Browser) -> None:
    assert jody.get(f"{PAGE}connections/new/nothing/").status_code == 404
