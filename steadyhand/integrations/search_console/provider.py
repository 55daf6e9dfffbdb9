"""Reading a Search Console property: each day in all, by device and by country.

The Search Analytics API v3 as of October 2026 (revision 20260805 of its discovery document). Days are Pacific
time, figures are final after two to three days, 16 months are kept. The total is asked for by itself: rows by
query would not add up to it, rare queries are withheld.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from steadyhand.integrations.google.calling import Caller
from steadyhand.integrations.google.keyed import KEY, read_keyed_secret
from steadyhand.reporting.metrics.providers import Access, Fetched, Field, Trouble
from steadyhand.reporting.metrics.store import Observation, canonical

BASE = "https://searchconsole.googleapis.com/webmasters/v3"
SCOPE = "https://www.googleapis.com/auth/webmasters.readonly"
ZONE = "America/Los_Angeles"

#: Rows at a time, the most the API gives.
PAGE = 25_000

SLICES: tuple[tuple[str, ...], ...] = ((), ("device",), ("country",))


class SearchConsole:
    """A site or a whole domain in Search Console."""

    key = "search-console"
    label = "Google Search Console"
    account = Field(
        "account", "Site", "As Search Console names it: https://www.example.com/ or sc-domain:example.com."
    )
    fields: tuple[Field, ...] = (KEY,)
    history = dt.timedelta(days=486)
    settles = dt.timedelta(days=4)
    at_a_time = dt.timedelta(days=92)
    fetches = "Clicks, impressions and average place in unpaid search of each day, by device and by country."

    def read_account(self, text: str) -> str:
        """An address with its slash at the end, or “sc-domain:” and a domain."""
        site = text.strip()
        if re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?", site):
            return site if site.endswith("/") else f"{site}/"
        if re.fullmatch(r"sc-domain:[a-z0-9.-]+\.[a-z0-9-]+", site.lower()):
            return site.lower()
        raise ValueError("A site is an address, or “sc-domain:” with a domain.")

    def read_secret(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The key of a service account."""
        return read_keyed_secret(values)

    def fetch(self, access: Access, first: dt.date, last: dt.date) -> Fetched:
        """Three questions over these days, each read until a page is not full."""
        caller = Caller(access.secret["key"], SCOPE)
        url = f"{BASE}/sites/{quote(access.account, safe='')}/searchAnalytics/query"
        answers: list[dict[str, Any]] = []
        observations: list[Observation] = []
        for slices in SLICES:
            for answer in _pages(caller, url, slices, first, last):
                answers.append(answer)
                observations += _observations(answer, slices)
        return Fetched(observations, json.dumps(answers, sort_keys=True).encode(), zone=ZONE)


def _pages(
    caller: Caller, url: str, slices: tuple[str, ...], first: dt.date, last: dt.date
) -> Iterator[dict[str, Any]]:
    read = 0
    while True:
        answer = caller.post(
            url,
            {
                "startDate": first.isoformat(),
                "endDate": last.isoformat(),
                "dimensions": ["DATE", *(name.upper() for name in slices)],
                "type": "WEB",
                "dataState": "FINAL",
                "rowLimit": PAGE,
                "startRow": read,
            },
        )
        if not isinstance(answer, dict):
            raise Trouble("Search Console gave an answer nobody understands. We try again by ourselves.")
        yield answer
        rows = len(answer.get("rows", []))
        read += rows
        if rows < PAGE:
            return


def _observations(answer: Mapping[str, Any], slices: tuple[str, ...]) -> Iterator[Observation]:
    for row in answer.get("rows", []):
        day = dt.date.fromisoformat(row["keys"][0])
        dims = canonical(dict(zip(slices, (key.lower() for key in row["keys"][1:]), strict=True)))
        clicks, impressions = float(row["clicks"]), float(row["impressions"])
        yield Observation("", "clicks", day, clicks, dims=dims)
        yield Observation("", "impressions", day, impressions, dims=dims)
        place = float(row["position"])
        yield Observation("", "position", day, place, place * impressions, impressions, dims=dims)
