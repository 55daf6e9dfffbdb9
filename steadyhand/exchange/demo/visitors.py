"""Who at the demo's clients signs in to their pages, and when they last did."""

from __future__ import annotations

from functools import partial

from steadyhand.clients.portal_access import actor_of, invite_contact, note_sign_in
from steadyhand.exchange.demo.world import A_DAY, World, lead_of

#: How many clients have somebody who signs in, and how many days ago they were let in and came.
CLIENTS = 4
LET_IN, CAME = -15, (-12, -3)


def tell(world: World) -> None:
    """The first contact of a few clients is let in (nobody is mailed), and comes back now and then."""
    people = [contacts[0] for _, contacts in sorted(world.contacts.items()) if contacts][:CLIENTS]
    for number, contact in enumerate(people):
        lead = lead_of(contact.client)
        let_in = partial(invite_contact, contact, by=lead.actor, mail=False)
        world.plan(world.moment(world.today + LET_IN * A_DAY, f"1{number}:20"), let_in)
        for days in CAME if number == 0 else CAME[1:]:
            came = partial(note_sign_in, contact, "a code", by=actor_of(contact))
            world.plan(world.moment(world.today + days * A_DAY, f"1{number}:45"), came)
