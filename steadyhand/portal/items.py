"""Where each kind of item that a link can open has its page."""

from __future__ import annotations

from django.urls import reverse

#: kind → name of the page, which takes the item's number as `pk`.
PAGES: dict[str, str] = {
    "agreement": "portal:agreement",
    "approval": "portal:approval",
    "strategy": "portal:strategy",
    "figures": "portal:figures-of",
    "form": "portal:form",
    "report": "portal:report",
}


def page_of(item: str) -> str:
    """The address of “agreement:12”. KeyError for a kind that has no page."""
    kind, _, number = item.partition(":")
    return reverse(PAGES[kind], kwargs={"pk": int(number)})
