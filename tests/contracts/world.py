"""Two clients with everything a client can have, each marked with words that occur nowhere else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from steadyhand.care.flags import raise_flag
from steadyhand.care.models import Flag, FlagSource
from steadyhand.clients import book, engagements, plans, team, winning
from steadyhand.clients.discovery import answer_question, questions
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.expectations import say_expectation
from steadyhand.clients.files import keep_file
from steadyhand.clients.models import (
    Assignment,
    Client,
    Contact,
    Discovery,
    Engagement,
    EngagementKind,
    ExpectationSaid,
    PersonalDetail,
    Position,
    SectorNote,
    ServiceOffer,
    Stage,
    WorkingNote,
)
from steadyhand.clients.personal import note_detail
from steadyhand.clients.sectors import describe_offer, write_sector_note
from steadyhand.clients.working import note_working
from steadyhand.commitments import feeds, keeping
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.actions import add_action
from steadyhand.comms.asking import chasing, finding_out
from steadyhand.comms.calls import holding as calls
from steadyhand.comms.calls.notes import save_note
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.mail.receiving import receive
from steadyhand.comms.meetings import agenda, booking, minutes
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.meetings.report_requests import ask_for_report
from steadyhand.comms.meetings.team_meetings import set_up_series
from steadyhand.comms.models import (
    Attachment,
    Attempt,
    BookingKind,
    Bounce,
    Call,
    Channel,
    Chase,
    Interaction,
    Meeting,
    Message,
    OpenQuestion,
    Outcome,
    Series,
)
from steadyhand.core import agency, outbox
from steadyhand.core.recurrence import Cadence
from steadyhand.delivery.models import Partner
from steadyhand.exchange.models import ImportRun
from steadyhand.growth.models import Win
from steadyhand.growth.opportunities import note_opportunity
from steadyhand.growth.wins import note_win
from steadyhand.newbusiness import leads, pairing, pitching, proposals
from steadyhand.newbusiness.models import Lead
from steadyhand.onboarding.goals import hear_success, set_goal
from steadyhand.onboarding.handover import attach_deck
from steadyhand.onboarding.kickoffs import note_pitch_promise
from steadyhand.onboarding.models import Goal, Handover, PitchPromise, SuccessWords
from steadyhand.onboarding.smart import Wording
from steadyhand.onboarding.winning import hand_over
from steadyhand.people import members
from steadyhand.people.models import Absence, Member
from steadyhand.people.roles import Role
from steadyhand.playbook.models import Playbook
from steadyhand.playbook.publishing import start_draft
from steadyhand.reporting.models import JourneyImport, JourneySource
from tests import cast
from tests.cast import SYSTEM, joined
from tests.comms import mails
from tests.contracts.agreed import agreed
from tests.contracts.approving import Bundle, asked_bundle
from tests.contracts.delivered import delivered
from tests.contracts.dipped import dipped
from tests.contracts.form_filled import form_filled
from tests.contracts.measured import measured
from tests.contracts.prompted import prompted
from tests.contracts.reported import reported
from tests.contracts.submitting import Review, submitted
from tests.contracts.worked import worked
from tests.exchange.makers import HALDEN, checked, write

TODAY = cast.NOW.date()


@dataclass(slots=True)
class Belongings:
    """A client, and one of each thing that belongs to it. `word` is in every name and text of it."""

    word: str
    client: Client
    contact: Contact
    engagement: Engagement
    place: Assignment
    planned: Commitment
    promised: Commitment
    said: Interaction
    chase: Chase
    attempt: Attempt
    question: OpenQuestion
    call: Call
    flag: Flag
    look: Review
    feed: str
    review: Meeting
    win: Win
    detail: PersonalDetail
    note: WorkingNote
    answer: Discovery
    heard: ExpectationSaid
    mail: Message
    file: Attachment
    bounce: Bounce
    lead: Lead
    handed: Handed
    approval: Bundle


@dataclass(slots=True)
class Handed:
    """What winning a client and meeting it leaves behind."""

    handover: Handover
    pitched: PitchPromise
    success: SuccessWords
    goal: Goal


@dataclass(slots=True)
class World:
    """The agency: a member of each role on the account team of `ours`; `theirs` is led by one of another.

    The `partner` is the agency's, as the sector and the offer are; only `theirs` was introduced to it.
    """

    ours: Belongings
    theirs: Belongings
    by_role: dict[Role, Member]
    elsewhere: Member
    newcomer: Member
    left: Member
    absence: Absence
    run: ImportRun
    series: Series
    sector: SectorNote
    offer: ServiceOffer
    partner: Partner


def brought_in(client: Client) -> JourneyImport:
    """Touches and conversions of theirs; the files are not needed to be found by their name."""
    return JourneyImport.objects.create(
        client=client,
        source=JourneySource.TABLES,
        name=f"{client.name.split()[0]} touches.csv",
        digest="0" * 64,
        touches=2,
        conversions=1,
        users=1,
        made_at=cast.NOW,
    )


def belongings(word: str, lead: Member) -> Belongings:
    """A client with everything, all of it named by the word."""
    client = book.add_client(f"{word} Works", by=SYSTEM, domain=f"{word.lower()}.test", stage=Stage.PROSPECT)
    book.change_client(
        client, by=SYSTEM, business=f"{word} sells.", goals=f"{word} grows.", industry=f"{word}ry"
    )
    brought_in(client)
    contact = book.add_contact(
        client, f"{word} Contact", by=SYSTEM, email=f"c@{word.lower()}.test", day_to_day=True
    )
    pursued = pursue(client, lead)
    client = winning.win_client(client, by=SYSTEM)
    engagement = engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        amount=Decimal(3000),
        currency="GBP",
        starts_on=dt.date(2024, 3, 1),
        services=[ServiceLine(f"{word} SEO"), ServiceLine("Paid search")],
    )
    place = team.assign(client, lead, Position.LEAD, by=SYSTEM)
    assert isinstance(place, Assignment)
    plan_book()
    engagement.refresh_from_db()
    plans.depart(engagement, "report", by=SYSTEM, cadence="weekly", reason=f"{word} asked for it.")
    plan_book()
    promised = keeping.promise(
        client, f"Send {word} the figures", by=SYSTEM, owner=lead, due_on=TODAY + dt.timedelta(days=2)
    )
    done = keeping.promise(client, f"Thank {word}", by=SYSTEM, owner=lead, due_on=TODAY)
    keeping.complete(done, by=lead.actor, note=f"{word} was pleased.")
    said = log_interaction(
        client,
        Channel.CALL,
        by=SYSTEM,
        at=cast.NOW - dt.timedelta(days=3),
        contact=contact,
        member=lead,
        summary=f"{word} about figures",
        body=f"{word} wants more.",
        minutes=30,
    )
    chase = chasing.ask_client(client, f"{word} leads", by=SYSTEM, owner=lead, contact=contact)
    attempt = chasing.tried(chase, Outcome.REACHED, by=SYSTEM, member=lead, note=f"{word} looks for them.")
    question = finding_out.find_out(client, f"Why did {word} dip?", by=SYSTEM, owner=lead, contact=contact)
    call = calls.begin_call(client, by=SYSTEM, member=lead, contact=contact)
    save_note(call, "rapport", f"{word} is well.", by=SYSTEM)
    add_action(call, f"Send {word} the deck", by=SYSTEM, owner=lead)
    flag = raise_flag(client, f"{word} worries.", by=SYSTEM, source=FlagSource.CALL, member=lead, call=call)
    note_opportunity(client, f"{word} opens a shop.", by=SYSTEM, owner=lead, call=call)
    detail = note_detail(contact, "family", f"{word} twins", by=SYSTEM)
    note = note_working(contact, "cares_for", f"What {word} says", by=SYSTEM)
    answer = answer_question(client, questions()[0].key, f"{word} decides", by=SYSTEM, contact=contact)
    heard = say_expectation(client, "call-time", by=SYSTEM, contact=contact)
    client.refresh_from_db()
    planned = Commitment.objects.filter(client=client, rule="call", state="open").order_by("due_at")[0]
    feed = feeds.open_feed(client, by=SYSTEM)
    review = reviewed(client, lead)
    win = note_win(client, f"{word} doubled its leads", by=SYSTEM, member=lead)
    mail, bounce = letters(client, contact)
    agreed(word, engagement, contact, lead)
    measured(word, client, contact)
    worked(word, client, contact)
    reported(client, contact)
    dipped(client)
    prompted(client)
    return Belongings(
        word,
        client,
        contact,
        engagement,
        place,
        planned,
        promised,
        said,
        chase,
        attempt,
        question,
        call,
        flag,
        submitted(client, contact, lead),
        feed,
        review,
        win,
        detail,
        note,
        answer,
        heard,
        mail,
        mail.attachments.get(),
        bounce,
        pursued,
        handed(client, contact, lead),
        asked_bundle(client, contact, lead),
    )


def handed(client: Client, contact: Contact, lead: Member) -> Handed:
    """A project of theirs handed over, with what was promised, what success is and a goal."""
    word = client.name.split()[0]
    handover = hand_over(
        client,
        by=SYSTEM,
        won_by=lead,
        lead_person=lead,
        kind=EngagementKind.PROJECT,
        amount=Decimal(9000),
        currency="GBP",
        starts_on=TODAY + dt.timedelta(days=14),
        services=[ServiceLine(f"{word} launch")],
        contact=contact,
    )
    deck = keep_file(client, f"{word} pitch.pdf", f"%PDF-1.7 {word}".encode(), by=SYSTEM)
    attach_deck(handover, deck, by=SYSTEM)
    pitched = note_pitch_promise(handover, f"{word} hears first", by=SYSTEM)
    success = hear_success(client, f"{word} sells out", by=SYSTEM, contact=contact)
    form_filled(word, contact)
    goal = set_goal(client, Wording(f"{word} sells 40 a day"), by=SYSTEM, override=f"{word} insists")
    delivered(word, contact, lead)
    return Handed(handover, pitched, success, goal)


def pursue(client: Client, owner: Member) -> Lead:
    """Work a prospect may give us, with all that belongs to a pitch."""
    word = client.name.split()[0]
    lead = leads.add_lead(
        client,
        by=SYSTEM,
        owner=owner,
        source=f"{word} at the fair",
        value=Decimal(3000),
        services=[f"{word} SEO"],
        notes=f"{word} is in a hurry.",
    )
    points = {question.key: 4 for question in pitching.rules().pitch_questions}
    pitching.decide_pitch(lead, points, by=SYSTEM, reason=f"{word} fits.", consult=owner)
    proposal = proposals.draft_proposal(lead, by=SYSTEM)
    proposals.attach_paper(proposal, f"{word} offer.pdf", b"%PDF-1.7 offer", by=SYSTEM)
    proposals.attach_deck(lead, f"{word} deck.pdf", b"%PDF-1.7 deck", by=SYSTEM)
    pairing.propose_pairing(lead, owner, f"{word} likes them.", by=SYSTEM)
    return lead


def letters(client: Client, contact: Contact) -> tuple[Message, Bounce]:
    """A mail of theirs with a file, and one of ours that did not arrive."""
    word = client.name.split()[0]
    files = ((f"{word}.pdf", f"%PDF-1.7 {word}".encode(), "application/pdf"),)
    raw = mails.mail(
        f"{word} Contact <{contact.email}>",
        subject=f"{word} news",
        text=f"{word} again",
        files=files,
        message_id=f"<news@{word.lower()}.test>",
    )
    mail = receive(raw, by=SYSTEM)
    posted = outbox.post("message", contact.email, f"{word} figures", word, client_id=client.pk)
    receive(mails.bounce(contact.email, posted.message_id, message_id=f"<b@{word.lower()}.test>"), by=SYSTEM)
    assert mail is not None
    return mail, Bounce.objects.get(contact=contact)


def reviewed(client: Client, lead: Member) -> Meeting:
    """Their next review, with something under its points."""
    word = client.name.split()[0]
    meeting = plan_meeting(
        client,
        f"{word} review",
        by=SYSTEM,
        day=TODAY + dt.timedelta(days=9),
        time=dt.time(15),
        led_by=lead,
        agenda_key=agenda.REVIEW,
        contacts=client.contacts.all(),
        prepare=True,
    )
    booking.need_booking(meeting, BookingKind.ROOM, by=SYSTEM, note=f"{word} table")
    ask_for_report(
        client,
        f"{word} rankings",
        by=SYSTEM,
        asked_of=lead,
        due_on=TODAY + dt.timedelta(days=3),
        meeting=meeting,
    )
    minutes.write_minutes(meeting, f"{word} is glad.", by=SYSTEM)
    asks = meeting.attendees.get(contact__isnull=False)
    asks.proposals.create(
        starts_at=meeting.starts_at + dt.timedelta(days=1),
        minutes=60,
        comment=f"{word} is out",
        made_at=cast.NOW,
    )
    minutes.decide(meeting, f"{word} goes on", by=SYSTEM, item=meeting.agenda.earliest("pk"))
    add_action(meeting, f"Thank {word}", by=SYSTEM, owner=lead)
    return meeting


def build(folder: Path) -> World:
    """Everything, by calling the verbs."""
    agency.found(by=SYSTEM, name="Northwind")
    cast.published()
    by_role = {role: joined(f"{role.value.replace('_', '-')} Person", role) for role in Role}
    other = joined("Otherlead Person", Role.MANAGER)
    ours = belongings("Zephyrine", by_role[Role.MANAGER])
    theirs = belongings("Quagmarsh", other)
    for role, member in by_role.items():
        if role is not Role.MANAGER:
            team.assign(ours.client, member, Position.SUPPORT, by=SYSTEM)
    newcomer = members.add_member("newcomer@northwind.test", by=SYSTEM, name="New Comer", role=Role.EXECUTIVE)
    left = joined("Leaver Person", Role.MANAGER)
    absence = members.go_absent(
        by_role[Role.EXECUTIVE],
        TODAY + dt.timedelta(days=60),
        TODAY + dt.timedelta(days=61),
        by_role[Role.MANAGER],
        by=SYSTEM,
    )
    start_draft(Playbook.objects.get(name="framework"), by=SYSTEM)
    run = checked(
        write(
            folder / "book.csv",
            [HALDEN, HALDEN | {"client": "Nowhere Ltd", "domain": "nowhere.example", "amount": "-5"}],
        )
    )
    elsewhere = joined("Elsewhere Person", Role.EXECUTIVE)
    sector = write_sector_note("Bakeries", "They sleep early.", by=SYSTEM)
    offer = describe_offer("Shop windows", what="What passers-by see.", by=SYSTEM)
    partner = theirs.client.introductions.get().partner
    assert partner is not None
    series = set_up_series(
        "Weekly client-services meeting",
        by=SYSTEM,
        agenda_key=agenda.WEEKLY,
        cadence=Cadence.WEEKLY,
        day="monday",
        time=dt.time(14),
        led_by=by_role[Role.HEAD],
        members=list(by_role.values()),
    )
    return World(
        ours, theirs, by_role, elsewhere, newcomer, left, absence, run, series, sector, offer, partner
    )
