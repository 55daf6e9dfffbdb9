"""The page one is on during a call: four parts to write in, beside them what to ask, say and know (S5)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from steadyhand.care.models import Rating, RatingSkip
from steadyhand.care.ratings import due_for_rating, rating_questions
from steadyhand.clients.discovery import unknown_questions
from steadyhand.clients.models import Client, Contact, Discovery, ExpectationSaid
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.calls.holding import minutes_so_far
from steadyhand.comms.models import Call, Message, MessageState, OpenQuestion
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.desk.call_captures import Captured, captured
from steadyhand.desk.call_time import minutes_left
from steadyhand.desk.knowledge import Person, ToSay, people, to_say
from steadyhand.people.models import Member
from steadyhand.playbook.content import CallPart, Checklist, Question, RatingQuestion
from steadyhand.playbook.models import Version
from steadyhand.reporting.models import Insight, InsightState

#: What answers, expectations said and drafts name as where they come from.
SOURCE = "comms.call"

#: Questions shown at once; the rest are a click away.
ASKED_FIRST = 4
MOST_OPEN = 8
#: Prompts that nobody planned for the call.
MOST_CLEVER = 2

CHECKLIST = "confidence-before-a-call"

#: Where there is no playbook to say what a call is made of, or it is silent.
NO_PARTS = (CallPart(key="notes", title="Notes", aim="What was said.", prompts=("What matters to them?",)),)


@dataclass(frozen=True, slots=True)
class NotePart:
    """One part of the call structure, and what is written under it so far."""

    part: CallPart
    text: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Ratings:
    """The month's ratings: `due` to be asked, given in this call, or skipped for a reason."""

    due: bool
    questions: tuple[RatingQuestion, ...]
    given: list[Rating]
    skipped: RatingSkip | None


@dataclass(slots=True)
class Ask:
    """The question bank against what they answered: what is unknown, and what they answered in this call."""

    unknown: list[Question]
    answered: list[tuple[str, Discovery]]

    @property
    def first(self) -> list[Question]:
        return self.unknown[:ASKED_FIRST]

    @property
    def rest(self) -> list[Question]:
        return self.unknown[ASKED_FIRST:]


@dataclass(slots=True)
class Say:
    """What is due to be said, and what has been said in this call."""

    due: list[ToSay]
    said: list[tuple[str, ExpectationSaid]]


@dataclass(slots=True)
class Clever:
    """What the figures suggest to ask: planned for this call, else the strongest; and what was asked."""

    standing: list[Insight]
    used: list[Insight]


@dataclass(slots=True)
class Know:
    """Who they are, what is open between us, and how much call time is left."""

    people: list[Person]
    questions: list[OpenQuestion]
    actions: list[Commitment]
    left: int | None
    checklist: Checklist | None


def call_of(pk: int, actor: Actor) -> Call | None:
    """The call with everything its page names, as far as one may see it."""
    related = ("client", "contact", "member", "commitment", "interaction")
    return Call.objects.visible_to(actor).select_related(*related).filter(pk=pk).first()


def note_parts(call: Call) -> list[NotePart]:
    """The parts of the live playbook's call structure, then what was written under one it no longer has."""
    version = Version.live()
    parts = (version.policy.content.call_structure if version else ()) or NO_PARTS
    notes = {note.part: note for note in call.notes.all()}
    shown = [NotePart(part, *_written(notes.pop(part.key, None))) for part in parts]
    for key, note in notes.items():
        if note.text:
            title = key.replace("-", " ").capitalize()
            shown.append(
                NotePart(NO_PARTS[0].model_copy(update={"key": key, "title": title}), *_written(note))
            )
    return shown


def _written(note: object) -> tuple[str, int]:
    return (getattr(note, "text", ""), getattr(note, "revision", 0))


def ask(call: Call) -> Ask:
    """What nobody has asked this client yet."""
    version = Version.live()
    texts = {question.key: question.text for question in version.policy.content.questions} if version else {}
    here = call.client.discovery.standing().filter(source_type=SOURCE, source_id=call.pk).order_by("at", "pk")
    return Ask(unknown_questions(call.client), [(texts.get(row.question_key, ""), row) for row in here])


def say(call: Call) -> Say:
    """The expectations due, in words for this client, and those said in this call."""
    source = (SOURCE, call.pk)
    version = Version.live()
    titles = {one.key: one.title for one in version.policy.content.expectations} if version else {}
    said = ExpectationSaid.objects.standing().filter(
        client=call.client, source_type=SOURCE, source_id=call.pk
    )
    due = [one for one in to_say(call.client, source=source) if one.due.due]
    return Say(due, [(titles.get(row.expectation_key, ""), row) for row in said.order_by("at", "pk")])


def clever(call: Call, actor: Actor) -> Clever:
    """Prompts of the figures for this call. One query."""
    rows = Insight.objects.visible_to(actor).filter(client=call.client_id).select_related("client")
    found = list(rows.filter(Q(state__in=(InsightState.OPEN, InsightState.PLANNED)) | Q(call=call)))
    standing = sorted((row for row in found if row.is_standing), key=lambda row: -row.weight)
    planned = [row for row in standing if row.is_planned]
    return Clever(planned or standing[:MOST_CLEVER], [row for row in found if row.call_id == call.pk])


def ratings(call: Call) -> Ratings:
    """Whether the month's ratings are to be asked in this call, or what came of asking."""
    month = clock.today(call.client.zone).replace(day=1)
    given = list(Rating.objects.filter(call=call).select_related("contact"))
    skipped = RatingSkip.objects.filter(client=call.client, month=month).first() if not given else None
    due = call.is_open and not given and skipped is None and due_for_rating(call.client)
    return Ratings(
        due, rating_questions(), given, skipped if skipped and skipped.call_id == call.pk else None
    )


def know(call: Call, actor: Actor) -> Know:
    """What one should have in mind: the person first, then what is open."""
    today = clock.today(call.client.zone)
    questions = OpenQuestion.objects.filter(
        client=call.client, answered_at=None, dropped_at=None, asked_at__lt=call.began_at
    )
    owed = Commitment.objects.visible_to(actor).owed().filter(client=call.client, about_type="comms.action")
    return Know(
        people=people(call.client, actor, only=call.contact),
        questions=list(questions.select_related("commitment__owner")[:MOST_OPEN]),
        actions=list(owed.select_related("owner").order_by("due_at", "pk")[:MOST_OPEN]),
        left=minutes_left([call.client_id], today, call.client.zone).get(call.client_id),
        checklist=checklist(),
    )


def checklist() -> Checklist | None:
    """What steadies one before a call (P5)."""
    version = Version.live()
    lists = version.policy.content.checklists if version else ()
    return next((one for one in lists if one.key == CHECKLIST), None)


def contacts_of(client: Client) -> list[Contact]:
    """Whom one may be speaking to."""
    return list(client.contacts.filter(left_on=None)[:50])


def colleagues(actor: Actor) -> list[Member]:
    """Who may be given an action."""
    return list(Member.objects.visible_to(actor).here().order_by("name", "pk"))


@dataclass(slots=True)
class EndedCall:
    """What ending the call left behind."""

    parts: list[NotePart]
    captured: list[Captured]
    promised: list[Commitment]
    draft: Message | None
    minutes: int
    left: int | None


def ended_call(call: Call, actor: Actor) -> EndedCall:
    """A call that is over: its notes, what it made us promise, the mail that follows it up."""
    promised = Commitment.objects.visible_to(actor).preloaded().filter(action__call=call)
    drafts = Message.objects.visible_to(actor).filter(about_type=SOURCE, about_id=call.pk)
    today = clock.today(call.client.zone)
    said = call.interaction
    return EndedCall(
        parts=[part for part in note_parts(call) if part.text.strip()],
        captured=[one for one in captured(call, actor) if one.what != "actions"],
        promised=list(promised.order_by("due_at", "pk")),
        draft=drafts.exclude(state=MessageState.CANCELLED).order_by("-pk").first(),
        minutes=(said.minutes if said else None) or minutes_so_far(call),
        left=minutes_left([call.client_id], today, call.client.zone).get(call.client_id),
    )


def running_calls(client: Client) -> list[Call]:
    """Calls that are being held with a client now."""
    open_ones = Call.objects.filter(client=client, ended_at=None, dropped_at=None)
    return list(open_ones.select_related("contact", "member", "client"))


def begins_with(client: Client, commitment: Commitment | None) -> Contact | None:
    """Whom a call is most likely with: whom we speak to from day to day; a sponsor's call, who decides."""
    wanted = "decides" if commitment is not None and commitment.kind == Kind.SPONSOR_CALL else "day_to_day"
    return client.contacts.filter(left_on=None, **{wanted: True}).first()
