"""The facts in a form, each beside what the record says today, and the verb by which it gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from steadyhand.clients import book
from steadyhand.clients.discovery import answer_question
from steadyhand.clients.models import Contact, DetailKind
from steadyhand.clients.personal import note_detail
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.forms.knowing import channel_row, person_row
from steadyhand.onboarding.forms.values import Row, Value, host_of, number_of, row_words, words
from steadyhand.onboarding.models import ClientChannel, Competitor, InvoicingDetails, SentForm
from steadyhand.playbook.form_questions import INVOICING_FIELDS, FieldKind, FormQuestion

SOURCE = "onboarding.sentform"
#: Details of invoicing that may be long.
LONG = {"address", "purchase_orders", "notes"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a form says: `told` and what is `known` are words for people, `value` what is recorded."""

    key: str
    label: str
    target: str
    told: str
    known: str = ""
    value: Any = field(default=None, compare=False)
    subject: int | None = None

    @property
    def is_personal(self) -> bool:
        """Whether it is for the account team's eyes alone."""
        return self.target.startswith("personal.")


def facts_of(sent: SentForm, answers: dict[str, Value]) -> list[Fact]:
    """Every fact in these answers that has a place on the record."""
    found: list[Fact] = []
    for question in sent.form.questions:
        value = answers.get(question.key)
        room = question.maps_to.partition(".")[0]
        if value and room in _READERS:
            found += _READERS[room](sent, question, value)
    return found


def record_facts(sent: SentForm, facts: Iterable[Fact], *, by: Actor) -> None:
    """Part of taking over: put them on the record, by its own verbs; a refusal names the fact."""
    invoicing: dict[str, str] = {}
    for fact in facts:
        room, _, name = fact.target.partition(".")
        if room == "invoicing":
            invoicing[name] = fact.value
            continue
        try:
            _WRITERS[room](sent, fact, by)
        except Refusal as refusal:
            raise Refusal(
                f"{fact.label}: {refusal.sentence}", remedy=refusal.remedy or "Leave it out.", field=fact.key
            ) from refusal
    if invoicing:
        _write_invoicing(sent, invoicing, by)


# --- fields of the client


def _client_fact(sent: SentForm, question: FormQuestion, value: Value) -> Iterator[Fact]:
    name = question.maps_to.partition(".")[2]
    told = words(question, value)
    if name == "domain":
        told = host_of(told) or told
    known = str(getattr(sent.client, name))
    yield Fact(question.key, question.text, question.maps_to, told, known, told)


def _write_client(sent: SentForm, fact: Fact, by: Actor) -> None:
    book.change_client(sent.client, by=by, **{fact.target.partition(".")[2]: fact.value})


# --- people


def _people(sent: SentForm, question: FormQuestion, value: Value) -> Iterator[Fact]:
    here = list(sent.client.contacts.filter(left_on=None))
    for number, row in enumerate(_rows(value)):
        known = _same_person(here, row)
        before = person_row(known) if known else {}
        after = {**before, **row}
        yield Fact(
            f"{question.key}.{number}",
            f"Contact: {row.get('name', '')}",
            "people",
            row_words(FieldKind.PEOPLE, after),
            row_words(FieldKind.PEOPLE, before),
            row,
            known.pk if known else None,
        )


def _same_person(here: list[Contact], row: Row) -> Contact | None:
    email, name = row.get("email", "").lower(), row.get("name", "").casefold()
    by_address = [one for one in here if email and one.email == email]
    by_name = [one for one in here if one.name.casefold() == name and not (email and one.email)]
    return next(iter(by_address or by_name), None)


def _write_person(sent: SentForm, fact: Fact, by: Actor) -> None:
    row: Row = fact.value
    values: dict[str, Any] = {
        name: row[name] for name in ("name", "email", "phone", "job_title") if name in row
    }
    values |= {"phone": row["phone"][:60]} if "phone" in row else {}
    values |= {"job_title": row["job_title"][:200]} if "job_title" in row else {}
    part = row.get("part", "")
    values |= {"day_to_day": True} if part == "weekly" else {"decides": True} if part == "decides" else {}
    if fact.subject is not None:
        book.change_contact(sent.client.contacts.get(pk=fact.subject or 0), by=by, **values)
    else:
        book.add_contact(sent.client, values.pop("name"), by=by, **values)


# --- channels and competitors


def _channels(sent: SentForm, question: FormQuestion, value: Value) -> Iterator[Fact]:
    known = {one.name.casefold(): one for one in ClientChannel.objects.filter(client=sent.client).standing()}
    for number, row in enumerate(_rows(value)):
        before = known.get(row.get("name", "").casefold())
        said = row_words(FieldKind.CHANNELS, channel_row(before)) if before else ""
        told = row_words(FieldKind.CHANNELS, {**row, "monthly_budget": _plain(row.get("monthly_budget", ""))})
        yield Fact(f"{question.key}.{number}", f"Channel: {row.get('name', '')}", "channels", told, said, row)


def _write_channel(sent: SentForm, fact: Fact, by: Actor) -> None:
    row: Row = fact.value
    name = row["name"][:200]
    ClientChannel.objects.filter(client=sent.client, name__iexact=name).standing().update(until=clock.now())
    budget = number_of(row.get("monthly_budget", ""))
    if budget is not None and budget >= 10**10:
        raise Refusal("That budget is larger than anybody's.", remedy="Check the figure.")
    ClientChannel.objects.create(
        client=sent.client,
        name=name,
        run_by=row.get("run_by", ""),
        who=row.get("who", ""),
        budget_owner=row.get("budget_owner", ""),
        monthly_budget=budget,
        currency=Agency.get().currency if budget is not None else "",
        by_name=by.name,
        at=clock.now(),
    )


def _competitors(sent: SentForm, question: FormQuestion, value: Value) -> Iterator[Fact]:
    known = {one.name.casefold(): one for one in Competitor.objects.filter(client=sent.client).standing()}
    for number, row in enumerate(_rows(value)):
        one = known.get(row.get("name", "").casefold())
        before = {"name": one.name, "website": one.website, "note": one.note} if one else {}
        yield Fact(
            f"{question.key}.{number}",
            f"Competitor: {row.get('name', '')}",
            "competitors",
            row_words(FieldKind.COMPETITORS, row),
            row_words(FieldKind.COMPETITORS, before),
            row,
        )


def _write_competitor(sent: SentForm, fact: Fact, by: Actor) -> None:
    row: Row = fact.value
    name = row["name"][:200]
    Competitor.objects.filter(client=sent.client, name__iexact=name).standing().update(until=clock.now())
    Competitor.objects.create(
        client=sent.client,
        name=name,
        website=row.get("website", "")[:300],
        note=row.get("note", "")[:500],
        by_name=by.name,
        at=clock.now(),
    )


# --- the question bank, and the person who answered


def _discovery(sent: SentForm, question: FormQuestion, value: Value) -> Iterator[Fact]:
    key = question.maps_to.partition(".")[2]
    standing = sent.client.discovery.standing().filter(question_key=key).first()
    told = words(question, value)[:5000]
    yield Fact(question.key, question.text, question.maps_to, told, standing.answer if standing else "", told)


def _write_discovery(sent: SentForm, fact: Fact, by: Actor) -> None:
    answer_question(
        sent.client,
        fact.target.partition(".")[2],
        fact.value,
        by=by,
        contact=sent.returned_by,
        source=(SOURCE, sent.pk),
    )


def _personal(sent: SentForm, question: FormQuestion, value: Value) -> Iterator[Fact]:
    contact = sent.returned_by
    if contact is None:
        return
    kind = question.maps_to.partition(".")[2]
    told = words(question, value)[:500]
    standing = [one.words for one in contact.personal_details.standing().filter(kind=kind)]
    known = told if told in standing else "\n".join(standing)
    yield Fact(
        question.key, f"{contact.name}: {question.text}", question.maps_to, told, known, told, contact.pk
    )


def _write_personal(sent: SentForm, fact: Fact, by: Actor) -> None:
    contact = sent.client.contacts.get(pk=fact.subject or 0)
    note_detail(contact, DetailKind(fact.target.partition(".")[2]), fact.value, by=by)


# --- invoicing


def _invoicing(sent: SentForm, question: FormQuestion, value: Value) -> Iterator[Fact]:
    standing = InvoicingDetails.objects.filter(client=sent.client).standing().first()
    known = str(getattr(standing, question.maps_to.partition(".")[2])) if standing else ""
    told = words(question, value)
    if question.maps_to.partition(".")[2] not in LONG:
        told = told[:500]
    yield Fact(question.key, question.text, question.maps_to, told, known, told)


def _write_invoicing(sent: SentForm, told: dict[str, str], by: Actor) -> None:
    """A newer row takes the place of the one before, with what that one said and what is told now."""
    standing = InvoicingDetails.objects.filter(client=sent.client).standing().first()
    values = {name: getattr(standing, name) for name in INVOICING_FIELDS} if standing else {}
    now = clock.now()
    if standing is not None:
        standing.until = now
        standing.save(update_fields=["until"])
    InvoicingDetails.objects.create(client=sent.client, by_name=by.name, at=now, **{**values, **told})


def _rows(value: Value) -> list[Row]:
    return [row for row in value if isinstance(row, dict) and row.get("name")]


def _plain(text: str) -> str:
    number = number_of(text)
    return f"{number.normalize():f}" if number is not None else text


_READERS: dict[str, Callable[[SentForm, FormQuestion, Value], Iterator[Fact]]] = {
    "client": _client_fact,
    "people": _people,
    "channels": _channels,
    "competitors": _competitors,
    "discovery": _discovery,
    "personal": _personal,
    "invoicing": _invoicing,
}
_WRITERS: dict[str, Callable[[SentForm, Fact, Actor], None]] = {
    "client": _write_client,
    "people": _write_person,
    "channels": _write_channel,
    "competitors": _write_competitor,
    "discovery": _write_discovery,
    "personal": _write_personal,
}
