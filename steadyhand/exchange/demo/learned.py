"""What the demo agency has learned of its clients: people, answers, sectors, and its own services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from steadyhand.clients import discovery, expectations, personal, sectors, working
from steadyhand.clients.models import Contact, Position, SectorNote, ServiceOffer
from steadyhand.exchange.demo.sketch import FIRST_MONTH
from steadyhand.exchange.demo.world import A_DAY, World, chance
from steadyhand.people.models import Member


@dataclass(frozen=True, slots=True)
class Learned:
    """Of one client's first contact, in order of kinds; `birthday` and `away` in days from today.

    `answers` belong to the questions of the bank, in its order; an empty one is not asked yet.
    """

    birthday: int = 0
    year: int | None = None
    away: tuple[int, int, str] | None = None
    details: dict[str, str] = field(default_factory=dict)
    level: str = ""
    cares_for: str = ""
    agreed: str = ""
    pushed_back: tuple[str, str] = ("", "")
    answers: tuple[str, ...] = ()


LEARNED: dict[str, Learned] = {
    "Castellan Hotels": Learned(
        birthday=9,
        details={
            "interest": "Sings in a choir; the Messiah is in December.",
            "family": "Two boys at university, one of them in Bath.",
            "deciding": "Takes one page to Piers on a Friday and has the answer on Monday.",
            "bad_news": "By telephone, before nine, with what we do about it.",
        },
        level="savvy",
        cares_for="That Piers never hears a number from anybody else first.",
        agreed="A booking counts when the guest has stayed, not when the form is sent.",
        answers=(
            "Helena decides up to £2,000; above that Piers, on Mondays.",
            "Search and the newsletter; the booking sites take more than both.",
            "Helena; Nadia owns what goes to the booking sites.",
            "Everything but search and the newsletter is done by the hotels themselves.",
            "A photographer in Bath. They love that she answers the same day.",
            "Content with search, unhappy with what the booking sites cost.",
            "Sunday evenings: the restaurants stand empty.",
            "",
            "Six in ten rooms booked directly.",
        ),
    ),
    "Verity Skincare": Learned(
        birthday=2,
        year=1991,
        away=(6, 14, "Accra, with her parents"),
        details={
            "interest": "Runs half marathons; the next one is in Bristol.",
            "speaking": "Figures first, then the story. No slides.",
        },
        level="savvy",
        agreed="We say so within a day when a campaign costs more than it brings.",
        answers=(
            "Chloe, with Verity for anything that touches the brand.",
            "Social and e-mail here; search is run by themselves.",
            "Chloe for all of it; the budget is one pot.",
            "Search in house, the rest with us.",
            "A public relations agency in London; they like that it says no.",
        ),
    ),
    "Kestrel Outdoor": Learned(
        away=(-2, 4, "Walking in the Cairngorms, no signal"),
        details={
            "interest": "Repairs old radios; will talk about them at length.",
            "other": "Was a teacher before; corrects our spelling and is right.",
        },
        level="novice",
        answers=("Rory for the shop, Isla for everything one can hold in one's hand.", "Search and e-mail."),
    ),
    "Marlow Instruments": Learned(
        birthday=30,
        details={
            "family": "A daughter, Priya, born in August.",
            "bad_news": "In writing, so that he can read it twice; then ring.",
        },
        level="thinks_savvy",
        cares_for="Being seen by Frances to have asked the hard question.",
        agreed="An enquiry counts when the works have quoted for it.",
        pushed_back=(
            "Bidding on the names of competitors.",
            "It would have raised the price of our own name; shown with a fortnight's figures.",
        ),
        answers=(
            "Anil prepares, Frances decides once a quarter.",
            "Search, trade fairs, two magazines.",
            "",
            "",
            "",
            "The fairs bring the best customers and nobody counts them.",
        ),
    ),
    FIRST_MONTH: Learned(
        birthday=17,
        details={"family": "Looks after her mother, who lives in one of the homes."},
        level="novice",
        answers=("Patricia, and Graham for anything a family could read.",),
    ),
    "Spreewald Feinkost": Learned(
        birthday=45,
        details={"speaking": "German on the telephone, English in writing.", "interest": "Bees; two hives."},
        answers=("Frau Wolff; Herr Krüger signs every invoice himself.", "Suche und Messen."),
    ),
}

SECTORS: dict[str, str] = {
    "Retail": (
        "From Black Friday to the week before Christmas nothing is launched, moved or tried out.\n\n"
        "Returns of January eat the margin of December: ask for contribution, never for turnover alone."
    ),
    "Hospitality": (
        "A room that stood empty last night is lost, so they care about pace more than totals.\n\n"
        "Booking sites take fifteen to twenty per cent: compare every channel with that."
    ),
    "Health": (
        "Claims of effect need a source a regulator would accept; the practice signs off each.\n\n"
        "Families search in the evening and ring in the morning. Count calls, not forms."
    ),
    "Legal": "Partners decide together, seldom in a meeting. Send the paper two days before; ring after.",
}

SERVICES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "SEO",
        "seo",
        "Being found by people who are already looking for what you sell: what your pages say, how they are "
        "built, and who refers to them.",
        "Visits that cost nothing the second time; slow to begin, slow to end.",
        "Head of strategy",
    ),
    (
        "Paid search",
        "paid-search",
        "A place above the results for the words that bring customers, paid by the click.",
        "Enquiries from the first week, and figures on which words are worth their price.",
        "Paid media",
    ),
    (
        "Paid social",
        "paid-social",
        "Showing what you do to people who did not know they wanted it.",
        "Reach among the right people, and a second chance with those who left.",
        "Paid media",
    ),
    (
        "E-mail",
        "email",
        "Letters to people who asked for them: the newsletter, and the ones that send themselves.",
        "More from customers you have; the cheapest sale there is.",
        "Content",
    ),
    (
        "Content",
        "content",
        "Texts and pictures that answer what your customers ask before they ask you.",
        "Trust, and something for search and social to show.",
        "Content",
    ),
)


def remember(world: World) -> None:
    """Put the learning into the past, each thing on a day of its own; sectors and services come first."""
    head = world.team["imogen"]
    world.plan(world.moment(world.working(-60), "16:00"), lambda: _write_down(world, head))
    for name, learned in LEARNED.items():
        dice = chance("learned", name)
        first = -12 if name == FIRST_MONTH else -55
        acts = _acts(world, name, learned)
        for number, act in enumerate(acts):
            day = world.working(min(first + number * dice.randint(2, 4), -1))
            world.plan(world.moment(day, f"{dice.randint(10, 16)}:{dice.choice(('05', '20', '45'))}"), act)


def _write_down(world: World, head: Member) -> None:
    notes = [sectors.write_sector_note(name, text, by=head.actor) for name, text in SECTORS.items()]
    offers = [
        sectors.describe_offer(name, channel=channel, what=what, brings=brings, led_by=led_by, by=head.actor)
        for name, channel, what, brings, led_by in SERVICES
    ]
    world.made[SectorNote._meta.label_lower] = [note.pk for note in notes]
    world.made[ServiceOffer._meta.label_lower] = [offer.pk for offer in offers]


def _acts(world: World, name: str, learned: Learned) -> list[Any]:
    """What was learned, as acts of whoever leads the client by then."""
    return [
        *(lambda act=act: act(world.clients[name], *_who(world, name)) for act in _of_people(world, learned)),
        *(
            lambda number=number, said=said: _answer(world, name, number, said)
            for number, said in enumerate(learned.answers)
            if said
        ),
        lambda: _say(world, name),
    ]


def _who(world: World, name: str) -> tuple[Contact, Member]:
    client = world.clients[name]
    lead = client.team.filter(position=Position.LEAD, until=None).select_related("member").get()
    return world.contacts[name][0], lead.member


def _of_people(world: World, learned: Learned) -> list[Any]:
    def detail(kind: str, **values: Any) -> Any:
        return lambda client, contact, member: personal.note_detail(contact, kind, by=member.actor, **values)

    def note(kind: str, text: str, reason: str = "") -> Any:
        return lambda client, contact, member: working.note_working(
            contact, kind, text, reason=reason, by=member.actor
        )

    acts = [detail(kind, text=text) for kind, text in learned.details.items()]
    if learned.birthday:
        day = world.today + learned.birthday * A_DAY
        acts.append(detail("birthday", day=day.day, month=day.month, year=learned.year))
    if learned.away:
        first, last, where = learned.away
        span = {"from_on": world.today + first * A_DAY, "until_on": world.today + last * A_DAY}
        acts.append(detail("away", text=where, **span))
    if learned.level:
        acts.append(
            lambda client, contact, member: working.judge_knowledge(contact, learned.level, by=member.actor)
        )
    for kind, text, reason in (
        ("cares_for", learned.cares_for, ""),
        ("agreed", learned.agreed, ""),
        ("pushed_back", *learned.pushed_back),
    ):
        if text:
            acts.append(note(kind, text, reason))
    return acts


def _answer(world: World, name: str, number: int, said: str) -> None:
    contact, member = _who(world, name)
    question = discovery.questions()[number]
    discovery.answer_question(world.clients[name], question.key, said, by=member.actor, contact=contact)


def _say(world: World, name: str) -> None:
    """The first two that are due."""
    contact, member = _who(world, name)
    for one in expectations.expectations_due(world.clients[name])[:2]:
        expectations.say_expectation(
            world.clients[name],
            one.expectation.key,
            by=member.actor,
            engagement=one.engagement,
            contact=contact,
        )
