"""Proposals carry client-services time, priced by the playbook or by hand with who agreed it (W3, B6)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from steadyhand.clients.models import ClientFile
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness import leads, proposals
from steadyhand.newbusiness.models import Lead, Proposal
from steadyhand.people.models import Member
from steadyhand.playbook.new_business import NewBusiness, TimeBand, TimePrice
from tests.cast import Cast

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture(autouse=True)
def files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]


def test_the_matrix_prices_each_service_by_what_fits_closest(fennel: Lead, callum: Member) -> None:
    proposal = proposals.draft_proposal(fennel, by=callum.actor)
    assert [(line["service"], line["line"], line["minutes"]) for line in proposal.lines] == [
        ("SEO", "Everybody else", 150),
        ("Paid search", "Paid search", 210),
    ]
    assert (proposal.service_minutes, proposal.service_fee) == (360, Decimal(395))
    leads.change_lead(fennel, by=callum.actor, size="large")
    again = proposals.price_by_matrix(proposal, by=callum.actor)
    assert [line["minutes"] for line in again.lines] == [240, 210]


def test_industry_counts_before_service_before_size() -> None:
    def line(title: str, **cell: str) -> TimePrice:
        return TimePrice(title=title, bands=(TimeBand(minutes=60, fee=Decimal(60)),), **cell)

    prices = NewBusiness(
        client_services=(
            line("all"),
            line("large", size="large"),
            line("seo", service="SEO"),
            line("seo, large", service="seo", size="large"),
            line("food", industry="Food"),
        )
    )

    def priced(**given: str) -> str:
        return prices.price(Decimal(100), [("SEO", "seo")], **given)[0].line

    assert priced() == "seo"
    assert priced(size="large") == "seo, large"
    assert priced(size="large", industry="FOOD and drink") == "food"
    assert prices.price(Decimal(1), [("Copy", "content")], size="large")[0].line == "large"
    assert prices.price(Decimal(1), [("Copy", "content")])[0].line == "all"
    assert NewBusiness().price(Decimal(1), [("Copy", "content")]) == []


def test_a_matrix_that_leaves_somebody_without_a_price_is_refused() -> None:
    only = TimePrice(title="x", size="large", bands=(TimeBand(minutes=1, fee=Decimal(1)),))
    with pytest.raises(ValueError, match="No line of client-services time holds for everybody else"):
        NewBusiness(client_services=(only,))
    general = only.model_copy(update={"size": "any"})
    with pytest.raises(ValueError, match="are for the same clients"):
        NewBusiness(client_services=(general, general))


def test_without_its_line_a_proposal_does_not_go_out(fennel: Lead, callum: Member) -> None:
    proposal = proposals.draft_proposal(fennel, by=callum.actor, priced=False)
    with pytest.raises(Refusal, match="no client-services line, so it cannot go out"):
        proposals.mark_sent(proposal, by=callum.actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(sent_on="2026-11-24")
    proposals.price_by_matrix(proposal, by=callum.actor)
    sent = proposals.mark_sent(proposal, by=callum.actor)
    assert sent.sent_on is not None
    with pytest.raises(Refusal, match="went out on 24 November 2026"):
        proposals.price_by_matrix(proposal, by=callum.actor)
    assert proposals.take_back_sending(proposal, by=callum.actor).sent_on is None


def test_by_hand_only_with_who_agreed_it_and_why(northwind: Cast, fennel: Lead, callum: Member) -> None:
    proposal = proposals.draft_proposal(fennel, by=callum.actor)
    with pytest.raises(Refusal, match="Say who agreed it"):
        proposals.price_by_hand(proposal, 60, Decimal(50), agreed_with=None, reason="Small", by=callum.actor)
    with pytest.raises(Refusal, match="Say why it differs"):
        proposals.price_by_hand(
            proposal, 60, Decimal(50), agreed_with=northwind.keiran, reason=" ", by=callum.actor
        )
    row = proposals.price_by_hand(
        proposal, 60, Decimal(50), agreed_with=northwind.keiran, reason="One contact.", by=callum.actor
    )
    assert (row.service_minutes, row.by_hand, row.agreed_with, row.lines) == (60, True, northwind.keiran, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(agreed_because="")
    assert not proposals.price_by_matrix(proposal, by=callum.actor).by_hand


def test_papers_and_decks_are_kept_with_the_prospect(fennel: Lead, callum: Member) -> None:
    proposal = proposals.draft_proposal(fennel, by=callum.actor)
    proposals.attach_paper(proposal, "Offer.pdf", PDF, by=callum.actor)
    changed = proposals.attach_paper(proposal, "Offer 2.pdf", PDF + b"\n", by=callum.actor)
    assert changed.file is not None and changed.file.name == "Offer 2.pdf"
    deck = proposals.attach_deck(fennel, "Deck.pdf", PDF, by=callum.actor)
    assert ClientFile.objects.filter(client=fennel.client).count() == 2
    proposals.remove_deck(deck, by=callum.actor)
    assert [file.name for file in ClientFile.objects.all()] == ["Offer 2.pdf"]
    with pytest.raises(Refusal, match="is not"):
        proposals.attach_deck(fennel, "Deck.pdf", b"MZ\x90\x00", by=callum.actor)
