"""Every static file that a template names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2] / "steadyhand"


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
