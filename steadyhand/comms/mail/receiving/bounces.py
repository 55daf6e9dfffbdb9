"""Mail of ours that did not arrive: read from delivery reports, and from what servers write instead."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from steadyhand.clients.models import Contact, Stage
from steadyhand.comms.mail.receiving.letter import MESSAGE_ID, Letter, bare_addresses
from steadyhand.comms.models import Bounce, Message
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import OutboxMessage

SENDERS = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|bounces?)\b", re.IGNORECASE)
SUBJECTS = re.compile(
    r"undeliver|unzustellbar|delivery (?:status notification|failure|has failed)|returned (?:mail|to sender)"
    r"|failure notice|mail delivery (?:failed|failure|subsystem)|delivery incomplete",
    re.IGNORECASE,
)
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
REPLY_CODE = re.compile(r"\b(55\d)[ -]")
FIELD = re.compile(r"(?im)^(final-recipient|original-recipient|action|status|diagnostic-code):[ \t]*(.+)$")
REMEMBERED = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Report:
    """Who did not get our mail. `status` as in RFC 3463; only those that begin with 5 are final."""

    recipients: list[str]
    status: str
    said: str
    returned: list[str]
    is_final: bool


def report_in(letter: Letter) -> Report | None:
    """The report a mail holds; None when it is no report."""
    returned = MESSAGE_ID.findall("\n".join(letter.reports[1:]) + "\n" + letter.text[-20_000:])
    fields = FIELD.findall(letter.reports[0]) if letter.reports else []
    named = {name.lower() for name, _ in fields}
    if "final-recipient" in named or "action" in named:
        return _standard([(name.lower(), value.strip()) for name, value in fields], returned)
    if (SENDERS.match(letter.sender) or not letter.sender) and SUBJECTS.search(letter.subject):
        return _by_words(letter, returned)
    return None


def _standard(fields: list[tuple[str, str]], returned: list[str]) -> Report:
    """RFC 3464: a block of fields for each recipient; those whose action is “failed” count."""
    failed: list[str] = []
    status = said = recipient = ""
    actions: list[str] = []
    for name, value in fields:
        if name in {"final-recipient", "original-recipient"}:
            recipient = next(iter(bare_addresses(value.partition(";")[2] or value)), recipient)
        elif name == "action":
            actions.append(value.lower().split()[0])
            if actions[-1] == "failed" and recipient:
                failed.append(recipient)
        elif name == "status":
            status = status or next(iter(STATUS.findall(value)), "")
        else:
            said = said or value.partition(";")[2].strip() or value
    is_final = bool(failed) and not status.startswith("4")
    return Report(list(dict.fromkeys(failed)), status, said[:300], returned, is_final)


def _by_words(letter: Letter, returned: list[str]) -> Report:
    """Servers that write a letter: the addresses in it, and a code if there is one."""
    status = next(iter(STATUS.findall(letter.text)), "")
    code = next(iter(REPLY_CODE.findall(letter.text)), "")
    found = STATUS.search(letter.text) or REPLY_CODE.search(letter.text)
    line = letter.text[: found.start()].rpartition("\n")[2] + letter.text[found.start() :] if found else ""
    is_final = not status.startswith(("2", "4")) and bool(status or code or letter.text)
    told = letter.headers.get("x-failed-recipients", "")
    recipients = bare_addresses(told) or bare_addresses(letter.text[:20_000])[:20]
    return Report(recipients, status or code, line.partition("\n")[0].strip()[:300], returned, is_final)


@transaction.atomic
def note_bounces(report: Report, *, by: Actor) -> list[Bounce]:
    """Flag the contacts whose address it is, where we did write to that address; one standing flag each."""
    if not report.is_final:
        return []
    message = _returned_message(report)
    written_to = {address for address in report.recipients if message or _wrote_to(address)}
    people = Contact.objects.filter(email__in=written_to, left_on=None).exclude(client__stage=Stage.MERGED)
    if message is not None and message.client_id is not None:
        people = people.filter(client=message.client_id)
    return [b for contact in people.select_related("client") if (b := _flag(contact, report, message, by=by))]


@transaction.atomic
def clear_bounce(bounce: Bounce, *, by: Actor) -> None:
    """Mail to that address arrives after all, or somebody has mended it. No event where it was cleared."""
    cleared = Bounce.objects.standing().filter(pk=bounce.pk).update(cleared_at=clock.now())
    if cleared:
        events.record(
            "bounce.cleared",
            by=by,
            client_id=bounce.client_id,
            subject=bounce,
            name=bounce.contact.name,
            address=bounce.address,
        )


def forget_other_addresses(contact_id: int, address: str) -> None:
    """The contact has another address now: what bounced was the old one."""
    standing = Bounce.objects.standing().filter(contact=contact_id).exclude(address__iexact=address)
    standing.update(cleared_at=clock.now())


def _flag(contact: Contact, report: Report, message: Message | None, *, by: Actor) -> Bounce | None:
    values: dict[str, Any] = {"client": contact.client, "status": report.status, "said": report.said}
    bounce, is_new = Bounce.objects.get_or_create(
        contact=contact,
        address=contact.email.lower(),
        cleared_at=None,
        defaults=values | {"message": message, "at": clock.now()},
    )
    if not is_new:
        return None
    events.record(
        "contact.bounced",
        by=by,
        client_id=contact.client_id,
        subject=contact,
        name=contact.name,
        address=contact.email,
        said=report.said,
    )
    return bounce


def _returned_message(report: Report) -> Message | None:
    """The mail of ours it returns."""
    known = Message.objects.filter(outbox__message_id__in=report.returned[:50])
    return known.select_related("client").first()


def _wrote_to(address: str) -> bool:
    """Whether mail of ours went to this address lately: else anybody could flag anybody."""
    lately = OutboxMessage.objects.filter(made_at__gt=clock.now() - REMEMBERED)
    return lately.filter(recipient__iexact=address).exists()
