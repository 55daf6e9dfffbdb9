"""What the demo agency's clients are asked to approve: one all approved, one talked about, one that waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import cache

from steadyhand.clients.models import Contact
from steadyhand.comms.mail.writing import queue_message
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.delivery.approvals.asking import ask_for_approval
from steadyhand.delivery.approvals.commenting import comment
from steadyhand.delivery.approvals.deciding import decide
from steadyhand.delivery.approvals.letters import drafts
from steadyhand.delivery.approvals.preparing import Upload, add_with_version, prepare_bundle, upload_version
from steadyhand.delivery.approvals.scheduling import schedule_posting
from steadyhand.delivery.models import Bundle, Mode, PieceKind, PieceVersion, Verdict
from steadyhand.exchange.demo.mail import count_as_sent
from steadyhand.exchange.demo.pictures import landscape
from steadyhand.exchange.demo.world import World, lead_of

JACKET = "Ten winters in. One zip, one afternoon, another ten. Bring it to the workshop."
QUEUE = "Saturday, half past nine. Bring a coat that leaks, stay for the coffee."
EVENING = "An evening about old walls and new paint. Second Thursday, from six."
HALL = "Forty panels, one kettle that never stops. Come and see the meter run backwards."


@cache
def picture(name: str) -> bytes:
    """The demo's pictures, drawn when they are first asked for."""
    match name:
        case "dawn":
            return landscape((120, 160, 200), (96, 120, 84), (250, 214, 130))
        case "dusk":
            return landscape((150, 110, 140), (70, 92, 88), (240, 150, 90), sun_at=0.3)
        case "shade":
            return landscape((110, 126, 130), (70, 56, 44), (196, 186, 150), sun_at=0.5, steep=0.3)
    return landscape((190, 208, 214), (150, 118, 90), (252, 244, 214), sun_at=0.5, steep=0.3)


def tell(world: World) -> None:
    """Put the story's approvals into the past."""
    _waiting(world)
    _talked_about(world)
    _approved(world)


def _waiting(world: World) -> None:
    """Sent nine days ago, due the day before yesterday: two decide there in order, and the first has not."""
    name = "Kestrel Outdoor"

    def ask() -> None:
        bundle = _prepared(world, name, "Winter repairs, three posts", world.working(-2), Mode.SEVERAL)
        _copy(bundle, "The jacket", JACKET)
        _copy(bundle, "The queue", QUEUE)
        _picture(bundle, "The header", picture("dawn"))
        _ask(bundle, *[[contact] for contact in world.contacts[name][:2]])

    _on(world, -9, "11:10", ask)


def _talked_about(world: World) -> None:
    """Two versions of a picture, a comment at a place, a change wanted and the answer to it."""
    name = "Larkspur Interiors"
    made: list[Bundle] = []

    def ask() -> None:
        bundle = _prepared(world, name, "Showroom evening", world.working(3), Mode.ONE)
        _picture(bundle, "The invitation", picture("shade"))
        _copy(
            bundle,
            "The words with it",
            "An evening about old walls and new paint. Second Thursday, from six.",
        )
        _ask(bundle, [world.contacts[name][0]])
        made.append(bundle)

    def answer() -> None:
        phoebe = _speaking(world.contacts[name][0])
        shown, words = _newest(made[0], "The invitation"), _newest(made[0], "The words with it")
        comment(shown, "It is too dark here; one sees no door.", by=phoebe, place=(Decimal(31), Decimal(74)))
        decide(shown, Verdict.CHANGE_WANTED, by=phoebe, words="Lighter, please, and warmer on the left.")
        decide(words, Verdict.APPROVED, by=phoebe)

    def change() -> None:
        lead = lead_of(world.clients[name])
        shown = _newest(made[0], "The invitation")
        comment(shown, "Use the photograph of the blue door next time.", by=lead.actor)
        upload = Upload("invitation-2.png", picture("light"))
        note = "Lighter, and warmer on the left."
        upload_version(shown.piece, upload, by=lead.actor, note=note, member=lead)

    _on(world, -6, "10:05", ask)
    _on(world, -4, "15:25", answer)
    _on(world, -1, "09:40", change)


def _approved(world: World) -> None:
    """All approved, and scheduled for next week."""
    name = "Northfield Solar"
    made: list[Bundle] = []

    def ask() -> None:
        bundle = _prepared(world, name, "Village hall in Wells", world.working(-1), Mode.ONE)
        _picture(bundle, "The roof", picture("dusk"))
        _copy(
            bundle,
            "The post",
            "Forty panels, one kettle that never stops. Come and see the meter run backwards.",
        )
        _ask(bundle, [world.contacts[name][0]])
        made.append(bundle)

    def approve() -> None:
        hamza = _speaking(world.contacts[name][0])
        for title in ("The roof", "The post"):
            decide(_newest(made[0], title), Verdict.APPROVED, by=hamza)

    def schedule() -> None:
        lead = lead_of(world.clients[name])
        at = world.moment(world.working(5), "10:00")
        schedule_posting(_newest(made[0], "The post").piece, at, by=lead.actor, member=lead)

    _on(world, -7, "14:15", ask)
    _on(world, -3, "08:50", approve)
    _on(world, -2, "11:30", schedule)


def _prepared(world: World, name: str, title: str, due_on: dt.date, mode: Mode) -> Bundle:
    client = world.clients[name]
    lead = lead_of(client)
    return prepare_bundle(
        client,
        title,
        by=lead.actor,
        due_on=due_on,
        mode=mode,
        is_social=True,
        owner=lead,
    )


def _copy(bundle: Bundle, title: str, text: str) -> None:
    lead = lead_of(bundle.client)
    add_with_version(bundle, title, PieceKind.COPY, by=lead.actor, text=text, member=lead)


def _picture(bundle: Bundle, title: str, content: bytes) -> None:
    lead = lead_of(bundle.client)
    upload = Upload(f"{title.lower().replace(' ', '-')}.png", content)
    add_with_version(bundle, title, PieceKind.PICTURE, by=lead.actor, upload=upload, member=lead)


def _ask(bundle: Bundle, *levels: list[Contact]) -> None:
    lead = lead_of(bundle.client)
    ask_for_approval(bundle, levels, by=lead.actor)
    for mail in drafts(bundle):
        sent = queue_message(mail, by=lead.actor)
        if sent.outbox is not None:
            count_as_sent(sent)


def _newest(bundle: Bundle, title: str) -> PieceVersion:
    found = PieceVersion.objects.filter(piece__bundle=bundle, piece__title=title).order_by("-number")
    return found.select_related("piece__bundle__client")[0]


def _speaking(contact: Contact) -> Actor:
    return Actor(ActorKind.CONTACT, contact.pk, contact.name)


def _on(world: World, offset: int, time: str, act: Callable[[], None]) -> None:
    day = world.working(offset)
    if day >= world.begins:
        world.plan(world.moment(day, time), act)
