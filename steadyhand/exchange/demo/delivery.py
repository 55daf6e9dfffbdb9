"""What the demo agency delivers: set-ups, dates promised and moved, words, introductions, strategies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from steadyhand.clients.models import Client
from steadyhand.clients.portal_access import actor_of
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.delivery import (
    deliverables,
    glossary,
    introductions,
    network,
    setting_up,
    strategies,
    timelines,
)
from steadyhand.delivery.models import (
    Deliverable,
    IntroductionOutcome,
    Partner,
    ServiceSetup,
    Showing,
    StrategyVersion,
    Term,
)
from steadyhand.exchange.demo.book import BOOK
from steadyhand.exchange.demo.sketch import FIRST_MONTH, Sketch
from steadyhand.exchange.demo.taking_on import starts_on
from steadyhand.exchange.demo.world import A_DAY, World, lead_of
from steadyhand.people.models import Member

#: Who leads which channel.
CHANNELS = {"seo": "yuki", "content": "yuki", "email": "yuki", "paid-search": "ben", "website": "ben"}

#: The first tasks of any service.
TASKS = (
    "Read what the kickoff wrote down",
    "Ask for access to everything",
    "Put the first month on the board",
)

#: client, what, who leads the channel, days ago it was asked, days after today it is ready, note.
DELIVERABLES = (
    (
        "Verity Skincare",
        "Audit of the shop's pages",
        "yuki",
        -50,
        -22,
        "If their agency hands the statistics over.",
    ),
    ("Castellan Hotels", "Booking pages in German", "ben", -40, -12, "Texts come from the hotel."),
    ("Kestrel Outdoor", "Welcome letters, a series of four", "yuki", -30, -6, "After the list is cleaned."),
    ("Northfield Solar", "Landing page for heat pumps", "ben", -24, 5, "Two rounds of design."),
    ("Larkspur Interiors", "Photographs for the autumn guide", "yuki", -12, 9, "If the weather holds."),
    (FIRST_MONTH, "Paid search set up, with calls counted", "ben", -10, 3, "They must let us edit the site."),
)
#: What moved some of them: by how many days, and why.
MOVED = {
    "Booking pages in German": (6, "The hotel's translator fell ill."),
    "Landing page for heat pumps": (4, "They want their new logo on it."),
}

#: Words: days ago, who heard it, channel, client, who explains it (nobody: still open), the explanation.
WORDS = (
    (
        -44,
        "leo",
        "seo",
        "Verity Skincare",
        "crawl budget",
        "yuki",
        "How many of a site's pages a search engine bothers to read. It only matters for large "
        "sites; a shop with ten "
        "thousand filters can spend all of it on pages nobody needs.",
    ),
    (
        -35,
        "amira",
        "paid-search",
        "Castellan Hotels",
        "impression share",
        "ben",
        "Of all searches in which our advertisement could have been shown, the share in which it "
        "was. Lost to budget or "
        "lost to rank: the report says which.",
    ),
    (
        -20,
        "hannah",
        "email",
        "Kestrel Outdoor",
        "warming up",
        "yuki",
        "A new sending address begins with few letters to people who open them, and adds more week "
        "by week, so that "
        "mailboxes learn to trust it.",
    ),
    (-2, "tomasz", "seo", "Larkspur Interiors", "entity SEO", "", ""),
)

NETWORK = (
    ("Orla Finch", "Photography", "Orla", "020 7946 0311", "Interiors and food; books out six weeks ahead."),
    (
        "Halyard Print",
        "Printing",
        "Sunil Rao",
        "020 7946 0442",
        "Catalogues and packaging, honest about paper.",
    ),
    ("Cobb & Ashe", "Employment law", "Miriam Ashe", "020 7946 0593", "First half hour free."),
    ("Tideway Films", "Film", "Gus Peel", "020 7946 0678", ""),
)

STRATEGIES = {
    "Castellan Hotels": (
        "Guests who come back book with the booking sites because it is easier than with us.\n\n"
        "We make booking directly the easier way: pages in the guest's language, a price that is "
        "never higher, and a "
        "letter in the week in which people plan their next stay.\n\n"
        "We know that it works when six in ten rooms are booked directly. Today it is four.",
        "Two more houses by 2029. Independence from booking sites matters more to the family than growth.",
    ),
    "Verity Skincare": (
        "Few people look for the brand, many for the problem it solves.\n\n"
        "We answer forty questions about sensitive skin better than anybody, and let the products "
        "stand beside the "
        "answers. Paid search carries the shop until that is found.\n\n"
        "By summer a third of new customers come without a click we paid for.",
        "One product less, not one more. A shop of their own in Bristol.",
    ),
    "Kestrel Outdoor": (
        "Customers buy once and love it for ten years. So we sell the second thing: repairs, and "
        "the right jacket for "
        "their children.\n\nLetters after three, twelve and thirty months, and a workshop people "
        "talk about.",
        "No sales, ever. The workshop pays for itself by next winter.",
    ),
}


def tell(world: World) -> None:
    """Put the story's deliveries into the past."""
    _prepare(world)
    for sketch in BOOK:
        if sketch.starts_in is not None:
            _set_up(world, sketch)
    for number, line in enumerate(DELIVERABLES):
        _promise_and_deliver(world, number, *line)
    for word in WORDS:
        _hear(world, *word)
    _introduce(world)
    for number, (name, (text, business)) in enumerate(STRATEGIES.items()):
        _strategy(world, number, name, text, business)


def _on(world: World, offset: int, time: str, act: Callable[[], object]) -> None:
    world.plan(world.moment(world.working(offset), time), act)


def _prepare(world: World) -> None:
    def act() -> None:
        head = world.team["imogen"].actor
        for channel, who in CHANNELS.items():
            glossary.name_channel_lead(channel, world.team[who], by=head)
        for name, trade, contact, phone, note in NETWORK:
            made = network.add_partner(name, trade, by=head, contact_name=contact, phone=phone, note=note)
            world.made.setdefault(Partner._meta.label_lower, []).append(made.pk)

    _on(world, -66, "10:20", act)


# --- set-up


def _set_up(world: World, sketch: Sketch) -> None:
    """What began weeks ago was confirmed in its week; of what began this week something is missing."""
    begins = max(starts_on(world, sketch), world.begins)  # nothing is told of the days before
    is_new = (sketch.starts_in or 0) > -7
    world.plan(world.moment(begins + A_DAY, "09:40"), partial(_plan_services, world, sketch, begins, is_new))
    if not is_new:
        world.plan(world.moment(begins + 3 * A_DAY, "16:10"), partial(_confirm_services, world, sketch))


def _plan_services(world: World, sketch: Sketch, begins: dt.date, is_new: bool) -> None:
    client = world.clients[sketch.name]
    lead = lead_of(client)
    rows = list(ServiceSetup.objects.filter(client=client).order_by("service__number"))
    for row in rows[:1] if is_new else rows:
        manager = _manager(world, row)
        setting_up.plan_setup(row, by=lead.actor, manager=manager, starts_on=begins + 2 * A_DAY)
        for number, title in enumerate(TASKS):
            setting_up.add_task(row, title, by=lead.actor, due_on=world.after(begins, number + 1))
        setting_up.log_contact(row, f"{manager.name.split()[0]} begins on Wednesday", by=lead.actor)
    looked = Commitment.objects.filter(
        client=client, about_type=setting_up.ABOUT_TOOL, state__in=OWED
    ).first()
    if looked is not None:
        keeping.complete(looked, by=lead.actor, note="Everything of the handover is in it.")


def _confirm_services(world: World, sketch: Sketch) -> None:
    client = world.clients[sketch.name]
    lead = lead_of(client)
    for row in ServiceSetup.objects.filter(client=client).order_by("service__number"):
        for task in row.service.tasks.all():
            setting_up.finish_task(task, by=lead.actor)
        setting_up.confirm_setup(row, by=lead.actor)


def _manager(world: World, row: ServiceSetup) -> Member:
    return world.team[CHANNELS.get(row.service.channel, "yuki")]


# --- deliverables


def _promise_and_deliver(
    world: World, number: int, name: str, title: str, who: str, asked: int, ready: int, note: str
) -> None:
    expert, day = world.team[who], world.working(ready)

    def ask() -> None:
        lead = lead_of(world.clients[name])
        timelines.ask_for_timeline(world.clients[name], title, by=lead.actor, asked_of=expert)

    def promise() -> None:
        client = world.clients[name]
        asked_for = client.timelines.get(title=title)
        given = timelines.answer_timeline(asked_for, day, by=expert.actor, note=note)
        deliverables.promise_deliverable(
            client,
            title,
            due_on=world.after(day, 1),
            by=lead_of(client).actor,
            timeline=given,
            shared=number % 2 == 0,
        )

    _on(world, asked, "10:15", ask)
    _on(world, asked + 1, "15:35", promise)
    moved, why = MOVED.get(title, (0, ""))
    if moved:
        move = partial(_move, world, name, title, world.after(day, 1 + moved), why)
        _on(world, min(ready - 3, -1), "11:10", move)
    if ready < 0:
        _on(world, ready + moved + 1, "14:45", partial(_deliver, world, name, title))


def _move(world: World, name: str, title: str, to_day: dt.date, why: str) -> None:
    client = world.clients[name]
    deliverables.move_deliverable(_row(client, title), to_day, by=lead_of(client).actor, reason=why)


def _deliver(world: World, name: str, title: str) -> None:
    client = world.clients[name]
    deliverables.deliver(
        _row(client, title), by=lead_of(client).actor, note="Gone through together on the call."
    )


def _row(client: Client, title: str) -> Deliverable:
    return client.deliverables.get(title=title)


# --- words and introductions


def _hear(
    world: World, days: int, who: str, channel: str, name: str, word: str, expert: str, meaning: str
) -> None:
    def hear() -> None:
        member = world.team[who]
        head = world.team["imogen"].actor
        term = glossary.hear_term(word, by=head, member=member, channel=channel, client=world.clients[name])
        world.made.setdefault(Term._meta.label_lower, []).append(term.pk)

    def explain() -> None:
        glossary.explain_term(Term.objects.get(word=word), meaning, by=world.team[expert].actor)

    _on(world, days, "12:05", hear)
    if expert:
        _on(world, days + 2, "17:20", explain)


def _introduce(world: World) -> None:
    def need(name: str, text: str) -> None:
        client = world.clients[name]
        introductions.note_need(client, text, by=lead_of(client).actor, contact=world.contact(client))

    def meet(name: str, partner: str) -> None:
        client = world.clients[name]
        introductions.introduce(
            client.introductions.get(), Partner.objects.get(name=partner), by=lead_of(client).actor
        )

    def follow(name: str, outcome: IntroductionOutcome, note: str) -> None:
        client = world.clients[name]
        introductions.settle_introduction(
            client.introductions.get(), outcome, by=lead_of(client).actor, note=note
        )

    for days, name, text in (
        (-38, "Castellan Hotels", "Pictures of the new rooms"),
        (-16, "Verity Skincare", "A printer for smaller boxes"),
        (-1, "Kestrel Outdoor", "Advice on contracts for the workshop's people"),
    ):
        _on(world, days, "11:25", partial(need, name, text))
    _on(world, -36, "15:30", partial(meet, "Castellan Hotels", "Orla Finch"))
    _on(world, -14, "15:30", partial(meet, "Verity Skincare", "Halyard Print"))
    done = "She has three days booked with them in January."
    _on(world, -22, "16:00", partial(follow, "Castellan Hotels", IntroductionOutcome.WORKING, done))


# --- strategies


def _strategy(world: World, number: int, name: str, text: str, business: str) -> None:
    """The first is signed off and tested, the second waits for its sign-off, the third is a first view."""

    def write(words: str) -> None:
        client = world.clients[name]
        strategies.write_strategy(client, words, by=lead_of(client).actor, business=business)

    def newest() -> StrategyVersion:
        return world.clients[name].strategy.versions.latest("number")

    def show(showing: Showing) -> None:
        strategies.show_version(newest(), showing, by=lead_of(world.clients[name]).actor)

    def present() -> None:
        strategies.present_strategy(newest(), by=lead_of(world.clients[name]).actor)

    def comment() -> None:
        contact = world.contact(world.clients[name])
        assert contact is not None  # noqa: S101 - every demo client has people
        said = "Yes, that is us. Only the figure frightens me a little."
        strategies.comment_on_version(newest(), said, by=actor_of(contact))

    def answer() -> None:
        about = Commitment.objects.filter(client=world.clients[name], about_type=strategies.ABOUT)
        for row in about.filter(state__in=OWED, title__startswith="Answer"):
            keeping.complete(
                row, by=lead_of(world.clients[name]).actor, note="Rang, and took a quarter off it."
            )

    def sign() -> None:
        contact = world.contact(world.clients[name])
        assert contact is not None  # noqa: S101 - every demo client has people
        strategies.sign_off(newest(), by=actor_of(contact))

    def test() -> None:
        client = world.clients[name]
        next_on = world.today + 50 * A_DAY
        note = "October says yes: direct bookings are up."
        strategies.test_strategy(client.strategy, True, by=lead_of(client).actor, note=note, next_on=next_on)

    first = world.working((-58, -21, -5)[number])

    def later(days: int, time: str, act: Callable[[], object]) -> None:
        world.plan(world.moment(world.after(first, days), time), act)

    beginning = "\n\n".join(text.split("\n\n")[:2])
    later(0, "13:30", partial(write, beginning if number < 2 else text))
    later(1, "09:45", partial(show, Showing.FIRST_VIEW))
    if number < 2:
        later(2, "12:40", comment)
        later(3, "10:25", answer)
        later(3, "15:50", present)
        later(5, "14:05", partial(write, text))
        later(6, "09:35", partial(show, Showing.FINAL))
        later(7, "12:15", present)
    if number == 0:
        later(8, "17:40", sign)
        _on(world, -15, "16:30", test)
