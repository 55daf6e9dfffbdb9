"""Everything one person may see, as files other programs read: one CSV and one JSON for each table.

`book.csv` has the headings of `import clients`, so that a book can be taken along and brought back.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import tempfile
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.db import models

from steadyhand.clients.models import Assignment, Client, Contact, Engagement, Position, Service
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Interaction
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, Audience, ClosedDay, Event, ExchangeRate
from steadyhand.exchange.exporting_agreements import SHEETS_OF_AGREEMENTS
from steadyhand.exchange.exporting_approvals import SHEETS_OF_APPROVALS
from steadyhand.exchange.exporting_care import SHEETS_OF_CARE
from steadyhand.exchange.exporting_conversations import CALLS, MAIL, MEETINGS
from steadyhand.exchange.exporting_delivery import SHEETS_OF_DELIVERY
from steadyhand.exchange.exporting_dips import SHEETS_OF_DIPS
from steadyhand.exchange.exporting_figures import SHEETS_OF_FIGURES
from steadyhand.exchange.exporting_forms import SHEETS_OF_FORMS
from steadyhand.exchange.exporting_insights import SHEETS_OF_INSIGHTS
from steadyhand.exchange.exporting_journeys import SHEETS_OF_JOURNEYS
from steadyhand.exchange.exporting_knowledge import SHEETS_OF_KNOWLEDGE
from steadyhand.exchange.exporting_newbusiness import SHEETS_OF_NEW_BUSINESS
from steadyhand.exchange.exporting_onboarding import SHEETS_OF_HANDOVERS
from steadyhand.exchange.exporting_reports import SHEETS_OF_REPORTS
from steadyhand.exchange.exporting_work import SHEETS_OF_WORK
from steadyhand.exchange.presets import STEADYHAND_HEADINGS
from steadyhand.exchange.sheets import Rows, Sheet, rows_of
from steadyhand.exchange.tables import quoted
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.playbook.models import Version


def export_to(folder: Path, *, by: Actor, heard: Callable[[int], None] | None = None) -> dict[str, int]:
    """Write every table into a folder, as CSV and JSON; how many rows each has."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for sheet in SHEETS:
        with (
            (folder / f"{sheet.name}.csv").open("w", newline="", encoding="utf-8-sig") as table,
            (folder / f"{sheet.name}.json").open("w", encoding="utf-8") as data,
        ):
            counts[sheet.name] = _write(sheet, by, table, data, heard or (lambda count: None))
    return counts


def export_zip(*, by: Actor) -> IO[bytes]:
    """The same in one zip file, open for reading and gone when closed."""
    packed = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        export_to(Path(folder), by=by)
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
    packed.seek(0)
    return packed


def _write(sheet: Sheet, by: Actor, table: IO[str], data: IO[str], heard: Callable[[int], None]) -> int:
    writer = csv.writer(table)
    writer.writerow(sheet.headings)
    data.write("[")
    count = 0
    for count, row in enumerate(sheet.rows(by), start=1):
        values = [_plain(value) for value in row]
        writer.writerow([quoted("" if value is None else str(value)) for value in values])
        data.write(",\n" if count > 1 else "\n")
        json.dump(dict(zip(sheet.headings, values, strict=True)), data, ensure_ascii=False)
        heard(1)
    data.write("\n]\n")
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _book(by: Actor) -> Rows:
    leads = dict(
        Assignment.objects.filter(position=Position.LEAD, until=None).values_list(
            "client_id", "member__email"
        )
    )
    clients = Client.objects.visible_to(by).listed().prefetch_related("engagements__services").order_by("pk")
    for client in clients.iterator(chunk_size=500):
        start = (client.name, client.domain, leads.get(client.pk, ""))
        end = (client.country, client.zone)
        engagements = list(client.engagements.all())
        for each in engagements:
            services = "; ".join(service.name for service in each.services.all())
            scope = (each.kind, services, each.amount, each.currency, each.starts_on, each.ends_on)
            yield (*start, *scope, *end)
        if not engagements:
            yield (*start, "", "", "", "", "", "", *end)


def _under_visible[Row: models.Model](model: type[Row], path: str) -> Callable[[Actor], models.QuerySet[Row]]:
    def query(by: Actor) -> models.QuerySet[Row]:
        rows = model._default_manager.all()
        if by.may(Capability.SEE_ALL_CLIENTS):
            return rows
        return rows.filter(**{f"{path}__in": Client.objects.visible_to(by).values("pk")})

    return query


def _events(by: Actor) -> models.QuerySet[Event]:
    """What happened to clients one sees, and the rest for those who see all; no closed audience."""
    events = Event.objects.exclude(audience=Audience.PEOPLE) if not by.is_system else Event.objects.all()
    if not by.may(Capability.SEE_FINANCE):
        events = events.exclude(audience=Audience.FINANCE)
    if by.may(Capability.SEE_ALL_CLIENTS):
        return events
    return events.filter(client_id__in=Client.objects.visible_to(by).values("pk"))


SHEETS = (
    Sheet("book", STEADYHAND_HEADINGS, _book),
    Sheet(
        "agency",
        ("name", "currency", "country", "zone", "working days", "day starts", "day ends", "horizon in weeks"),
        rows_of(
            lambda by: Agency.objects.all(),
            *(
                "name",
                "currency",
                "country",
                "zone",
                "working_days",
                "day_starts",
                "day_ends",
                "horizon_weeks",
            ),
        ),
    ),
    Sheet("closed_days", ("day", "reason"), rows_of(lambda by: ClosedDay.objects.all(), "day", "reason")),
    Sheet(
        "rates",
        ("currency", "from", "rate"),
        rows_of(lambda by: ExchangeRate.objects.all(), "currency", "from_day", "rate"),
    ),
    Sheet(
        "playbook_versions",
        ("playbook", "number", "published", "published by", "document"),
        rows_of(
            lambda by: Version.objects.all(),
            *("playbook__name", "number", "published_at", "published_by", "document"),
        ),
    ),
    Sheet(
        "members",
        ("e-mail", "name", "role", "state", "country", "zone", "weekly hours", "line manager", "left"),
        rows_of(
            lambda by: Member.objects.visible_to(by),
            *(
                "email",
                "name",
                "role",
                "state",
                "country",
                "zone",
                "weekly_hours",
                "line_manager__email",
                "left_at",
            ),
        ),
    ),
    Sheet(
        "clients",
        (
            *("ref", "name", "domain", "stage", "group", "industry", "phone", "website", "country", "zone"),
            *("client since", "lift", "propensity", "business", "goals", "ended", "why", "merged into"),
        ),
        rows_of(
            lambda by: Client.objects.visible_to(by),
            *(
                "ref",
                "name",
                "domain",
                "stage",
                "group__name",
                "industry",
                "phone",
                "website",
                "country",
                "zone",
            ),
            *(
                "since",
                "lift",
                "propensity",
                "business",
                "goals",
                "ended_on",
                "end_reason",
                "merged_into__ref",
            ),
        ),
    ),
    Sheet(
        "contacts",
        ("client", "name", "e-mail", "phone", "job title", "day to day", "decides", "notes", "left"),
        rows_of(
            lambda by: Contact.objects.visible_to(by),
            *(
                "client__ref",
                "name",
                "email",
                "phone",
                "job_title",
                "day_to_day",
                "decides",
                "notes",
                "left_on",
            ),
        ),
    ),
    *SHEETS_OF_KNOWLEDGE,
    Sheet(
        "account_teams",
        ("client", "member", "position", "since", "until"),
        rows_of(
            _under_visible(Assignment, "client"),
            *("client__ref", "member__email", "position", "since", "until"),
        ),
    ),
    Sheet(
        "engagements",
        ("ref", "client", "kind", "title", "amount", "currency", "start", "end"),
        rows_of(
            lambda by: Engagement.objects.visible_to(by),
            *("ref", "client__ref", "kind", "title", "amount", "currency", "starts_on", "ends_on"),
        ),
    ),
    Sheet(
        "services",
        ("engagement", "number", "name", "channel"),
        rows_of(
            _under_visible(Service, "engagement__client"), "engagement__ref", "number", "name", "channel"
        ),
    ),
    Sheet(
        "commitments",
        (
            *("client", "engagement", "kind", "title", "rule", "period", "due", "time", "zone", "owner"),
            *("state", "playbook version"),
        ),
        rows_of(
            lambda by: Commitment.objects.visible_to(by),
            *(
                "client__ref",
                "engagement__ref",
                "kind",
                "title",
                "rule",
                "period",
                "due_on",
                "due_time",
                "zone",
            ),
            *("owner__email", "state", "version__number"),
        ),
    ),
    Sheet(
        "interactions",
        (
            "client",
            "contact",
            "member",
            "at",
            "channel",
            "direction",
            "summary",
            "body",
            "outcome",
            "minutes",
        ),
        rows_of(
            lambda by: Interaction.objects.visible_to(by),
            *(
                "client__ref",
                "contact__email",
                "member__email",
                "at",
                "channel",
                "direction",
                "summary",
                "body",
            ),
            *("outcome", "minutes"),
        ),
    ),
    *CALLS,
    *MEETINGS,
    *MAIL,
    *SHEETS_OF_CARE,
    *SHEETS_OF_NEW_BUSINESS,
    *SHEETS_OF_DELIVERY,
    *SHEETS_OF_WORK,
    *SHEETS_OF_AGREEMENTS,
    *SHEETS_OF_FIGURES,
    *SHEETS_OF_FORMS,
    *SHEETS_OF_DIPS,
    *SHEETS_OF_INSIGHTS,
    *SHEETS_OF_HANDOVERS,
    *SHEETS_OF_REPORTS,
    *SHEETS_OF_JOURNEYS,
    *SHEETS_OF_APPROVALS,
    Sheet(
        "events",
        ("at", "what", "who", "client id", "of", "id", "details"),
        rows_of(_events, "at", "verb", "actor_name", "client_id", "subject_type", "subject_id", "data"),
    ),
)

_SAID_BY_EVENTS = "each change is an event, with its values"
_OWN_MAIL = "how somebody's own mail is set up; it holds secrets"
_WORKINGS = "how the product goes about it; what came of it is in other tables"
#: Tables of the rooms about clients that no export holds, and why.
LEFT_OUT = {
    "onboarding.KickoffWaiver": "in the line of its handover",
    "clients.ClientGroup": "each client names its group",
    "clients.Access": "follows from the account teams",
    "clients.SpendChange": _SAID_BY_EVENTS,
    "clients.Pause": _SAID_BY_EVENTS,
    "clients.AgreedTime": _SAID_BY_EVENTS,
    "clients.Departure": _SAID_BY_EVENTS,
    "clients.BriefReading": _WORKINGS,
    "delivery.WorkList": "the agency's own words; each line holds those it bears",
    "delivery.Reminder_messages": "the mails are among the messages",
    "comms.NoteTyping": "keystrokes on their way into a call's notes",
    "comms.Dropbox": _OWN_MAIL,
    "comms.Mailbox": _OWN_MAIL,
    "comms.UnwantedSender": _OWN_MAIL,
    "comms.Arrival": _WORKINGS,
    "comms.Notification": _WORKINGS,
    "comms.MailRules": "a setting of this installation",
    "comms.Preparation": "its promise is among the commitments",
    "comms.Series_members": "the attendees of each meeting say who comes",
    "comms.Occurrence": _WORKINGS,
    "comms.Filling": _WORKINGS,
    "comms.Discussed": _WORKINGS,
}
