"""Connecting a tool that sends figures by itself, and taking the connection back (R1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from steadyhand.clients.models import Client
from steadyhand.core import clock, duties, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.core.secrets import seal
from steadyhand.reporting.metrics.providers import Provider
from steadyhand.reporting.models import Connection, Source

#: A tool's figures come before what is uploaded by hand.
BY_ITSELF = 20

DUTY = "reporting.fetch_figures"


def connect(
    client: Client, tool: Provider, values: Mapping[str, str], *, by: Actor, since: dt.date | None = None
) -> Connection:
    """Read this account of the tool from `since` on (as far back as the tool goes where that is None).

    Refuses what cannot be an account or an access, and an account that is connected already. Nothing is
    asked of the tool yet: the first run says whether it lets us in.
    """
    account, secret = _read(tool, values)
    earliest = clock.today(client.zone) - tool.history
    try:
        with transaction.atomic():
            source = _source(client, tool, account)
            made = Connection.objects.create(
                client=client,
                source=source,
                provider=tool.key,
                account=account,
                secret=seal(secret),
                since=max(since or earliest, earliest),
                due_at=clock.now(),
                made_at=clock.now(),
                by_name=by.name,
            )
            events.record(
                "source.connected",
                by=by,
                client_id=client.pk,
                subject=source,
                tool=tool.label,
                account=account,
                since=made.since.isoformat(),
            )
    except IntegrityError:
        raise Refusal(
            f"{tool.label} {account} is connected for {client.name} already.",
            remedy="Renew its access on the sources page if it no longer answers.",
            field="account",
        ) from None
    duties.wake(DUTY)
    return made


@transaction.atomic
def renew(connection: Connection, tool: Provider, values: Mapping[str, str], *, by: Actor) -> None:
    """Another access to the same account; it is read again at once, from where it stopped."""
    account, secret = _read(tool, {**values, tool.account.name: connection.account})
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    row.secret, row.failures, row.due_at = seal(secret), 0, clock.now()
    row.save(update_fields=["secret", "failures", "due_at"])
    events.record(
        "source.renewed",
        by=by,
        client_id=row.client_id,
        subject=row.source,
        tool=tool.label,
        account=account,
    )
    duties.wake(DUTY)


@transaction.atomic
def run_now(connection: Connection, *, by: Actor, whole: bool = False) -> None:
    """Read it as soon as the worker can; `whole` reads everything since its first day again."""
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    row.due_at = clock.now()
    row.cursor = None if whole else row.cursor
    row.save(update_fields=["due_at", "cursor"])
    events.record(
        "source.run_asked",
        by=by,
        client_id=row.client_id,
        subject=row.source,
        tool=row.source.label,
        whole=whole,
    )
    duties.wake(DUTY)


@transaction.atomic
def disconnect(connection: Connection, *, by: Actor) -> None:
    """Forget the access and stop reading. The figures that came stay, with their source."""
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    source = row.source
    row.delete()
    events.record("source.disconnected", by=by, client_id=source.client_id, subject=source, tool=source.label)


def _source(client: Client, tool: Provider, account: str) -> Source:
    key = slugify(f"{tool.key}-{account}")[:40]
    source, _ = Source.objects.get_or_create(
        client=client,
        key=key,
        defaults={"label": f"{tool.label} {account}"[:80], "rank": BY_ITSELF, "zone": client.zone},
    )
    return source


def _read(tool: Provider, values: Mapping[str, str]) -> tuple[str, dict[str, object]]:
    try:
        account = tool.read_account(values.get(tool.account.name, ""))
    except ValueError as error:
        raise Refusal(str(error), remedy=tool.account.hint, field=tool.account.name) from None
    try:
        return account, tool.read_secret(values)
    except ValueError as error:
        raise Refusal(str(error), remedy="Paste it as the tool gave it to you.", field="key") from None
