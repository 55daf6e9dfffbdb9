"""Arranging a client's dashboard and sharing it: in their pages, and by a link to somebody there (R2)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.db import transaction

from steadyhand.clients.item_links import issue_link, shut_links
from steadyhand.clients.models import Client, Contact
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics.definitions import METRICS, Metric, by_service
from steadyhand.reporting.models import Dashboard

#: How an item of this kind is named in a link.
KIND = "figures"

#: More than a page can be read with.
MOST = 40


def metrics_of(client: Client, dashboard: Dashboard | None) -> list[Metric]:
    """What the dashboard shows: what was chosen, else what the client's services ask for."""
    chosen = [METRICS[key] for key in dashboard.keys if key in METRICS] if dashboard else []
    if chosen:
        return chosen
    services = client.engagements.order_by("starts_on", "pk").values_list("services__channel", flat=True)
    return by_service(channel or "" for channel in services)


@transaction.atomic
def arrange(
    client: Client, *, by: Actor, keys: Sequence[str] = (), outside_url: str = "", outside_name: str = ""
) -> Dashboard:
    """Choose the metrics (none: what the services ask for) and a dashboard elsewhere to link to."""
    unknown = [key for key in keys if key not in METRICS]
    if unknown:
        raise Refusal(f"“{unknown[0]}” is not a metric we know.", field="keys")
    if len(set(keys)) > MOST:
        raise Refusal(
            f"That is more than {MOST} metrics.", remedy="Choose the few that matter.", field="keys"
        )
    url = outside_url.strip()
    if url and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
        raise Refusal(
            "The other dashboard's address is not a safe one.",
            remedy="Copy it from the browser; it begins with https://",
            field="outside_url",
        )
    dashboard = _locked(client)
    dashboard.keys = list(dict.fromkeys(keys))
    dashboard.outside_url = url
    dashboard.outside_name = (outside_name.strip() or (urlsplit(url).hostname or ""))[:80] if url else ""
    dashboard.save(update_fields=["keys", "outside_url", "outside_name"])
    what = ", ".join(METRICS[key].label for key in dashboard.keys) or "what the services ask for"
    events.record("dashboard.arranged", by=by, client_id=client.pk, subject=dashboard, what=what[:200])
    return dashboard


@transaction.atomic
def share(client: Client, *, by: Actor) -> Dashboard:
    """The client sees the figures in their pages, with what was shown of commentary and marks."""
    dashboard = _locked(client)
    if dashboard.shared_at is None:
        dashboard.shared_at, dashboard.shared_by = clock.now(), by.name
        dashboard.save(update_fields=["shared_at", "shared_by"])
        events.record("dashboard.shared", by=by, client_id=client.pk, subject=dashboard)
    return dashboard


@transaction.atomic
def close(client: Client, *, by: Actor) -> Dashboard:
    """The client no longer sees the figures, and links to them open nothing."""
    dashboard = _locked(client)
    if dashboard.shared_at is not None:
        dashboard.shared_at, dashboard.shared_by = None, ""
        dashboard.save(update_fields=["shared_at", "shared_by"])
        contacts = client.contacts.values_list("pk", flat=True)
        shut_links(contacts, f"{KIND}:{dashboard.pk}")
        events.record("dashboard.closed", by=by, client_id=client.pk, subject=dashboard)
    return dashboard


@transaction.atomic
def link_for(contact: Contact, *, by: Actor) -> str:
    """A link that opens the figures for this contact without signing in; its path, told only now."""
    dashboard = Dashboard.objects.filter(client=contact.client_id).first()
    if dashboard is None or dashboard.shared_at is None:
        raise Refusal("The figures are not shared yet.", remedy="Share them first, then make a link.")
    _, path = issue_link(contact, KIND, dashboard.pk, by=by)
    return path


def _locked(client: Client) -> Dashboard:
    dashboard, _ = Dashboard.objects.select_for_update().get_or_create(client=client)
    return dashboard
