"""Signing in the browser: what is asked, what is kept as evidence, one signature each (O3).

It is a simple electronic signature: a person we know types their name, after agreeing to do business
electronically, and what they saw, when and from where is kept so that a later change shows. It is not a
qualified one, and Steadyhand says so wherever somebody signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.core import clock, duties, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.onboarding.agreements import chain
from steadyhand.onboarding.agreements.canonical import digest_of, moment
from steadyhand.onboarding.agreements.dates import promise_dates
from steadyhand.onboarding.agreements.drafting import locked
from steadyhand.onboarding.models import (
    Agreement,
    AgreementSignature,
    AgreementState,
    AgreementVersion,
    Side,
)
from steadyhand.people.models import Member, MemberState

SEALING = "onboarding.seal_agreements"

CONSENT = (
    "I agree to do this business electronically: to read, sign and keep this agreement as an electronic "
    "document. I can open it on this device, and I may ask for it on paper instead."
)

#: What kind of signature this is, said plainly to whoever signs.
PLAINLY = (
    "You sign by typing your name. We keep your name, the time, your network address and browser, and a "
    "fingerprint of exactly what you saw, and seal all of it so that a later change shows. The law calls "
    "this a simple electronic signature (EU: eIDAS; US: ESIGN). It is not a qualified "
    "signature, which a few kinds of document need. This is no legal advice."
)


def intent(signer: str, party: str, title: str) -> str:
    """The sentence a signer agrees to with their name."""
    return f"I, {signer}, sign “{title}” for {party} with the name I typed, and may do so."


@dataclass(frozen=True, slots=True)
class Ceremony:
    """How somebody signed: the name they typed, what they saw, from where, and how they were let in.

    `digest` is of the version on the page, `address` the network address,
    `agent` what the browser calls itself.
    """

    name: str
    digest: str
    consents: bool
    address: str = ""
    agent: str = ""
    through: str = ""


def sign_for_client(
    agreement: Agreement, contact: Contact, ceremony: Ceremony, *, by: Actor
) -> AgreementSignature:
    """A contact signs for the client. Doing it twice is one signature; a second person is refused."""
    if contact.client_id != agreement.client_id or contact.left_on is not None:
        raise Refusal(f"{contact.name} does not sign for {agreement.client.name}.")
    if by.kind is ActorKind.CONTACT and by.id != contact.pk:
        raise Refusal("You can sign for yourself only.")
    who = {"contact": contact, "person": contact.name, "email": contact.email}
    return _sign(agreement, Side.CLIENT, ceremony, who, by)


def sign_for_agency(
    agreement: Agreement, member: Member, ceremony: Ceremony, *, by: Actor
) -> AgreementSignature:
    """A member signs for the agency. Doing it twice is one signature; a second person is refused."""
    if member.state == MemberState.LEFT:
        raise Refusal(f"{member.name} has left and cannot sign.")
    if by.kind is ActorKind.MEMBER and by.id != member.pk:
        raise Refusal("You can sign for yourself only.")
    who = {"member": member, "person": member.name, "email": member.email}
    return _sign(agreement, Side.AGENCY, ceremony, who, by)


def evidence_of(signature: AgreementSignature) -> dict[str, Any]:
    """Everything kept of a signature, as its link of the chain repeats it."""
    return {
        "side": signature.side,
        "version": signature.version.number,
        "name": signature.name,
        "person": signature.person,
        "email": signature.email,
        "through": signature.through,
        "consent": signature.consent,
        "intent": signature.intent,
        "signed_at": moment(signature.at),
        "address": signature.address,
        "agent": signature.agent,
        "digest": signature.digest,
    }


@transaction.atomic
def _sign(
    agreement: Agreement, side: Side, ceremony: Ceremony, who: dict[str, Any], by: Actor
) -> AgreementSignature:
    row = locked(agreement)
    there = row.signatures.filter(side=side).first()
    if there is not None:
        return _same_again(there, ceremony, who)
    version = _to_sign(row, ceremony)
    party = version.client_name if side is Side.CLIENT else version.agency_name
    signature = AgreementSignature.objects.create(
        agreement=row,
        version=version,
        side=side,
        name=ceremony.name.strip(),
        through=ceremony.through[:60],
        consent=CONSENT,
        intent=intent(who["person"], party, row.title),
        at=clock.now(),
        address=ceremony.address[:64],
        agent=_printable(ceremony.agent)[:500],
        digest=version.digest,
        **who,
    )
    chain.add_link(row, "signed", signature.at, **evidence_of(signature))
    both = row.signatures.count() == len(Side)
    if both:
        row.state, row.signed_at = AgreementState.SIGNED, signature.at
        row.save(update_fields=["state", "signed_at"])
        promise_dates(row, version, by=Actor.system("agreements"))
        duties.wake(SEALING)
    events.record(
        "agreement.signed",
        by=by,
        client_id=row.client_id,
        subject=row,
        title=row.title,
        side=str(side),
        name=signature.name,
        both=both,
    )
    return signature


def _same_again(there: AgreementSignature, ceremony: Ceremony, who: dict[str, Any]) -> AgreementSignature:
    """A second click of the same person is the first one; anything else is refused."""
    person = who.get("contact") or who.get("member")
    same_person = person is not None and person.pk in (there.contact_id, there.member_id)
    if same_person and there.digest == ceremony.digest:
        return there
    raise Refusal(
        f"{there.name} has signed for {there.get_side_display()} already.",
        remedy="One signature of each side is enough; there is nothing left for you to do.",
    )


def _to_sign(row: Agreement, ceremony: Ceremony) -> AgreementVersion:
    """The version that is signed; refuses whatever makes a signature doubtful."""
    version = row.shared_version
    if row.state != AgreementState.READY or version is None:
        raise Refusal(
            f"“{row.title}” cannot be signed: it is {row.get_state_display()}.",
            remedy="Open it again to see what has become of it.",
        )
    if not ceremony.consents:
        raise Refusal(
            "Tick that you agree to do this electronically.",
            remedy="Or ask for the agreement on paper; then sign nothing here.",
            field="consents",
        )
    if not 2 <= len(ceremony.name.strip()) <= 200:
        raise Refusal("Type your full name.", remedy="It is your signature.", field="name")
    if ceremony.digest != version.digest:
        raise Conflict(
            "The agreement has changed since you opened it.",
            remedy="Read the new version, then sign that.",
            field="digest",
        )
    if digest_of(version) != version.digest or chain.breaks(row, list(row.chain.all())):
        raise Refusal(
            "What is stored of this agreement is no longer what was shared, so it cannot be signed.",
            remedy="Withdraw it and draft another; “agreement verify” says what was altered.",
        )
    return version


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
