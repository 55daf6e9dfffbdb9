"""Rows of calls, e-mails, meetings and notes, from any table: what happened with clients of the book."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from steadyhand.comms.models import Channel
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.client_rows import check_usable, plan_remember
from steadyhand.exchange.columns import Columns
from steadyhand.exchange.fields import FREE_MAIL, or_remark, read_domain, read_email
from steadyhand.exchange.known import Known, KnownClient
from steadyhand.exchange.plan import Ref, RowPlan, Step
from steadyhand.exchange.spoken import read_channel, read_direction, read_time

#: The cells by which a row without a reference is known again.
CONTENT = ("client", "with", "who", "summary", "notes", "outcome")


class InteractionRows:
    """Plans the rows of a table of calls and activities, each once."""

    def __init__(self, known: Known, columns: Columns) -> None:
        self.known, self.columns = known, columns
        self._lines: dict[str, int] = {}

    def plan(self, line: int, cells: dict[str, str]) -> RowPlan:
        """Write down what happened, once; refuses a row of nobody’s, without a day or without a word."""
        heading = self.columns.heading
        channel = read_channel(cells["type"], heading("type"))
        client = self._client(cells)
        day, moment = self._moment(cells)
        summary, notes = cells.get("summary", ""), cells.get("notes", "")
        if not summary and not notes:
            raise Refusal("The line says nothing.", remedy="Fill in its summary.", field=heading("summary"))
        external_id = self._known_as(line, cells, channel, moment)
        seen = {"day": day.isoformat(), "channel": str(channel)} if cells.get("reference") else {}
        self._refuse_another(external_id, seen)
        plan = RowPlan(label=f"{client.name}: {summary or notes}")
        if self.known.ref("interaction", external_id) is not None:
            return plan
        contact, named = _contact(client, cells.get("with", ""))
        if named:
            plan.remarks.append(f"“{named}” is no contact of {client.name}: the name is kept in the notes.")
            notes = f"{notes}\n\nWith: {named}".strip()
        values = {
            "contact": contact,
            "channel": str(channel),
            "at": min(moment, clock.now()).isoformat(),
            "summary": summary,
            "body": notes,
            "outcome": cells.get("outcome", ""),
        }
        values |= taken(self.columns, cells, plan.remarks)
        owner = or_remark(plan.remarks, read_email, cells.get("who", ""), heading("who"))
        plan_interaction(self.known, plan, line, client, external_id, values, owner, seen)
        return plan

    def _client(self, cells: dict[str, str]) -> KnownClient:
        """By domain, short name or exact name; without any, by whom it was with."""
        said = cells.get("client", "")
        found = self._named(said) if said else self._client_of(cells.get("with", ""))
        if found is None and said:
            raise Refusal(
                f"No client is called “{said[:60]}” or has that domain.",
                remedy="Write their name as the book has it, or their domain.",
                field=self.columns.heading("client"),
            )
        if found is None:
            raise Refusal(
                "No client is named, and whom it was with belongs to none we know.",
                remedy="Fill in the client, or the e-mail address of a contact of theirs.",
                field=self.columns.heading("client"),
            )
        check_usable(found, begins=False)
        return found

    def _named(self, said: str) -> KnownClient | None:
        known = self.known
        namesakes = known.by_name.get(said.casefold(), ())
        if len(namesakes) > 1:
            raise Refusal(
                f"{len(namesakes)} clients are called {said}.",
                remedy="Write the domain of the one you mean.",
                field=self.columns.heading("client"),
            )
        if namesakes:
            return namesakes[0]
        if "@" in said:
            return self._client_of(said)
        try:
            domain = read_domain(said, "")
        except Refusal:
            domain = ""
        return known.by_domain.get(domain) or known.by_short_name.get(said.casefold())

    def _client_of(self, address: str) -> KnownClient | None:
        """Whose contact has this address; else whose domain it is, unless it is everybody’s."""
        address = address.strip().lower()
        domain = address.rpartition("@")[2] if "@" in address else ""
        found = self.known.by_email.get(address)
        return found or (self.known.by_domain.get(domain) if domain not in FREE_MAIL else None)

    def _moment(self, cells: dict[str, str]) -> tuple[dt.date, dt.datetime]:
        """The day, and the moment in the agency’s zone: the time’s, else the date cell’s, else noon."""
        heading, zone = self.columns.heading, self.known.agency.zone
        column = self.columns.dates["at"]
        day, moment = column.read(cells["at"]), column.read_moment(cells["at"], zone)
        if day is None or moment is None:
            raise Refusal("The line has no date.", remedy="Write one.", field=heading("at"))
        time = read_time(cells.get("time", ""), heading("time"))
        if time is not None:
            moment = dt.datetime.combine(day, time, clock.zone_info(zone)).astimezone(dt.UTC)
        if day > clock.today(zone):
            raise Refusal(
                f"{day:%d %b %Y} is still to come.", remedy="Leave the line out.", field=heading("at")
            )
        return day, moment

    def _known_as(self, line: int, cells: dict[str, str], channel: Channel, moment: dt.datetime) -> str:
        """Its reference, else a digest of its content; refuses what a line above says already."""
        reference = cells.get("reference", "")
        content = [moment.isoformat(), str(channel)]
        content += [" ".join(cells.get(field, "").casefold().split()) for field in CONTENT]
        digest = hashlib.sha256("\x1f".join(content).encode()).hexdigest()
        external_id = reference[:300] if reference else f"content:{digest}"
        above = self._lines.setdefault(external_id, line)
        if above != line:
            raise Refusal(
                f"Line {above} has the same reference, {reference}."
                if reference
                else f"Line {above} says the same.",
                remedy="Leave one of the two out, or give them different times or references.",
            )
        return external_id

    def _refuse_another(self, external_id: str, seen: dict[str, str]) -> None:
        """A reference that another table has given to something else."""
        found = self.known.ref("interaction", external_id)
        if found is not None and any(found[1].get(name, value) != value for name, value in seen.items()):
            raise Refusal(
                f"An earlier import has given {external_id} to something else, of another day or kind.",
                remedy="Give this line another reference, or correct its date or type.",
                field=self.columns.heading("reference"),
            )


def _contact(client: KnownClient, said: str) -> tuple[Ref | None, str]:
    """The contact of that address or name, else what is written."""
    plain = said.strip().casefold()
    if not plain:
        return None, ""
    found = client.emails.get(plain) or client.people.get(plain)
    return (found, "") if found is not None else (None, said.strip()[:200])


def taken(columns: Columns, cells: dict[str, str], remarks: list[str]) -> dict[str, Any]:
    """How long it took and who began it, where the table says so; what cannot be right is left empty."""
    said: dict[str, Any] = {}
    if "minutes" in columns.durations:
        try:
            said["minutes"] = columns.durations["minutes"].read(cells.get("minutes", ""))
        except Refusal as refusal:
            remarks.append(f"{refusal.sentence} It is left empty.")
    direction = or_remark(remarks, read_direction, cells.get("direction", ""), columns.heading("direction"))
    return said | ({"direction": direction} if direction else {})


def plan_interaction(
    known: Known,
    plan: RowPlan,
    line: int,
    client: KnownClient,
    external_id: str,
    values: dict[str, Any],
    owner: str,
    seen: dict[str, Any],
) -> None:
    """Write it down, and that it is; whoever calls has seen that no earlier import did."""
    if owner and not known.member_has_left(owner):
        known.want_member(owner)
    ref = f"i{line}"
    said = {"client": client.ref, "member": owner, "source": known.source}
    plan.steps.append(Step("log_interaction", ref, said | values))
    plan_remember(known, plan, "interaction", external_id, ref, seen)
