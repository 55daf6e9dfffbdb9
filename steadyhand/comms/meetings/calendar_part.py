"""Invitations as calendars speak them: iTIP (RFC 5546) in iCalendar (RFC 5545), carried by mail (RFC 6047).

Writing: one VEVENT a meeting. Its UID never changes; SEQUENCE goes up when its time changes or it is called
off or on; DTSTAMP is when this text was made. Reading: replies, counter-proposals and requests to send it
again, from people who were invited and nobody else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from icalendar import Calendar, Component

from steadyhand.commitments.icalendar_lines import fold, local, moment, text, time_zone
from steadyhand.comms.mail.addresses import reply_address
from steadyhand.comms.models import Answer, Attendee, Meeting
from steadyhand.core import clock
from steadyhand.core.clock import zone_info
from steadyhand.core.mail_text import bare
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal

REQUEST, CANCEL, DECLINE_COUNTER = "REQUEST", "CANCEL", "DECLINECOUNTER"

#: No answer of a calendar is longer; what is, is not read.
LONGEST = 200_000

PARTSTAT = {
    Answer.NONE: "NEEDS-ACTION",
    Answer.ACCEPTED: "ACCEPTED",
    Answer.TENTATIVE: "TENTATIVE",
    Answer.DECLINED: "DECLINED",
}
ANSWERS = {stat: answer for answer, stat in PARTSTAT.items()}


@dataclass(frozen=True, slots=True)
class Organiser:
    """Whom calendars answer. `sent_by` is whoever writes in their name, empty if they themselves."""

    name: str
    address: str
    sent_by: str = ""


def organiser_of(meeting: Meeting) -> Organiser:
    """Whoever leads the meeting, at an address where answers are read if there is one; else the agency."""
    leader = meeting.led_by
    name = leader.name if leader is not None else Agency.get().name
    own = leader.email if leader is not None else agency_address()
    heard_at = reply_address(meeting.client, leader) if meeting.client is not None else ""
    return Organiser(name, heard_at, own) if heard_at else Organiser(name, own)


def agency_address() -> str:
    """Where the agency's mail comes from."""
    return bare(settings.DEFAULT_FROM_EMAIL)


def invitation(
    meeting: Meeting,
    attendees: Iterable[Attendee],
    *,
    method: str = REQUEST,
    description: str = "",
    stamp: dt.datetime | None = None,
    sequence: int | None = None,
) -> str:
    """The calendar object: METHOD REQUEST, CANCEL or DECLINECOUNTER, with CRLF line ends.

    A CANCEL names those it is called off for; a REQUEST everybody who is expected.
    """
    is_off = method == CANCEL
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Steadyhand//Meetings//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        *_zone(meeting),
        "BEGIN:VEVENT",
        fold(f"UID:{text(meeting.uid)}"),
        f"SEQUENCE:{meeting.sequence if sequence is None else sequence}",
        f"DTSTAMP:{moment(stamp or clock.now())}",
        f"CREATED:{moment(meeting.made_at)}",
        f"LAST-MODIFIED:{moment(meeting.changed_at)}",
        *_times(meeting),
        fold(f"SUMMARY:{text(meeting.title)}"),
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        "CLASS:PUBLIC",
    ]
    if meeting.place:
        lines.append(fold(f"LOCATION:{text(meeting.place)}"))
    if description:
        lines.append(fold(f"DESCRIPTION:{text(description)}"))
    lines.append(fold(_organiser_line(organiser_of(meeting))))
    lines += [fold(_attendee_line(attendee, meeting)) for attendee in attendees if attendee.address]
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody's calendar said about one meeting."""

    method: str
    uid: str
    address: str
    answer: Answer
    sequence: int
    stamp: dt.datetime
    comment: str = ""
    starts_at: dt.datetime | None = None
    minutes: int = 0


def read(raw: bytes) -> list[Reply]:
    """The replies, counter-proposals and requests to refresh in a calendar object; none in any other.

    Raises Refusal where it is no calendar, or one too long to be an answer.
    """
    if len(raw) > LONGEST:
        raise Refusal("That calendar file is too long to be an answer.")
    try:
        calendar = Calendar.from_ical(raw)
        method = str(calendar.get("METHOD", "")).upper()
        if method not in {"REPLY", "COUNTER", "REFRESH"}:
            return []
        return [reply for event in calendar.walk("VEVENT") for reply in _replies(method, event)]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refusal("That calendar file cannot be read.") from error


def _replies(method: str, event: Component) -> Iterable[Reply]:
    uid = str(event.get("UID", ""))
    stamp = event.get("DTSTAMP")
    starts_at, minutes = _span(event) if method == "COUNTER" else (None, 0)
    attendees = event.get("ATTENDEE", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        yield Reply(
            method=method,
            uid=uid,
            address=address_in(str(attendee)),
            answer=ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper(), Answer.NONE),
            sequence=int(event.get("SEQUENCE", 0)),
            stamp=_instant(stamp.dt) if stamp is not None else clock.now(),
            comment=_comment(event),
            starts_at=starts_at,
            minutes=minutes,
        )


def address_in(uri: str) -> str:
    """`maya@client.example` of `MAILTO:Maya@Client.example`."""
    return uri.strip().lower().removeprefix("mailto:").strip()


def _comment(event: Component) -> str:
    comment = event.get("COMMENT", "")
    said = comment if isinstance(comment, list) else [comment]
    return " ".join(str(part) for part in said).strip()[:500]


def _span(event: Component) -> tuple[dt.datetime | None, int]:
    start = event.get("DTSTART")
    if start is None or not isinstance(start.dt, dt.datetime):
        return None, 0
    begins = _instant(start.dt)
    end, length = event.get("DTEND"), event.get("DURATION")
    if end is not None and isinstance(end.dt, dt.datetime):
        lasts = _instant(end.dt) - begins
    else:
        lasts = length.dt if length is not None else dt.timedelta()
    return begins, max(round(lasts.total_seconds() / 60), 0)


def _instant(value: dt.date) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    return (value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _zone(meeting: Meeting) -> list[str]:
    if _is_utc(meeting.zone):
        return []
    year = meeting.local.year
    return [time_zone(meeting.zone, year - 1, year + 1)]


def _times(meeting: Meeting) -> tuple[str, str]:
    if _is_utc(meeting.zone):
        return f"DTSTART:{moment(meeting.starts_at)}", f"DTEND:{moment(meeting.ends_at)}"
    ends = meeting.ends_at.astimezone(zone_info(meeting.zone))
    return f"DTSTART;TZID={meeting.zone}:{local(meeting.local)}", f"DTEND;TZID={meeting.zone}:{local(ends)}"


def _is_utc(zone: str) -> bool:
    return zone in {"UTC", "Etc/UTC", "Etc/GMT", "GMT"}


def _organiser_line(organiser: Organiser) -> str:
    sent_by = f';SENT-BY="mailto:{organiser.sent_by}"' if organiser.sent_by else ""
    return f"ORGANIZER;CN={_quoted(organiser.name)}{sent_by}:mailto:{organiser.address}"


def _attendee_line(attendee: Attendee, meeting: Meeting) -> str:
    leads = attendee.member_id is not None and attendee.member_id == meeting.led_by_id
    role = "CHAIR" if leads else "REQ-PARTICIPANT"
    stat = PARTSTAT[Answer(attendee.answer)]
    rsvp = "" if leads else ";RSVP=TRUE"
    name = _quoted(attendee.shown_name)
    return f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE={role};PARTSTAT={stat}{rsvp};CN={name}:mailto:{attendee.address}"


def _quoted(name: str) -> str:
    """A parameter's value: quotes and control characters cannot stand in one (RFC 5545, 3.1)."""
    plain = "".join("'" if char == '"' else char for char in name if char.isprintable())
    return f'"{plain}"'
