"""Doing the steps of a checked row, each by the verb of the room it concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from steadyhand.clients.book import add_client, change_client, change_contact
from steadyhand.clients.bulk import (
    NewClient,
    NewContact,
    NewEngagement,
    add_clients,
    add_contacts,
    assign_first_leads,
    begin_engagements,
)
from steadyhand.clients.engagements import ServiceLine, change_engagement, change_spend
from steadyhand.clients.models import Client, Contact, Engagement, EngagementKind, Position, Stage
from steadyhand.clients.team import assign
from steadyhand.clients.winning import win_client
from steadyhand.comms.interactions import Said, log_interactions
from steadyhand.comms.models import Channel, Direction
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.models import ExternalRef, ImportRun
from steadyhand.exchange.plan import Ref, Step, text_of
from steadyhand.people.members import add_member
from steadyhand.people.models import Member, MemberState


class Hands:
    """Does steps for one import. `made` maps the keys of things the import made to their ids."""

    def __init__(self, run: ImportRun, by: Actor, made: dict[str, int]) -> None:
        self.run, self.by, self.made = run, by, made
        self.new: dict[str, int] = {}
        self.remembered: list[ExternalRef] = []
        self._clients: dict[int, Client] = {}
        self._members: dict[str, Member] = {}

    def do_row(self, steps: list[Step]) -> dict[str, int]:
        """Do all steps of a row; what it made, by key. A refusal leaves nothing of it in mind."""
        self.new, self.remembered = {}, []
        for step in steps:
            _VERBS[step.verb](self, step)
        self._keep_references()
        self.made.update(self.new)
        return self.new

    def do_many(self, rows: list[list[Step]]) -> list[dict[str, int]]:
        """Do the steps of many rows verb by verb, what is new in bulk; what each row made.

        Refuses all of them where one would be refused: `do_row` finds out which.
        """
        self.new, self.remembered = {}, []
        steps = [step for row in rows for step in row]
        for verb in _VERBS:
            of_verb = [step for step in steps if step.verb == verb]
            if verb in MANY and of_verb:
                MANY[verb](self, of_verb)
                continue
            for step in of_verb:
                _VERBS[verb](self, step)
        self._keep_references()
        self.made.update(self.new)
        keys = [{str(step.of): step for step in row} for row in rows]
        made = [{key: self.new[key] for key in row if key in self.new} for row in keys]
        people = {key: pk for key, pk in self.new.items() if key.startswith("member:")}
        if people and made:
            made[0] |= people
        return made

    def _keep_references(self) -> None:
        newest = {(ref.kind, ref.external_id): ref for ref in self.remembered}
        ExternalRef.objects.bulk_create(
            newest.values(),
            batch_size=200,
            update_conflicts=True,
            unique_fields=["source", "kind", "external_id"],
            update_fields=["subject_id", "seen"],
        )

    def forget(self) -> None:
        """What is kept in mind of rows is read again: the transaction it was read in is over."""
        self._clients.clear()
        self._members.clear()

    def id_of(self, ref: Ref) -> int:
        """The id behind a reference; refuses when the row that should have made it was refused."""
        if isinstance(ref, int):
            return ref
        found = self.new.get(ref) or self.made.get(ref)
        if found is None:
            raise Refusal(
                "What this line belongs to was not imported.", remedy="Mend the line above it first."
            )
        return found

    def client(self, ref: Ref) -> Client:
        """The client, as it stood when this chunk first met it."""
        pk = self.id_of(ref)
        if pk not in self._clients:
            client = Client.objects.filter(pk=pk).exclude(stage=Stage.MERGED).first()
            if client is None:
                raise _gone("client")
            self._clients[pk] = client
        return self._clients[pk]

    def changed(self, client: Client) -> None:
        """Keep the newest state of a client."""
        self._clients[client.pk] = client

    def member(self, email: str) -> Member:
        """The member of that address; added, not invited, where there is none."""
        member = self._members.get(email) or Member.objects.filter(email=email).first()
        if member is None:
            member = add_member(email, by=self.by, batch=self.run.batch)
            self.new[f"member:{email}"] = member.pk
        self._members[email] = member
        return member


def _add_client(hands: Hands, step: Step) -> None:
    values = {name: value for name, value in step.values.items() if value}
    client = add_client(by=hands.by, batch=hands.run.batch, **values)
    hands.changed(client)
    hands.new[str(step.of)] = client.pk


def _add_clients(hands: Hands, steps: list[Step]) -> None:
    own = ("name", "domain", "country", "zone", "stage")
    news = [
        NewClient(
            **{name: step.values.get(name, "") for name in own},
            details={name: value for name, value in step.values.items() if name not in own},
        )
        for step in steps
    ]
    for step, client in zip(steps, add_clients(news, by=hands.by, batch=hands.run.batch), strict=True):
        hands.changed(client)
        hands.new[str(step.of)] = client.pk


def _change_client(hands: Hands, step: Step) -> None:
    client = hands.client(step.of)
    _must_be(client.name, {name: getattr(client, name) for name in step.before}, step.before)
    hands.changed(change_client(client, by=hands.by, batch=hands.run.batch, **step.values))


def _win_client(hands: Hands, step: Step) -> None:
    hands.changed(win_client(hands.client(step.of), by=hands.by, batch=hands.run.batch))


def _lead_client(hands: Hands, step: Step) -> None:
    client, member = hands.client(step.of), hands.member(step.values["email"])
    if member.state == MemberState.LEFT:
        raise Refusal(f"{member.name} has left since the check.", remedy="Check the file again.")
    assign(client, member, Position.LEAD, by=hands.by, batch=hands.run.batch)


def _lead_clients(hands: Hands, steps: list[Step]) -> None:
    """Clients this very chunk made get their first lead in bulk, the others one by one."""
    made = {pk for key, pk in hands.new.items() if not key.startswith("member:")}
    first = {hands.id_of(step.of): step for step in reversed(steps) if hands.id_of(step.of) in made}
    pairs = [(hands.client(step.of), hands.member(step.values["email"])) for step in first.values()]
    assign_first_leads(pairs, by=hands.by, batch=hands.run.batch)
    for step in steps:
        if first.get(hands.id_of(step.of)) is not step:
            _lead_client(hands, step)


def _begin_engagements(hands: Hands, steps: list[Step]) -> None:
    news = [
        NewEngagement(
            client=hands.client(step.values["client"]),
            kind=EngagementKind(step.values["kind"]),
            amount=Decimal(step.values["amount"]),
            currency=step.values["currency"],
            starts_on=dt.date.fromisoformat(step.values["starts_on"]),
            ends_on=_day(step.values["ends_on"]),
            title=step.values.get("title", ""),
            services=[ServiceLine(name) for name in step.values["services"]],
        )
        for step in steps
    ]
    begun = begin_engagements(news, by=hands.by, batch=hands.run.batch)
    hands.new.update({str(step.of): each.pk for step, each in zip(steps, begun, strict=True)})


def _begin_engagement(hands: Hands, step: Step) -> None:
    _begin_engagements(hands, [step])


def _change_spend(hands: Hands, step: Step) -> None:
    engagement = _engagement(hands, step)
    change_spend(
        engagement,
        Decimal(step.values["amount"]),
        by=hands.by,
        currency=step.values["currency"],
        reason="Imported",
        batch=hands.run.batch,
    )


def _change_engagement(hands: Hands, step: Step) -> None:
    change_engagement(
        _engagement(hands, step),
        by=hands.by,
        starts_on=dt.date.fromisoformat(step.values["starts_on"]),
        ends_on=_day(step.values["ends_on"]),
        title=step.values["title"],
        batch=hands.run.batch,
    )


def _add_contacts(hands: Hands, steps: list[Step]) -> None:
    news = [
        NewContact(
            client=hands.client(step.values["client"]),
            name=step.values["name"],
            email=step.values["email"],
            details={name: step.values[name] for name in ("phone", "job_title")},
        )
        for step in steps
    ]
    added = add_contacts(news, by=hands.by, batch=hands.run.batch)
    hands.new.update({str(step.of): each.pk for step, each in zip(steps, added, strict=True)})


def _add_contact(hands: Hands, step: Step) -> None:
    _add_contacts(hands, [step])


def _change_contact(hands: Hands, step: Step) -> None:
    contact = Contact.objects.filter(pk=hands.id_of(step.of)).first()
    if contact is None:
        raise _gone("contact")
    _must_be(contact.name, {name: getattr(contact, name) for name in step.before}, step.before)
    change_contact(contact, by=hands.by, batch=hands.run.batch, **step.values)


def _log_interactions(hands: Hands, steps: list[Step]) -> None:
    many = []
    for step in steps:
        values = dict(step.values)
        client = hands.client(values.pop("client"))
        contact, owner = values.pop("contact"), values.pop("member")
        many.append(
            Said(
                client=client,
                channel=Channel(values.pop("channel")),
                direction=Direction(values.pop("direction", "")),
                at=dt.datetime.fromisoformat(values.pop("at")),
                contact=Contact(pk=hands.id_of(contact), client_id=client.pk) if contact else None,
                member=hands.member(owner) if owner else None,
                **values,
            )
        )
    logged = log_interactions(many, by=hands.by, batch=hands.run.batch)
    hands.new.update({str(step.of): each.pk for step, each in zip(steps, logged, strict=True)})


def _log_interaction(hands: Hands, step: Step) -> None:
    _log_interactions(hands, [step])


def _remember(hands: Hands, step: Step) -> None:
    hands.remembered.append(
        ExternalRef(source=hands.run.source, subject_id=hands.id_of(step.of), **step.values)
    )


#: In the order in which a chunk does them: what a verb needs, an earlier one made.
_VERBS: dict[str, Callable[[Hands, Step], None]] = {
    "add_client": _add_client,
    "change_client": _change_client,
    "win_client": _win_client,
    "lead_client": _lead_client,
    "begin_engagement": _begin_engagement,
    "change_spend": _change_spend,
    "change_engagement": _change_engagement,
    "add_contact": _add_contact,
    "change_contact": _change_contact,
    "log_interaction": _log_interaction,
    "remember": _remember,
}
MANY: dict[str, Callable[[Hands, list[Step]], None]] = {
    "add_client": _add_clients,
    "lead_client": _lead_clients,
    "begin_engagement": _begin_engagements,
    "add_contact": _add_contacts,
    "log_interaction": _log_interactions,
}


def _engagement(hands: Hands, step: Step) -> Engagement:
    engagement = Engagement.objects.filter(pk=hands.id_of(step.of)).first()
    if engagement is None:
        raise _gone("engagement")
    now = {name: text_of(getattr(engagement, name)) for name in step.before}
    _must_be(engagement.title, now, step.before)
    return engagement


def _must_be(name: str, now: dict[str, Any], checked: dict[str, Any]) -> None:
    """Refuse when somebody changed the thing between check and import: their change stays."""
    for field, value in checked.items():
        if now[field] != value:
            raise Refusal(
                f"Somebody changed {field.replace('_', ' ')} of {name} from {value or 'nothing'}"
                f" to {now[field] or 'nothing'} since the check.",
                remedy="Check the file again.",
            )


def _gone(what: str) -> Refusal:
    return Refusal(f"The {what} has been removed since the check.", remedy="Check the file again.")


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
