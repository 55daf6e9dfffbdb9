"""The channel of a visit, by the rules of GA4's default channel group, in their order.

Which sources search, sell, show films or are social is read from `source_categories.csv` (where it comes
from: docs/attribution.md).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).with_name("source_categories.csv")

DIRECT = "Direct"
NO_MEDIUM = frozenset({"", "(none)", "(not set)"})
PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
SHOP_CAMPAIGN = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
DISPLAY = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
SOCIAL_MEDIUM = frozenset(
    {"social", "social-network", "social-media", "sm", "social network", "social media"}
)
EMAIL = frozenset({"email", "e-mail", "e_mail", "e mail"})
REFERRAL = frozenset({"referral", "app", "link"})
AFFILIATE = frozenset({"affiliate", "affiliates"})


@cache
def categories() -> Mapping[str, str]:
    """Source → SEARCH, SOCIAL, SHOPPING or VIDEO."""
    with SOURCES.open(newline="") as file:
        return {
            row["source"].lower(): row["source_category"].removeprefix("SOURCE_CATEGORY_")
            for row in csv.DictReader(file)
        }


def channel_of(source: str | None, medium: str | None, campaign: str | None = None) -> str:
    """The channel of one visit; what no rule knows is Unassigned."""
    source, medium, campaign = ((text or "").strip().lower() for text in (source, medium, campaign))
    if source in ("", "(direct)") and medium in NO_MEDIUM:
        return DIRECT
    if "cross-network" in campaign:
        return "Cross-network"
    category = categories().get(source, "")
    shops = category == "SHOPPING" or bool(SHOP_CAMPAIGN.match(campaign))
    return _paid(category, shops, medium) or _earned(source, category, shops, medium)


def _paid(category: str, shops: bool, medium: str) -> str:
    """The paid channels; display before whatever else is paid, because cpm is both."""
    is_paid = bool(PAID.match(medium))
    if is_paid and shops:
        return "Paid Shopping"
    if is_paid and category in ("SEARCH", "SOCIAL", "VIDEO"):
        return f"Paid {category.title()}"
    if medium in DISPLAY:
        return "Display"
    return "Paid Other" if is_paid else ""


def _earned(source: str, category: str, shops: bool, medium: str) -> str:
    rules = (
        (shops, "Organic Shopping"),
        (category == "SOCIAL" or medium in SOCIAL_MEDIUM, "Organic Social"),
        (category == "VIDEO" or "video" in medium, "Organic Video"),
        (category == "SEARCH" or medium == "organic", "Organic Search"),
        (source in EMAIL or medium in EMAIL, "Email"),
        (medium in AFFILIATE, "Affiliates"),
        (medium in REFERRAL, "Referral"),
        (medium == "audio", "Audio"),
        (source == "sms" or medium == "sms", "SMS"),
        (_is_push(source, medium), "Mobile Push Notifications"),
    )
    return next((channel for holds, channel in rules if holds), "Unassigned")


def _is_push(source: str, medium: str) -> bool:
    return medium.endswith("push") or "mobile" in medium or "notification" in medium or source == "firebase"
