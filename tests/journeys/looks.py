"""Looking at a page as different people do: wide and on a phone, light and dark, with axe each time."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page

SIGHTS = [(1280, "light"), (1280, "dark"), (320, "light")]

#: Only colours differ in the dark: everything else has been asked in the light.
ASKED = {
    "light": {"preload": False, "resultTypes": ["violations"]},
    "dark": {"preload": False, "resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}


def look_at(page: Page) -> None:
    """Fails where axe finds something, or where a phone would scroll sideways."""
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    for width, scheme in SIGHTS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        where = f"{page.url} at {width} px, {scheme}"
        across = page.evaluate("document.documentElement.scrollWidth")
        assert across <= width, f"{where}: {across} px across"
        found = page.evaluate("asked => axe.run(document, asked)", ASKED[scheme])["violations"]
        assert not found, f"{where}: " + "; ".join(f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")


def said(page: Page, text: str) -> Locator:
    """The toast that says so."""
    toast = page.locator(".toast").filter(has_text=text)
    toast.wait_for()
    return toast
