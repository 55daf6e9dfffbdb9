"""Reading a Google Ads account: each day in all and by device.

The API's version 26 as of October 2026; several come out a year and each dies after about one. Costs are
millionths of the account's currency, days are the account's own. Conversions arrive late: thirty days are
read again each night.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from steadyhand.integrations.google.calling import Caller
from steadyhand.integrations.google.keyed import KEY, read_keyed_secret
from steadyhand.reporting.metrics.providers import Access, Fetched, Field, Trouble
from steadyhand.reporting.metrics.store import Observation, canonical

VERSION = "v26"
BASE = f"https://googleads.googleapis.com/{VERSION}"
SCOPE = "https://www.googleapis.com/auth/adwords"

QUESTION = """
SELECT customer.currency_code, customer.time_zone, segments.date{slices}, metrics.impressions, metrics.clicks,
metrics.cost_micros, metrics.conversions, metrics.conversions_value FROM customer
WHERE segments.date BETWEEN '{first}' AND '{last}'
"""
SLICES: tuple[tuple[str, ...], ...] = ((), ("device",))

MICROS = 1_000_000


class GoogleAds:
    """A customer account of Google Ads."""

    key = "google-ads"
    label = "Google Ads"
    account = Field("account", "Customer", "The account's number: 123-456-7890.")
    fields: tuple[Field, ...] = (
        KEY,
        Field("developer_token", "Developer token", "From the API Centre of your manager account."),
        Field(
            "login_customer",
            "Manager account",
            "Its number, where the account is reached through a manager account.",
            required=False,
        ),
    )
    history = dt.timedelta(days=3 * 365)
    settles = dt.timedelta(days=30)
    at_a_time = dt.timedelta(days=92)
    fetches = "Cost, impressions, clicks, conversions and their value of each day, by device."

    def read_account(self, text: str) -> str:
        """Ten digits, with or without dashes."""
        return _customer(text)

    def read_secret(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The key of a service account, the developer token, perhaps a manager account."""
        token = values.get("developer_token", "").strip()
        if not re.fullmatch(r"[\w-]{10,60}", token):
            raise ValueError("A developer token is 22 letters and digits.")
        manager = values.get("login_customer", "").strip()
        return read_keyed_secret(values) | {
            "developer_token": token,
            "login_customer": _customer(manager) if manager else "",
        }

    def fetch(self, access: Access, first: dt.date, last: dt.date) -> Fetched:
        """Two questions over these days; each is answered by one stream."""
        secret = access.secret
        headers = {"developer-token": secret["developer_token"]}
        if secret.get("login_customer"):
            headers["login-customer-id"] = secret["login_customer"]
        caller = Caller(secret["key"], SCOPE, headers)
        url = f"{BASE}/customers/{access.account}/googleAds:searchStream"
        answers: list[list[Any]] = []
        observations: list[Observation] = []
        about: Mapping[str, Any] = {}
        for slices in SLICES:
            named = "".join(f", segments.{name}" for name in slices)
            asked = " ".join(QUESTION.format(slices=named, first=first, last=last).split())
            answer = caller.post(url, {"query": asked})
            if not isinstance(answer, list):
                raise Trouble("Google Ads gave an answer nobody understands. We try again by ourselves.")
            answers.append(answer)
            for row in _rows(answer):
                about = row.get("customer", about)
                observations += _observations(row, slices)
        return Fetched(
            observations,
            json.dumps(answers, sort_keys=True).encode(),
            zone=str(about.get("timeZone", "")),
            currency=str(about.get("currencyCode", "")),
        )


def _customer(text: str) -> str:
    digits = text.replace("-", "").replace(" ", "")
    if not re.fullmatch(r"\d{10}", digits):
        raise ValueError("An account of Google Ads is a number of ten digits.")
    return digits


def _rows(answer: list[Any]) -> Iterator[dict[str, Any]]:
    """The rows of all batches of a stream."""
    for batch in answer:
        if not isinstance(batch, dict) or "error" in batch:
            raise Trouble("Google Ads broke off in the middle of its answer. We try again by ourselves.")
        yield from batch.get("results", [])


def _observations(row: Mapping[str, Any], slices: tuple[str, ...]) -> Iterator[Observation]:
    segments, counted = row["segments"], row.get("metrics", {})
    day = dt.date.fromisoformat(segments["date"])
    dims = canonical({name: str(segments[name]).lower() for name in slices})
    # A number that is nought is left out of the answer; a whole one comes as text.
    values = {
        "ad_impressions": float(counted.get("impressions", 0)),
        "ad_clicks": float(counted.get("clicks", 0)),
        "cost": float(counted.get("costMicros", 0)) / MICROS,
        "ad_conversions": float(counted.get("conversions", 0)),
        "ad_revenue": float(counted.get("conversionsValue", 0)),
    }
    for metric, value in values.items():
        yield Observation("", metric, day, value, dims=dims)
