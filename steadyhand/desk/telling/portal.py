"""The client's own pages, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OF_PORTAL: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {
    "link.issued": lambda d: ("Link made", f"to {d.get('item', 'one item')} for {d.get('name', 'them')}", ""),
    "contact.invited": lambda d: ("Invited to the client's pages", d.get("name", "a contact"), ""),
    "contact.signed_in": lambda d: (
        "Signed in to the client's pages",
        f"{d.get('name', 'a contact')}, by {d.get('how', 'a code')}",
        "",
    ),
    "contact.passkey_added": lambda d: ("Passkey added", "for the client's pages", ""),
    "contact.passkey_dropped": lambda d: ("Passkey removed", "from the client's pages", ""),
    "contact.access_ended": lambda d: (
        "Signs in no more",
        f"{d.get('name', 'a contact')}; sessions and links are shut",
        "",
    ),
    "portal.looked_at": lambda d: ("Looked at the client's pages", f"as {d.get('name', 'a contact')}", ""),
    "agency.branded": lambda d: (
        "Looks changed",
        f"{'a logo' if d.get('logo') else 'no logo'}, {d.get('accent') or 'our own colours'}",
        "",
    ),
    "links.revoked": lambda d: ("Links shut", "what they opened opens no more", ""),
}
