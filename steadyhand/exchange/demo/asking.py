"""What the demo agency asks its clients for by telephone, and what they ask that it must find out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from steadyhand.comms.asking.chasing import ask_client, take_answer, tried
from steadyhand.comms.asking.finding_out import find_out, give_answer
from steadyhand.comms.models import Channel, Chase, OpenQuestion, Outcome
from steadyhand.exchange.demo.world import World, lead_of


@dataclass(frozen=True, slots=True)
class Answered:
    """When the answer came, how, and in which words."""

    offset: int
    time: str
    how: Channel
    words: str


@dataclass(frozen=True, slots=True)
class Request:
    """What we need: asked so many days ago, rung for, wanted in so many days."""

    client: str
    text: str
    offset: int
    time: str
    wanted_in: int
    tries: tuple[tuple[int, str, Outcome, str], ...] = ()
    answer: Answered | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What they want to know, since when, and by when we promised to say."""

    client: str
    text: str
    offset: int
    time: str
    due_in: int
    answer: Answered | None = None


# Times of one thread rise also where its days are one: a weekend's are the Friday before.
REQUESTS = (
    Request(
        "Halloway & Finch",
        "the list of enquiries from October",
        -7,
        "09:10",
        3,
        (
            (-5, "10:40", Outcome.NO_ANSWER, ""),
            (-1, "11:20", Outcome.VOICEMAIL, "Said why we need it and that an unsorted list will do."),
        ),
    ),
    Request(
        "Northfield Solar",
        "leave to name the village hall in Wells",
        -3,
        "09:05",
        4,
        ((-1, "09:35", Outcome.REACHED, "Hamza asks Ingrid; she is on a roof until the evening."),),
    ),
    Request(
        "Kestrel Outdoor",
        "photographs of the repair workshop",
        -16,
        "09:20",
        -6,
        (
            (-15, "11:05", Outcome.NO_ANSWER, ""),
            (-13, "16:20", Outcome.REACHED, "Isla takes them herself on Friday."),
        ),
        Answered(-11, "17:10", Channel.EMAIL, "Fourteen photographs, two with the dog."),
    ),
    Request(
        "Larkspur Interiors",
        "a yes or no to the showroom evening",
        -25,
        "10:15",
        -18,
        ((-24, "12:10", Outcome.VOICEMAIL, "Two dates offered."),),
        Answered(-22, "14:50", Channel.CALL, "Yes, on the second Thursday; Anton says a few words."),
    ),
)
QUESTIONS = (
    Question("Beacon Dental Group", "What does an implant patient cost us in Hove alone?", -1, "12:25", 1),
    Question("Verity Skincare", "May we show customers’ faces in France as well?", -2, "15:40", 2),
    Question(
        "Astor & Vale",
        "Why do half the enquiries come from Oxford itself?",
        -9,
        "11:50",
        -6,
        Answered(-7, "14:05", Channel.CALL, "The area of one campaign was drawn too wide; it is mended."),
    ),
    Question(
        "Museum of Small Things",
        "How many members read the newsletter to its end?",
        -20,
        "10:30",
        -17,
        Answered(-18, "16:15", Channel.EMAIL, "About four in ten; those who came to an event, six in ten."),
    ),
)


def tell(world: World) -> None:
    """Plan it into the past; what lies before the demo's first day is left out."""
    for request in REQUESTS:
        _ask(world, request)
    for question in QUESTIONS:
        _promise_to_find_out(world, question)


def _ask(world: World, request: Request) -> None:
    begun: list[Chase] = []

    def ask() -> None:
        client = world.clients[request.client]
        lead = lead_of(client)
        chase = ask_client(
            client,
            request.text,
            by=lead.actor,
            owner=lead,
            contact=world.contact(client),
            wanted_by=world.working(request.wanted_in),
        )
        begun.append(chase)

    def ring(outcome: Outcome, note: str) -> None:
        lead = lead_of(begun[0].client)
        tried(begun[0], outcome, by=lead.actor, member=lead, note=note)

    def hear(said: Answered) -> None:
        take_answer(begun[0], said.words, by=lead_of(begun[0].client).actor, how=said.how)

    _on(world, request.offset, request.time, ask)
    for offset, time, outcome, note in request.tries:
        _on(world, offset, time, lambda outcome=outcome, note=note: ring(outcome, note))  # type: ignore[misc]
    if said := request.answer:
        _on(world, said.offset, said.time, lambda: hear(said))


def _promise_to_find_out(world: World, question: Question) -> None:
    asked: list[OpenQuestion] = []

    def ask() -> None:
        client = world.clients[question.client]
        lead = lead_of(client)
        due_on = world.working(question.due_in)
        made = find_out(
            client, question.text, by=lead.actor, owner=lead, due_on=due_on, contact=world.contact(client)
        )
        asked.append(made)

    def tell_them(said: Answered) -> None:
        give_answer(asked[0], said.words, by=lead_of(asked[0].client).actor, how=said.how)

    _on(world, question.offset, question.time, ask)
    if said := question.answer:
        _on(world, said.offset, said.time, lambda: tell_them(said))


def _on(world: World, offset: int, time: str, act: Callable[[], object]) -> None:
    day = world.working(offset)
    if day >= world.begins:
        world.plan(world.moment(day, time), act)
