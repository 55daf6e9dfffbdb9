"""How the agency looks to its clients: a logo and a colour, nothing of the maker's (MISSION F1)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.core import contrast, events, file_kinds, files, scanning
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal

#: Bytes of a logo: every page of a client carries it, and a page has 100 kB.
LARGEST = 40_000


@transaction.atomic
def brand(*, by: Actor, accent: str = "", logo: bytes | None = None, without_logo: bool = False) -> Agency:
    """Choose the colour of what can be clicked ("" is our own), and a logo: a new one, none, or as it is."""
    agency = Agency.objects.select_for_update().get(pk=1)
    before = (agency.accent, agency.logo_digest)
    agency.accent = contrast.check_colour(accent) if accent.strip() else ""
    if without_logo:
        agency.logo_digest = agency.logo_type = ""
    elif logo is not None:
        agency.logo_type = _checked(logo)
        agency.logo_digest = files.put(logo)
    if (agency.accent, agency.logo_digest) != before:
        agency.save(update_fields=["accent", "logo_digest", "logo_type"])
        events.record(
            "agency.branded", by=by, subject=agency, accent=agency.accent, logo=bool(agency.logo_digest)
        )
    return agency


def _checked(logo: bytes) -> str:
    kind = file_kinds.kind_of(logo, "logo")
    if kind not in file_kinds.PICTURES:
        raise Refusal(
            f"The logo is not {file_kinds.words_for(file_kinds.PICTURES)}.",
            remedy="Save it as a PNG and send it again.",
            field="logo",
        )
    if len(logo) > LARGEST:
        raise Refusal(
            f"The logo has {len(logo) // 1000} kB; {LARGEST // 1000} kB is the most: every page carries it.",
            remedy="Save it smaller: 600 pixels across are plenty.",
            field="logo",
        )
    scanning.refuse_infected(logo, "logo")
    return kind


def colours(agency: Agency) -> str:
    """A style sheet with the agency's colour in both themes, made readable; empty where none was chosen."""
    if not agency.accent:
        return ""
    light, dark = contrast.readable_on_light(agency.accent), contrast.readable_on_dark(agency.accent)
    pairs = {
        "--accent": (light, dark),
        "--accent-strong": (
            contrast.mixed(light, contrast.BLACK, 0.15),
            contrast.mixed(dark, contrast.WHITE, 0.25),
        ),
        "--accent-ink": (contrast.WHITE, "#14181d"),
        "--accent-soft": (
            contrast.mixed("#fbfaf7", light, 0.08),
            contrast.mixed("#1a1f25", dark, 0.12),
        ),
    }
    lines = (f"  {name}: light-dark({on_light}, {on_dark});" for name, (on_light, on_dark) in pairs.items())
    return ":root {\n" + "\n".join(lines) + "\n}\n"
