"""The frame, the error pages, and the promise that no template needs an inline style or script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

import steadyhand
from steadyhand.ui.samples import samples

ROOT = Path(steadyhand.__file__).parent
# Mail is read outside the browser, where styles must be inline.
TEMPLATES = sorted(
    path for path in ROOT.glob("**/templates/**/*.html") if not {"mail", "email"} & set(path.parts)
)
STYLES = Path(finders.find("ui/steadyhand.css") or "").parent

FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a <style> element": re.compile(r"<style\b", re.I),
    "an inline event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "hx-on (needs eval)": re.compile(r"\shx-on", re.I),
    "something from elsewhere": re.compile(r"<(?:script|link|img)[^>]*(?:src|href)=[\"']?https?:", re.I),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_keep_the_content_security_policy(path: Path) -> None:
    source = path.read_text()
    found = [name for name, pattern in FORBIDDEN.items() if pattern.search(source)]
    assert not found, f"{path.relative_to(ROOT)} has {' and '.join(found)}"


def test_the_scan_sees_what_it_forbids() -> None:
    bad = '<p style="x"><style></style><a onclick="x" href="javascript:x" hx-on:click="x"><script>x</script>'
    bad += '<script src="https://cdn.example/x.js"></script>'
    assert all(pattern.search(bad) for pattern in FORBIDDEN.values())


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_no_context_and_say_what_to_do(code: str) -> None:
    html = render_to_string(f"{code}.html")
    assert "data-refusal" in html
    assert "<h1>" in html
    assert "omething went wrong" not in html


def test_a_refusal_is_said_in_its_own_words() -> None:
    assert "Only finance may." in render_to_string("403.html", {"exception": "Only finance may."})


def frame(**context: Any) -> str:
    return render_to_string("ui/frame.html", context)


def test_the_frame_shows_only_what_is_wired() -> None:
    bare = frame()
    assert "data-search" not in bare
    assert 'id="palette"' not in bare
    rail = [{"label": "Today", "url": "/", "icon": "sun", "current": True, "count": 7}]
    full = frame(rail=rail, search_url="/search/", quick_add=[{"label": "Log a call", "url": "/calls/new/"}])
    assert 'action="/search/"' in full
    assert "Log a call" in full
    assert 'aria-current="page"' in full
    assert 'href="#main"' in full


def test_the_rooms_beyond_the_fourth_are_under_more_too() -> None:
    rail = [{"label": f"Room {n}", "url": f"/{n}/"} for n in range(6)]
    html = frame(rail=rail)
    assert html.count("Room 0") == 1
    assert html.count("Room 5") == 2


def test_the_style_guide_draws_every_component() -> None:
    html = render_to_string("ui/styleguide.html", samples())
    for mark in (
        "btn--do",
        "row__what",
        "calendar__item",
        "matrix",
        "toast__undo",
        "drawer",
        "skeleton",
        "health--act",
    ):
        assert mark in html


def test_every_style_sheet_is_imported_once_and_exists() -> None:
    imported = re.findall(r'@import "([^"]+)" layer\((\w+)\)', (STYLES / "steadyhand.css").read_text())
    files = [name for name, _ in imported]
    on_disk = {str(path.relative_to(STYLES)) for path in (STYLES / "css").rglob("*.css")}
    assert sorted(files) == sorted(on_disk)
    assert all(layer in name or layer == name.split("/")[-1].removesuffix(".css") for name, layer in imported)
