"""Mail that reached the demo agency: clients write, and two letters nobody could place wait to be filed."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial

from steadyhand.comms.mail.receiving import receive
from steadyhand.comms.models import Message
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.exchange.demo.world import World
from steadyhand.people.models import Member

BY = Actor.system("mail")

#: Days from today, time, client, subject, text, and to whom of ours; the first contact writes.
FROM_CLIENTS = (
    (
        -6,
        "11:05",
        "Larkspur Interiors",
        "grace",
        "Photographs of the Georgian house",
        "Hello Grace,\n\nthe photographer was in the Georgian house on Monday. Forty pictures are ready; "
        "which six do you want for the article?\n\nPhoebe",
    ),
    (
        -4,
        "16:40",
        "Northfield Solar",
        "grace",
        "Re: Surveys in October",
        "Thanks, that is clear now. Please put the farms apart from the village halls next time: Ingrid "
        "looks at the farms only.\n\nHamza",
    ),
    (
        -1,
        "09:20",
        "Ada Lane Jewellery",
        "grace",
        "Can we pause the ring adverts for a week?",
        "Hi,\n\nMilo is away and I cannot make more than thirty rings by myself. Can the adverts rest until "
        "he is back?\n\nAda",
    ),
)

#: Days from today, time, sender, whose domain it is (or none), subject and text.
FROM_STRANGERS = (
    (
        -2,
        "15:10",
        "Rosa Quill <rosa.quill@{}>",
        "Northfield Solar",
        "Invoice address",
        "Hello, I have taken over the books at Northfield Solar. "
        "Where do I send a new invoice address?\n\nRosa Quill",
    ),
    (
        -1,
        "17:30",
        "Theo Marchetti <theo@marchetti-boats.example>",
        "",
        "Your talk in Bristol",
        "I heard your talk about honest reporting. We build boats and want to sell them further away. "
        "May I ring you?\n\nTheo Marchetti",
    ),
)


def arrive(world: World) -> None:
    """Plan the mail into the past; what would lie beyond now does not arrive."""
    for number, (offset, time, name, to, subject, text) in enumerate(FROM_CLIENTS):
        moment = world.moment(world.working(offset), time)
        world.plan(moment, partial(_from_client, world, number, name, world.team[to], subject, text))
    for number, (offset, time, sender, name, subject, text) in enumerate(FROM_STRANGERS):
        moment = world.moment(world.working(offset), time)
        world.plan(moment, partial(_from_stranger, world, number, sender, name, subject, text))


def _from_client(world: World, number: int, name: str, to: Member, subject: str, text: str) -> None:
    contact = world.clients[name].contacts.exclude(email="").first()
    if contact is not None:
        receive(
            _written(f"{contact.name} <{contact.email}>", to.email, subject, text, f"client-{number}"), by=BY
        )


def _from_stranger(world: World, number: int, sender: str, name: str, subject: str, text: str) -> None:
    domain = (world.clients[name].domain or "northfield.example") if name else ""
    raw = _written(sender.format(domain), "hello@agency.example", subject, text, f"stranger-{number}")
    message = receive(raw, by=BY)
    if message is not None:
        world.made.setdefault(Message._meta.label_lower, []).append(message.pk)


def _written(sender: str, to: str, subject: str, text: str, mark: str) -> bytes:
    mail = EmailMessage(SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(clock.now()), f"<{mark}@demo.example>"
    mail.set_content(text)
    return mail.as_bytes()
