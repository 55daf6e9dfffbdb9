"""A message as it leaves: the plain text as it was written, and the same as an HTML mail."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import css_inline
import mrml
from django.template import Context, Engine, Template

from steadyhand.comms.mail.prose import blocks
from steadyhand.core.models import Agency
from steadyhand.people.models import Member

MAILS = Path(__file__).parent / "mails"
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


def signature(member: Member | None, text: str = "") -> list[str]:
    """Name, role and phone of the member, a line each; none where the text ends with their name already."""
    if member is None:
        return []
    last = [line.strip() for line in text.strip().splitlines()[-6:]]
    if member.name in last:
        return []
    agency = Agency.current()
    role = member.get_role_display()
    return [member.name, f"{role}, {agency.name}" if agency else role, *filter(None, [member.phone])]


def as_text(text: str, member: Member | None) -> str:
    """The plain part: what was written, and the signature under it."""
    signed = signature(member, text)
    return text.strip() + ("\n\n-- \n" + "\n".join(signed) if signed else "") + "\n"


def as_html(subject: str, text: str, member: Member | None) -> str:
    """The same as an HTML mail that any mail program shows well; every word of it is escaped."""
    agency = Agency.current()
    written = _letter().render(
        Context(
            {
                "subject": subject,
                "language": agency.language if agency else "en-gb",
                "blocks": blocks(text),
                "signature": signature(member, text),
            }
        )
    )
    return INLINER.inline(mrml.to_html(written).content)


@lru_cache(maxsize=1)
def _letter() -> Template:
    return Engine(dirs=[str(MAILS)], autoescape=True).get_template("letter.mjml")
