"""The agency's logo and colour, and nothing of the maker's."""

from __future__ import annotations

import re
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.core import brand, contrast
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from tests.cast import SYSTEM, Role, joined, user_of
from tests.portal.conftest import Visited, signed_in


def png(noise: int = 0) -> bytes:
    """A picture of one pixel, with so many bytes of nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    parts = (
        chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        chunk(b"tEXt", b"\0" * noise),
        chunk(b"IDAT", zlib.compress(b"\0\0\0\0")),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 0xFFFFFF))
def test_every_colour_becomes_readable(number: int) -> None:
    colour = f"#{number:06x}"
    light, dark = contrast.readable_on_light(colour), contrast.readable_on_dark(colour)
    for ground in (contrast.LIGHT_GROUND, "#ffffff", contrast.mixed("#fbfaf7", light, 0.08)):
        assert contrast.contrast(light, ground) >= 4.5
    for ground in (contrast.DARK_GROUND, "#12161b", contrast.mixed("#1a1f25", dark, 0.12)):
        assert contrast.contrast(dark, ground) >= 4.5
    assert contrast.contrast("#14181d", dark) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert contrast.readable_on_light("#1a5fb4") == "#1a5fb4"
    assert contrast.contrast("#000000", "#ffffff") == pytest.approx(21)


def test_the_settings_page_keeps_both(visited: Visited) -> None:
    administrator = Browser()
    administrator.force_login(user_of(joined("Ada Quinn", Role.ADMINISTRATOR)))
    form = {"accent": "#FFCC00", "logo": SimpleUploadedFile("logo.png", png())}
    assert administrator.post("/settings/looks/", form).status_code == 302
    page = administrator.get("/settings/looks/").content.decode()
    assert "#ffcc00 would be too pale to read" in page
    browser = signed_in(visited.maya)
    home = browser.get("/portal/").content.decode()
    assert 'alt="Northwind"' in home
    sheet = browser.get(re.search(r'"(/portal/colours.css[^"]*)"', home)[1])  # type: ignore[index]
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "--accent: light-dark(#" in sheet.content.decode()
    logo = browser.get(re.search(r'src="(/portal/logo/[^"]*)"', home)[1])  # type: ignore[index]
    assert (logo["Content-Type"], b"".join(logo)) == ("image/png", png())  # type: ignore[arg-type]
    assert Event.objects.filter(verb="agency.branded").count() == 1
    administrator.post("/settings/looks/", {"accent": "", "without_logo": "on"})
    assert browser.get("/portal/logo/").status_code == 404
    assert "colours.css" not in browser.get("/portal/").content.decode()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"accent": "blue"}, "is not a colour"),
        ({"logo": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"}, "The logo is not a picture"),
        ({"logo": png(60_000)}, "40 kB is the most"),
    ],
)
def test_what_cannot_be_used_is_refused(visited: Visited, form: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        brand.brand(by=SYSTEM, **form)  # type: ignore[arg-type]


def test_nothing_of_the_makers_is_shown(visited: Visited) -> None:
    brand.brand(by=SYSTEM, accent="#1a5fb4", logo=png())
    browser = signed_in(visited.maya)
    for path in ("/portal/", "/portal/plan/", "/portal/people/", "/portal/nothing/", "/portal/open/x/"):
        page = browser.get(path).content.decode()
        visible = re.sub(r"<(link|script)[^>]*>", "", page)
        assert "steadyhand" not in visible.lower(), path
    page = Browser().get("/portal/sign-in/").content.decode()
    assert "steadyhand" not in page.lower()
