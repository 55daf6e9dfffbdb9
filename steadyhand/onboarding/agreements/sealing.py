"""Sealing what both sides have signed: set as PDF, sealed, kept. Killed anywhere, it is repeated (O3)."""

from __future__ import annotations

import logging

from django.db import transaction

from steadyhand.core import clock, events, files
from steadyhand.core import sealing as seals
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.agreements import chain
from steadyhand.onboarding.agreements.drafting import locked
from steadyhand.onboarding.agreements.paper import signed_pdf
from steadyhand.onboarding.models import Agreement, AgreementEvent, AgreementSeal, AgreementState

log = logging.getLogger(__name__)

SEALER = Actor.system("seal")


def seal_agreement(agreement: Agreement, *, by: Actor) -> AgreementSeal:
    """The sealed PDF of a signed agreement; the one there is, where it was sealed already.

    Two processes of a second or so; never called inside a transaction. Of two that seal at once one is kept.
    """
    agreement = Agreement.objects.select_related("client").get(pk=agreement.pk)
    there = AgreementSeal.objects.filter(agreement=agreement).first()
    if there is not None:
        return there
    if agreement.state != AgreementState.SIGNED:
        raise Refusal(f"“{agreement.title}” is {agreement.get_state_display()}, so there is nothing to seal.")
    links = list(agreement.chain.all())
    if broken := chain.breaks(agreement, links):
        raise Refusal(broken[0], remedy="It is not sealed: “agreement verify” says what was altered.")
    made = seals.seal(
        signed_pdf(agreement, links), name=Agency.get().name, reason=f"Agreement {agreement.pk}, signed"
    )
    return _keep(agreement, links, made, by)


def seal_all_signed() -> int:
    """Seal whatever both sides have signed; how many were. One that cannot be is tried again later."""
    waiting = Agreement.objects.filter(state=AgreementState.SIGNED).order_by("signed_at", "pk")
    done, failed = 0, None
    for agreement in waiting[:50]:
        try:
            seal_agreement(agreement, by=SEALER)
            done += 1
        except Refusal as refusal:
            failed = refusal
            log.warning("Agreement %s could not be sealed: %s", agreement.pk, refusal)
    if failed is not None:
        raise failed
    return done


@transaction.atomic
def _keep(agreement: Agreement, links: list[AgreementEvent], made: seals.Sealed, by: Actor) -> AgreementSeal:
    row = locked(agreement)
    there = AgreementSeal.objects.filter(agreement=row).first()
    if there is not None:  # somebody was faster
        return there
    if row.state != AgreementState.SIGNED or chain.head_of(row) != links[-1].hash:
        raise Refusal(f"“{row.title}” has changed while it was sealed.", remedy="It is looked at again.")
    at = clock.now()
    seal = AgreementSeal.objects.create(
        agreement=row,
        head=links[-1].hash,
        digest=files.put(made.content),
        size=len(made.content),
        fingerprint=made.fingerprint,
        at=at,
    )
    chain.add_link(
        row, "sealed", at, file=seal.digest, size=seal.size, certificate=seal.fingerprint, head=seal.head
    )
    row.state = AgreementState.SEALED
    row.save(update_fields=["state"])
    events.record("agreement.sealed", by=by, client_id=row.client_id, subject=row, title=row.title)
    return seal
