"""Every address and every static file that a template writes is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parents[2] / "steadyhand"
ADDRESS = re.compile(
    r"""(?:href|action|hx-get|hx-post|hx-put|hx-patch|hx-delete|data-href)="(/(?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)\""""
)
FILLED_IN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
# What a variable may stand for: a number, a word, a reference, a day, a UUID.
SAMPLES = ("", "1", "word", "AC-0001", "2026-11-23", "2026", "00000000-0000-4000-8000-000000000000")


def addresses() -> list[tuple[str, str]]:
    found = set()
    for template in ROOT.rglob("templates/**/*.html"):
        for address in ADDRESS.findall(template.read_text()):
            path = re.split(r"[?#]", address)[0]
            found.add((str(template.relative_to(ROOT)), path))
    return sorted(found)


def leads_somewhere(path: str) -> bool:
    for sample in SAMPLES:
        try:
            resolve(FILLED_IN.sub(sample, path))
        except Resolver404:
            continue
        return True
    return False


@pytest.mark.parametrize(("template", "path"), addresses())
def test_an_address_in_a_template_leads_somewhere(template, path):
    assert leads_somewhere(path), f"{template} links to {path}, which is no page"


def static_files() -> list[tuple[str, str]]:
    pattern = re.compile(r"""\{% static ["']([^"']+)["']""")
    return sorted(
        {
            (str(template.relative_to(ROOT)), name)
            for template in ROOT.rglob("templates/**/*.html")
            for name in pattern.findall(template.read_text())
        }
    )


@pytest.mark.parametrize(("template", "name"), static_files())
def test_a_static_file_that_a_template_names_exists(template, name):
    assert finders.find(name), f"{template} names {name}, which is no static file"
