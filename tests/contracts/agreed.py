"""An agreement of a client, talked over, signed by both sides and sealed, all of it named by a word."""

from __future__ import annotations

from steadyhand.clients.models import Contact, Engagement
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.sealing import Sealed
from steadyhand.onboarding.agreements import groundwork, sealing, sharing
from steadyhand.onboarding.agreements.drafting import draft_agreement
from steadyhand.onboarding.agreements.signing import Ceremony, sign_for_agency, sign_for_client
from steadyhand.onboarding.models import Agreement
from steadyhand.people.models import Member
from tests.cast import SYSTEM


def agreed(word: str, engagement: Engagement, contact: Contact, lead: Member) -> Agreement:
    """Sealed without the processes that set and seal."""
    for kind in ("brief", "objective", "plan"):
        groundwork.file_groundwork(engagement, kind, f"{word} has its {kind}.", by=SYSTEM)
    row = draft_agreement(
        engagement.client, "contract", by=SYSTEM, engagement=engagement, title=f"Contract of {word}"
    )
    version = sharing.share(row, by=SYSTEM)
    theirs = Actor(ActorKind.CONTACT, contact.pk, contact.name)
    said = sharing.comment(row, f"{word} agrees.", by=theirs, clause_key="fees", contact=contact)
    sharing.settle_comment(said, by=SYSTEM)
    sharing.make_ready(row, by=SYSTEM)
    ceremony = Ceremony(f"{word} Signer", version.digest, consents=True, address="192.0.2.1", agent=word)
    sign_for_client(row, contact, ceremony, by=theirs)
    sign_for_agency(row, lead, ceremony, by=lead.actor)
    row = Agreement.objects.get(pk=row.pk)
    made = Sealed(f"%PDF-1.7 {word}".encode(), "f" * 64)
    sealing._keep(row, list(row.chain.all()), made, SYSTEM)
    return row
