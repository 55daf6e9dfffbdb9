"""What is known while a file is checked: the book as it stands, and what the rows above will do to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from steadyhand.clients.models import Assignment, Client, Contact, Engagement, Position, Stage
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.exchange.models import ExternalRef
from steadyhand.exchange.plan import Ref, text_of
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Capability


@dataclass(slots=True)
class KnownEngagement:
    """An engagement that exists or will."""

    ref: Ref
    kind: str
    service: str
    values: dict[str, Any]
    line: int = 0


@dataclass(slots=True)
class KnownClient:
    """A client that exists or will; `line` is where this file first speaks of it."""

    ref: Ref
    values: dict[str, Any]
    lead: str = ""
    stage: str = Stage.LIVE
    line: int = 0
    is_visible: bool = True
    engagements: list[KnownEngagement] = field(default_factory=list)
    emails: dict[str, Ref] = field(default_factory=dict)
    people: dict[str, Ref] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.values["name"])


CLIENT_FIELDS = ("name", "domain", "country", "zone", "industry", "phone", "website")


class Known:
    """Clients, contacts, members and references by everything a row may call them."""

    def __init__(self, source: str, by: Actor) -> None:
        self.source = source
        self.agency = Agency.get()
        self.clients: dict[Ref, KnownClient] = {}
        self.by_domain: dict[str, KnownClient] = {}
        self.by_name: dict[str, list[KnownClient]] = defaultdict(list)
        self.by_email: dict[str, KnownClient] = {}
        self.by_short_name: dict[str, KnownClient] = {}
        self.members: dict[str, str] = dict(Member.objects.values_list("email", "state"))
        self.new_members: set[str] = set()
        self.refs: dict[tuple[str, str], tuple[Ref, dict[str, Any]]] = {}
        self.contacts: dict[Ref, dict[str, Any]] = {}
        self.unseen_contacts: set[Ref] = set()
        self._load_clients(by)
        self._load_refs()

    def add(self, client: KnownClient) -> None:
        """A client the rows below may mean."""
        self.clients[client.ref] = client
        self.by_name[client.name.casefold()].append(client)
        if client.values.get("domain"):
            self.by_domain[client.values["domain"]] = client

    def change(self, client: KnownClient, values: dict[str, Any]) -> None:
        """The client will be called something else, or have another domain."""
        if "name" in values:
            self.by_name[client.name.casefold()].remove(client)
            self.by_name[values["name"].casefold()].append(client)
        if "domain" in values:
            self.by_domain.pop(client.values.get("domain") or "", None)
            self.by_domain[values["domain"]] = client
        client.values.update(values)

    def member_has_left(self, email: str) -> bool:
        """Whether the address belongs to somebody who left."""
        return self.members.get(email) == MemberState.LEFT

    def want_member(self, email: str) -> None:
        """Somebody of this address will be a member."""
        if email not in self.members:
            self.members[email] = MemberState.NOT_INVITED
            self.new_members.add(email)

    def ref(self, kind: str, external_id: str) -> tuple[Ref, dict[str, Any]] | None:
        """The thing a source calls so, and what it last said of it."""
        return self.refs.get((kind, external_id))

    def _load_clients(self, by: Actor) -> None:
        visible: set[int] | None = None
        if not by.may(Capability.SEE_ALL_CLIENTS):
            visible = set(Client.objects.visible_to(by).values_list("pk", flat=True))
        leads = dict(
            Assignment.objects.filter(position=Position.LEAD, until=None).values_list(
                "client_id", "member__email"
            )
        )
        rows = Client.objects.exclude(stage=Stage.MERGED).values_list("pk", "stage", "ref", *CLIENT_FIELDS)
        for pk, stage, short_name, *values in rows.order_by("pk").iterator():
            client = KnownClient(
                pk,
                dict(zip(CLIENT_FIELDS, values, strict=True)),
                lead=leads.get(pk, ""),
                stage=stage,
                is_visible=visible is None or pk in visible,
            )
            self.add(client)
            self.by_short_name[short_name] = client
        self._load_engagements()
        for pk, client_id, email, name, phone, job_title in Contact.objects.values_list(
            "pk", "client_id", "email", "name", "phone", "job_title"
        ).iterator():
            found = self.clients.get(client_id)
            if found is not None:
                self.contacts[pk] = {"name": name, "email": email, "phone": phone, "job_title": job_title}
                if not found.is_visible:
                    self.unseen_contacts.add(pk)
                found.people.setdefault(name.casefold(), pk)
                if email:
                    found.emails[email] = pk
                    self.by_email.setdefault(email, found)

    def _load_engagements(self) -> None:
        engagements = Engagement.objects.prefetch_related("services").order_by("starts_on", "pk")
        for engagement in engagements.iterator(chunk_size=2000):
            client = self.clients.get(engagement.client_id)
            if client is None:
                continue
            service = "; ".join(service.name for service in engagement.services.all())
            client.engagements.append(
                KnownEngagement(
                    engagement.pk,
                    engagement.kind,
                    service.casefold(),
                    {
                        "amount": text_of(engagement.amount),
                        "currency": engagement.currency,
                        "starts_on": text_of(engagement.starts_on),
                        "ends_on": text_of(engagement.ends_on),
                        "title": engagement.title,
                    },
                )
            )

    def _load_refs(self) -> None:
        rows = ExternalRef.objects.filter(source=self.source)
        for kind, external_id, subject_id, seen in rows.values_list(
            "kind", "external_id", "subject_id", "seen"
        ).iterator():
            if kind != "client" or subject_id in self.clients:
                self.refs[kind, external_id] = (subject_id, seen)
