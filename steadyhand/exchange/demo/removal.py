"""Removing the demo agency: what loading made, and what was done in it since, is gone; the rest stays.

Somebody may have added clients of their own meanwhile. They keep what they stand on: the colleagues who
own their promises, the playbook versions they were planned by, the rate of their currency.
"""

from __future__ import annotations

import email.policy
import logging
from collections.abc import Collection
from dataclasses import dataclass
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction

from steadyhand.clients.models import (
    Client,
    ClientGroup,
    Contact,
    Engagement,
    SectorNote,
    ServiceOffer,
)
from steadyhand.commitments.models import ClientPlan, Commitment
from steadyhand.comms.models import Meeting, Message, Series
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, ClosedDay, Event, ExchangeRate, Grant, OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Partner, Term
from steadyhand.exchange.models import DemoLoad, ExternalRef
from steadyhand.people.models import Absence, Member, User
from steadyhand.playbook import publishing
from steadyhand.playbook.models import AdoptionTick, Draft, Playbook, Version
from steadyhand.reporting.attribution.importing import drop as drop_journeys
from steadyhand.reporting.metrics import store
from steadyhand.reporting.models import JourneyImport

log = logging.getLogger(__name__)

Ids = set[int]


@dataclass(frozen=True, slots=True)
class Removed:
    """What is gone, and what had to stay because something real stands on it."""

    clients: int
    members: int
    kept_members: tuple[str, ...] = ()
    kept_clients: tuple[str, ...] = ()
    kept_playbook: bool = False
    agency_gone: bool = False

    def __str__(self) -> str:
        said = [f"The demo agency is removed: {self.clients} clients and {self.members} people."]
        if kept := [*self.kept_members, *self.kept_clients]:
            said.append(f"Your own clients need these, so they stay: {', '.join(kept)}.")
        if self.kept_playbook:
            said.append("Its playbook stays, because your own clients were planned by it.")
        if self.agency_gone:
            said.append("Open the first page to set up your own agency.")
        return " ".join(said)


@transaction.atomic
def remove(*, by: Actor) -> Removed:
    """Remove the demo agency. The state of before is back, except for what was added by hand since.

    The one act that records no event: it would be what the demo leaves behind.
    """
    load = DemoLoad.objects.select_for_update().filter(pk=1).first()
    if load is None:
        raise Refusal("The demo agency is not loaded.", remedy="Load it with: steadyhand demo load")
    removal = _Removal(load, by)
    removed = removal.carry_out()
    log.info("The demo agency was removed by %s", by.name)
    return removed


class _Removal:
    """The work of one removal, from what hangs on others to what others hang on."""

    def __init__(self, load: DemoLoad, by: Actor) -> None:
        self.load, self.by, self.batch = load, by, uuid4()
        self.gone: dict[str, Ids] = {}
        self.stays: dict[str, Ids] = {}
        self.addresses: set[str] = set()

    def carry_out(self) -> Removed:
        clients, kept_clients = self._clients()
        self._team_meetings()
        members, kept_members = self._members(self._agency_promises)
        kept_playbook = self._playbook()
        self._letters()
        self._groups()
        for model in (SectorNote, ServiceOffer):
            self._written(model)
        for table in (Term, Partner):
            self._noted(table)
        agency_gone = self._agency()
        self._rates(agency_gone)
        self._events(agency_gone)
        transaction.on_commit(partial(_remove_mail, frozenset(self.addresses)), robust=True)
        self.load.delete()
        return Removed(clients, members, kept_members, kept_clients, kept_playbook, agency_gone)

    def _forget(self, model: type[models.Model], ids: Collection[int]) -> None:
        self.gone.setdefault(model._meta.label_lower, set()).update(ids)

    def _keep(self, model: type[models.Model], ids: Collection[int]) -> None:
        self.stays.setdefault(model._meta.label_lower, set()).update(ids)

    def _clients(self) -> tuple[int, tuple[str, ...]]:
        """Every demo client with all that is theirs; one that took in a real client by a merge stays."""
        ids = set(self.load.ids(Client))
        merged = Client.objects.filter(merged_into__in=ids).exclude(pk__in=ids)
        kept = {client.merged_into_id for client in merged if client.merged_into_id is not None}
        self._keep(Client, kept)
        names = tuple(Client.objects.filter(pk__in=kept).values_list("name", flat=True))
        ids -= kept
        for model, kind in ((Contact, "contact"), (Engagement, "engagement")):
            theirs = model._default_manager.filter(client__in=ids).values_list("pk", flat=True)
            ExternalRef.objects.filter(kind=kind, subject_id__in=list(theirs)).delete()
        ExternalRef.objects.filter(kind="client", subject_id__in=ids).delete()
        Grant.objects.filter(holder_type="client", holder_id__in=ids).delete()
        self._visitors(ids)
        there = Client.objects.filter(pk__in=ids)
        count = there.count()
        journeys = set(JourneyImport.objects.filter(client__in=ids).values_list("digest", flat=True))
        there.exclude(merged_into=None).delete()
        there.delete()
        self._forget(Client, ids)
        for number in ids:
            transaction.on_commit(partial(store.drop, number))
        for digest in journeys:
            transaction.on_commit(partial(drop_journeys, digest))
        return count, names

    def _visitors(self, clients: Ids) -> None:
        """Whoever signed in to the clients' pages, and the links that were made for people there."""
        contacts = Contact.objects.filter(client__in=clients)
        users = list(contacts.exclude(user=None).values_list("user", flat=True))
        _end_sessions({str(user) for user in users})
        Grant.objects.filter(holder_type="contact", holder_id__in=contacts.values("pk")).delete()
        User.objects.filter(pk__in=users).delete()

    @property
    def _agency_promises(self) -> models.QuerySet[Commitment]:
        """What the agency owes itself under the demo's playbook, or by hand to nobody but demo people."""
        demo = models.Q(version__in=self._versions()) | models.Q(
            version=None, owner__in=self.load.ids(Member)
        )
        return Commitment.objects.filter(demo, client=None)

    def _team_meetings(self) -> None:
        """The team's own meetings, and what brings them back, that demo people lead or that were set up."""
        ids = self.load.ids(Member)
        series = Series.objects.filter(models.Q(pk__in=self.load.ids(Series)) | models.Q(led_by__in=ids))
        held = Meeting.objects.filter(client=None)
        for rows in (held.filter(models.Q(occurrence__series__in=series) | models.Q(led_by__in=ids)), series):
            pks = list(rows.values_list("pk", flat=True))
            self._forget(rows.model, pks)
            rows.model._default_manager.filter(pk__in=pks).delete()

    def _members(self, promises: models.QuerySet[Commitment]) -> tuple[int, tuple[str, ...]]:
        """Demo people, with sign-in, links and mail; whoever a real client still needs stays."""
        ids = set(self.load.ids(Member))
        for rows in (promises, Absence.objects.filter(member__in=ids)):
            self._forget(rows.model, list(rows.values_list("pk", flat=True)))
            rows.delete()
        kept = _still_needed(ids)
        self._keep(Member, kept)
        ids -= kept
        leaving = Member.objects.filter(pk__in=ids)
        self.addresses = set(leaving.values_list("email", flat=True))
        users = set(leaving.exclude(user=None).values_list("user", flat=True))
        count = leaving.count()
        leaving.delete()
        _end_sessions({str(user) for user in users})
        User.objects.filter(pk__in=users).delete()
        Grant.objects.filter(holder_type="member", holder_id__in=ids).delete()
        ExternalRef.objects.filter(kind="member", subject_id__in=ids).delete()
        OutboxMessage.objects.filter(recipient__in=self.addresses).delete()
        self._forget(Member, ids)
        return count, tuple(Member.objects.filter(pk__in=kept).values_list("name", flat=True))

    def _versions(self) -> Ids:
        """The demo's versions, with those somebody published of its playbook since."""
        since = Version.objects.filter(playbook__in=self.load.ids(Playbook))
        return {*self.load.ids(Version), *since.values_list("pk", flat=True)}

    def _playbook(self) -> bool:
        """All versions of the demo's playbook go, or none where one is named still; whether it stays."""
        versions, playbooks = self._versions(), self.load.ids(Playbook)
        ticks = AdoptionTick.objects.filter(
            models.Q(pk__in=self.load.ids(AdoptionTick)) | models.Q(by_id__in=self.load.ids(Member))
        )
        self._forget(AdoptionTick, list(ticks.values_list("pk", flat=True)))
        ticks.delete()
        Draft.objects.filter(playbook__in=playbooks).delete()
        named = any(
            model._default_manager.filter(version__in=versions).exists() for model in (Commitment, ClientPlan)
        )
        if named:
            self._keep(Version, versions)
            self._keep(Playbook, playbooks)
            return True
        publishing.forget_versions(versions, by=self.by, batch=self.batch)
        Playbook.objects.filter(pk__in=playbooks, versions=None).delete()
        self._forget(Version, versions)
        self._forget(Playbook, playbooks)
        return False

    def _letters(self) -> None:
        """Mail that nobody filed; what was filed has gone with its client."""
        unfiled = Message.objects.filter(pk__in=self.load.ids(Message), client=None)
        self._forget(Message, list(unfiled.values_list("pk", flat=True)))
        unfiled.delete()

    def _groups(self) -> None:
        ClientGroup.objects.filter(pk__in=self.load.ids(ClientGroup), client=None).delete()

    def _written(self, model: type[SectorNote] | type[ServiceOffer]) -> None:
        """Texts of the demo, with those that were written in their place since."""
        ids: Ids = set(self.load.ids(model))
        newer = ids
        while newer:
            replacing = model._default_manager.filter(replaces__in=newer).exclude(pk__in=ids)
            newer = set(replacing.values_list("pk", flat=True))
            ids = ids | newer
        model._default_manager.filter(pk__in=ids).delete()
        self._forget(model, ids)

    def _noted(self, model: type[Term] | type[Partner]) -> None:
        """Words and partners of the demo; a client that stays keeps its introduction, without the name."""
        ids = self.load.ids(model)
        self._forget(model, ids)
        model._default_manager.filter(pk__in=ids).delete()

    def _agency(self) -> bool:
        """The agency itself, where loading founded it and nothing real was built on it; if it is gone."""
        gone = self.load.founded and not (Client.objects.exists() or Member.objects.exists())
        if gone:
            ClosedDay.objects.all().delete()
            Agency.objects.all().delete()
        return gone

    def _rates(self, agency_gone: bool) -> None:
        if agency_gone:
            ExchangeRate.objects.all().delete()
            return
        used = Engagement.objects.values("currency")
        rates = ExchangeRate.objects.filter(pk__in=self.load.ids(ExchangeRate)).exclude(currency__in=used)
        self._forget(ExchangeRate, list(rates.values_list("pk", flat=True)))
        rates.delete()

    def _events(self, agency_gone: bool) -> None:
        """The demo's past, and every act since on something that is gone now."""
        if agency_gone:
            Event.objects.all().delete()
            return
        load = self.load
        told = models.Q(pk__range=(load.first_event, load.last_event), at__lte=load.loaded_at)
        for label, ids in {Agency._meta.label_lower: {1}, **self.stays}.items():
            told &= ~models.Q(subject_type=label, subject_id__in=ids)
        told |= models.Q(batch=self.batch)
        told |= models.Q(client_id__in=self.gone[Client._meta.label_lower])
        for label, ids in self.gone.items():
            told |= models.Q(subject_type=label, subject_id__in=ids)
        Event.objects.filter(told).delete()


def _still_needed(members: Collection[int]) -> Ids:
    """Those of these members whom a row that stays names and cannot do without."""
    needed: Ids = set()
    for relation in Member._meta.related_objects:
        if relation.on_delete is models.PROTECT:
            field = relation.field
            rows = relation.related_model._default_manager.filter(**{f"{field.name}__in": members})
            needed.update(rows.values_list(field.attname, flat=True))
    return needed


def _end_sessions(users: Collection[str]) -> None:
    """Sign these users out. A session says only in its own words whose it is."""
    theirs = [s.pk for s in Session.objects.iterator() if s.get_decoded().get("_auth_user_id") in users]
    Session.objects.filter(pk__in=theirs).delete()


def _remove_mail(addresses: Collection[str]) -> None:
    """Mail to demo people that lies in the data folder, where no mail server is set."""
    folder = Path(settings.DATA) / "mail"
    parser = BytesParser(policy=email.policy.default)
    for path in folder.glob("*.eml") if folder.is_dir() else ():
        with path.open("rb") as file:
            message = parser.parse(file, headersonly=True)
        if any(address in str(message["To"]) for address in addresses):
            path.unlink(missing_ok=True)
