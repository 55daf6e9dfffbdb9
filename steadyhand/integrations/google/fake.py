"""A server of Google's shape for tests: tokens, Analytics, Search Console and Ads, and their bad days.

It answers from figures that follow from the day, so that whoever reads can say what must come out. Faults
are queued: each spoils one request.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

import jwt

CHANNELS, DEVICES, COUNTRIES = ("Organic Search", "Paid Search"), ("desktop", "mobile"), ("gbr", "irl")


@dataclass(frozen=True, slots=True)
class Fault:
    """What one request is answered with instead; `cut` breaks the body off in the middle."""

    status: int = 500
    message: str = "Internal error encountered."
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def sessions(day: dt.date) -> int:
    """How many sessions a day has: more in the week than at its end."""
    return 100 + 2 * (day.toordinal() % 25) - (40 if day.weekday() > 4 else 0)


@dataclass
class Google:
    """The server's state: who may come in, what to spoil, what was asked."""

    address: str = ""
    public_key: str = ""
    allowed: bool = True
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tokens_given: int = 0
    at_most: int = 100_000
    repeats: int = 0
    ahead: int = 0
    missing: set[dt.date] = field(default_factory=set)
    factor: float = 1.0

    def answer(self, path: str, body: dict[str, Any]) -> Any:
        """The answer of whichever interface the path is of."""
        if path.endswith(":runReport"):
            return self._analytics(body)
        if path.endswith("/searchAnalytics/query"):
            return self._search(body)
        return self._ads(body["query"])

    def _days(self, first: str, last: str) -> Iterator[dt.date]:
        day = dt.date.fromisoformat(first)
        while day <= dt.date.fromisoformat(last):
            if day not in self.missing:
                yield day
            day += dt.timedelta(days=1)

    def _counted(self, day: dt.date, share: float = 1.0) -> float:
        return sessions(day) * self.factor * share

    def _analytics(self, body: dict[str, Any]) -> dict[str, Any]:
        span, names = body["dateRanges"][0], [one["name"] for one in body["dimensions"]]
        values = {"sessionDefaultChannelGroup": CHANNELS, "deviceCategory": DEVICES}
        rows = []
        for day in self._days(span["startDate"], span["endDate"]):
            for value in values[names[1]] if len(names) > 1 else ("",):
                number = self._counted(day, 0.5 if value else 1.0)
                told = [f"{day:%Y%m%d}", *([value] if value else [])]
                shares = (1, 0.8, 0.3, 3, 0.6, 0.02, 2, 0.01)  # in the order of what is asked for
                rows.append(
                    {
                        "dimensionValues": [{"value": one} for one in told],
                        "metricValues": [{"value": f"{number * share:g}"} for share in shares],
                    }
                )
        begins = max(body["offset"] - self.repeats, 0) if body["offset"] else 0
        page = rows[begins : body["offset"] + min(body["limit"], self.at_most)]
        return {
            "dimensionHeaders": [{"name": name} for name in names],
            "metricHeaders": [{"name": one["name"], "type": "TYPE_INTEGER"} for one in body["metrics"]],
            "rows": page,
            "rowCount": len(rows) + (self.repeats if body["offset"] else 0),
            "metadata": {"currencyCode": "GBP", "timeZone": "Europe/London"},
            "propertyQuota": {"tokensPerDay": {"consumed": 5, "remaining": 199_995}},
        }

    def _search(self, body: dict[str, Any]) -> dict[str, Any]:
        of = {"DEVICE": DEVICES, "COUNTRY": COUNTRIES}
        values = of[body["dimensions"][1]] if len(body["dimensions"]) > 1 else ("",)
        rows = [
            {
                "keys": [day.isoformat(), *([value.upper()] if value else [])],
                "clicks": self._counted(day, 0.5 if value else 1.0) / 2,
                "impressions": self._counted(day, 0.5 if value else 1.0) * 10,
                "ctr": 0.05,
                "position": 4.0 + day.toordinal() % 3,
            }
            for day in self._days(body["startDate"], body["endDate"])
            for value in values
        ]
        page = rows[body["startRow"] : body["startRow"] + body["rowLimit"]]
        return {"rows": page, "responseAggregationType": "byProperty"} if page else {}

    def _ads(self, query: str) -> list[dict[str, Any]]:
        found = re.search(r"BETWEEN '([\d-]+)' AND '([\d-]+)'", query)
        assert found, query  # noqa: S101
        devices = ("DESKTOP", "MOBILE") if "segments.device" in query else ("",)
        rows = []
        for day in self._days(found[1], found[2]):
            for device in devices:
                number = self._counted(day, 0.5 if device else 1.0)
                rows.append(
                    {
                        "customer": {"currencyCode": "GBP", "timeZone": "Europe/London"},
                        "segments": {"date": day.isoformat(), **({"device": device} if device else {})},
                        "metrics": {
                            "impressions": str(int(number * 20)),
                            "clicks": str(int(number)),
                            "costMicros": str(int(number * 1_250_000)),
                            "conversions": number / 25,
                            "conversionsValue": number * 4,
                        },
                    }
                )
        half = len(rows) // 2
        batches = [rows[:half], rows[half:]]
        return [
            {"results": batch, "fieldMask": "segments.date", "requestId": "r"} for batch in batches if batch
        ]


def _handler(google: Google) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """A token, or an answer."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            path = unquote(self.path)
            if path == "/token":
                self._give_token(parse_qs(body.decode())["assertion"][0])
                return
            asked = json.loads(body)
            google.asked.append((path, asked))
            if google.faults:
                self._spoil(google.faults.pop(0), google.answer(path, asked))
            elif self.headers.get("Authorization") != "Bearer good":
                self._send(401, {"error": {"code": 401, "message": "Invalid authentication."}})
            elif not google.allowed:
                said = "User does not have sufficient permissions for this property."
                self._send(403, {"error": {"code": 403, "message": said}})
            else:
                self._send(200, google.answer(path, asked))

        def _give_token(self, signed: str) -> None:
            try:
                claim = jwt.decode(
                    signed,
                    google.public_key,
                    algorithms=["RS256"],
                    audience=f"{google.address}/token",
                    options={"verify_iat": False, "verify_exp": False},
                )
            except jwt.InvalidTokenError:
                self._send(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
                return
            now = time.time() - google.ahead
            if claim["iat"] > now or claim["exp"] - claim["iat"] > 3660:
                self._send(400, {"error": "invalid_grant", "error_description": "Invalid JWT: iat."})
                return
            google.tokens_given += 1
            self._send(200, {"access_token": "good", "expires_in": 3599, "token_type": "Bearer"})

        def _spoil(self, fault: Fault, answer: Any) -> None:
            if fault.cut:
                whole = json.dumps(answer).encode()
                self._head(200, len(whole), {})
                self.wfile.write(whole[: len(whole) // 2])
                self.close_connection = True
                return
            said = {"error": {"code": fault.status, "message": fault.message}}
            self._send(fault.status, said, fault.headers)

        def _send(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
            body = json.dumps(answer).encode()
            self._head(status, len(body), headers or {})
            self.wfile.write(body)

        def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests say what was asked."""

    return Handler


@contextmanager
def serving(public_key: str) -> Iterator[Google]:
    """The server, on a port of its own, until the block ends."""
    google = Google(public_key=public_key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(google))
    google.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
