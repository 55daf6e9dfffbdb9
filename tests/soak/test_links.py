"""10,000 wrong links and 5,000 wrong codes: none is accepted, and one network does not get far."""

from __future__ import annotations

import secrets
import time
from collections import Counter

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.item_links import issue_link
from steadyhand.clients.portal_access import invite_contact
from steadyhand.core import agency
from tests.cast import SYSTEM

pytestmark = [pytest.mark.soak, pytest.mark.django_db]

LINKS, CODES = 10_000, 1_000
#: Wrong links that one network may open in a minute.
A_MINUTE = 60


def test_wrong_links_and_codes() -> None:
    agency.found(by=SYSTEM, name="Northwind")
    halden = book.add_client("Halden Bikes", by=SYSTEM)
    maya = invite_contact(book.add_contact(halden, "Maya", by=SYSTEM, email="maya@halden.test"), by=SYSTEM)
    right = issue_link(maya, "approval", 1, by=SYSTEM)[1].split("/")[3]
    accepted, answers, began = 0, Counter[int](), time.perf_counter()
    for n in range(LINKS):
        near = right[: n % len(right)] + secrets.token_urlsafe(32)[: len(right) - n % len(right)]
        if near == right:
            near += "x"
        browser = Browser(REMOTE_ADDR=f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}")
        status = browser.get(f"/portal/open/{near}/").status_code
        answers[status] += 1
        accepted += status == 302
    told = ", ".join(f"{count:,} answered {status}" for status, count in sorted(answers.items()))
    print(f"\n{answers.total():,} wrong links in {time.perf_counter() - began:.0f} s: {told}")
    assert not accepted
    began = time.perf_counter()
    for _n in range(CODES):
        cache.clear()  # as if every limit were evaded
        browser = Browser()
        browser.post("/portal/sign-in/", {"email": "maya@halden.test"})
        for _ in range(5):
            browser.post("/portal/sign-in/code/", {"code": f"BCDF-{secrets.choice('GHJK') * 4}"})
        accepted += browser.get("/portal/").status_code == 200
    print(f"{CODES * 5:,} wrong codes in {time.perf_counter() - began:.0f} s: {accepted} accepted")
    assert not accepted
    cache.clear()
    assert Browser().get(f"/portal/open/{right}/").status_code == 302
    stopped = Counter(Browser().get(f"/portal/open/{n}{right}/").status_code for n in range(3 * A_MINUTE))
    print(f"of {stopped.total()} from one network {stopped[410]} were looked at, {stopped[429]} refused")
    assert stopped[429] >= A_MINUTE
