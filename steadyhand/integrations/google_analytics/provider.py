"""Reading a Google Analytics 4 property: each day in all, by channel and by device.

The Data API v1beta as of October 2026 (revision 20261006 of its discovery document). Days are the property's
own; figures settle for about two days, so that three are read again each night.
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

BASE = "https://analyticsdata.googleapis.com/v1beta"
SCOPE = "https://www.googleapis.com/auth/analytics.readonly"

#: Rows asked for at a time; 250,000 is the most the API gives.
PAGE = 100_000

#: Theirs and ours; ten is the most that may be asked for at once.
METRICS = {
    "sessions": "sessions",
    "totalUsers": "users",
    "newUsers": "new_users",
    "screenPageViews": "pageviews",
    "engagedSessions": "engaged_sessions",
    "keyEvents": "conversions",
    "totalRevenue": "revenue",
    "transactions": "transactions",
}

#: What each day is broken down by besides the total: their dimension and our name for it.
SLICES: tuple[dict[str, str], ...] = (
    {},
    {"sessionDefaultChannelGroup": "channel"},
    {"deviceCategory": "device"},
)


class GoogleAnalytics:
    """A property of Google Analytics 4."""

    key = "google-analytics"
    label = "Google Analytics 4"
    account = Field("account", "Property", "Its number, as in Admin → Property settings: 123456789.")
    fields: tuple[Field, ...] = (KEY,)
    history = dt.timedelta(days=3 * 365)
    settles = dt.timedelta(days=3)
    at_a_time = dt.timedelta(days=92)
    fetches = "Sessions, users, page views, key events and revenue of each day, by channel and by device."

    def read_account(self, text: str) -> str:
        """“properties/123456789” or the number alone."""
        found = re.fullmatch(r"(?:properties/)?(\d{4,15})", text.strip())
        if not found:
            raise ValueError("A property is a number.")
        return found[1]

    def read_secret(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The key of a service account."""
        return read_keyed_secret(values)

    def fetch(self, access: Access, first: dt.date, last: dt.date) -> Fetched:
        """Three reports over these days, each read to its last page."""
        caller = Caller(access.secret["key"], SCOPE)
        answers: list[dict[str, Any]] = []
        observations: list[Observation] = []
        for dimensions in SLICES:
            for answer in self._pages(caller, access.account, dimensions, first, last):
                answers.append(answer)
                observations += _observations(answer, dimensions)
        about = answers[-1].get("metadata", {})
        return Fetched(
            observations,
            json.dumps(answers, sort_keys=True).encode(),
            zone=str(about.get("timeZone", "")),
            currency=str(about.get("currencyCode", "")),
            sampled=any(_is_sampled(answer.get("metadata", {})) for answer in answers),
            quota=_quota(answers[-1].get("propertyQuota", {})),
        )

    def _pages(
        self, caller: Caller, account: str, dimensions: Mapping[str, str], first: dt.date, last: dt.date
    ) -> Iterator[dict[str, Any]]:
        read = 0
        while True:
            answer = caller.post(
                f"{BASE}/properties/{account}:runReport",
                {
                    "dateRanges": [{"startDate": first.isoformat(), "endDate": last.isoformat()}],
                    "dimensions": [{"name": name} for name in ("date", *dimensions)],
                    "metrics": [{"name": name} for name in METRICS],
                    "orderBys": [{"dimension": {"dimensionName": name}} for name in ("date", *dimensions)],
                    "limit": PAGE,
                    "offset": read,
                    "returnPropertyQuota": True,
                },
            )
            if not isinstance(answer, dict):
                raise Trouble(
                    "Google Analytics gave an answer nobody understands. We try again by ourselves."
                )
            yield answer
            rows = len(answer.get("rows", []))
            read += rows
            if not rows or read >= int(answer.get("rowCount", 0)):
                return


def _observations(answer: Mapping[str, Any], dimensions: Mapping[str, str]) -> Iterator[Observation]:
    names = [header["name"] for header in answer.get("dimensionHeaders", [])]
    metrics = [METRICS.get(header["name"], "") for header in answer.get("metricHeaders", [])]
    for row in answer.get("rows", []):
        said = dict(zip(names, (value["value"] for value in row["dimensionValues"]), strict=True))
        if not re.fullmatch(r"\d{8}", said.get("date", "")):
            continue  # “(other)”: what did not fit, of no day
        day = dt.datetime.strptime(said["date"], "%Y%m%d").date()  # a date only
        dims = canonical({ours: said[theirs] for theirs, ours in dimensions.items()})
        for metric, value in zip(metrics, row["metricValues"], strict=True):
            if metric:
                yield Observation("", metric, day, float(value["value"]), dims=dims)


def _is_sampled(about: Mapping[str, Any]) -> bool:
    """Whether Google says that the figures are not the whole of it."""
    keys = ("samplingMetadatas", "dataLossFromOtherRow", "subjectToThresholding")
    return any(about.get(key) for key in keys)


def _quota(said: Mapping[str, Any]) -> dict[str, int]:
    words = {"tokensPerDay": "tokens today", "tokensPerHour": "tokens this hour"}
    return {
        words[name]: int(left["remaining"])
        for name, left in said.items()
        if name in words and "remaining" in left
    }
