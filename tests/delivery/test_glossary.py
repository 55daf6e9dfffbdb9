"""A word heard is asked of whoever leads the channel, and its answer joins the glossary (S17)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.clients.engagements import CHANNEL_WORDS
from steadyhand.commitments.kinds import State
from steadyhand.core.refusals import Refusal
from steadyhand.delivery import glossary
from steadyhand.delivery.channels import guides
from steadyhand.delivery.models import Term
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def ben(northwind: Cast) -> Member:
    made = cast.joined("Ben Ash", Role.DEPARTMENT_LEAD)
    glossary.name_channel_lead("seo", made, by=northwind.keiran.actor)
    return made


def test_every_channel_of_a_service_has_its_guide() -> None:
    assert CHANNEL_WORDS.keys() <= {guide.key for guide in guides()}
    for guide in guides():
        assert guide.how and guide.delivers and len(guide.usual) >= 3 and guide.ask_first, guide.key


def test_a_word_is_asked_explained_and_known(northwind: Cast, ben: Member) -> None:
    jody, sam = northwind.jody, northwind.sam
    term = glossary.hear_term(
        " crawl  budget ", by=jody.actor, member=jody, channel="seo", client=northwind.orbit
    )
    assert term.asking is not None
    assert (term.asking.title, term.asking.owner) == ("Explain “crawl budget” to Jody Marsh", ben)
    assert term.asking.client is None, "whoever explains it need not know the client"
    assert not Term.objects.visible_to(sam.actor).exists(), "heard at a client Sam does not see"
    assert Term.objects.visible_to(ben.actor).exists()
    with pytest.raises(Refusal, match="asked about “crawl budget” already"):
        glossary.hear_term("Crawl budget", by=jody.actor)
    glossary.explain_term(term, "How many of our pages a search engine bothers to read.", by=ben.actor)
    term.asking.refresh_from_db()
    assert term.asking.state == State.DONE
    assert list(Term.objects.visible_to(sam.actor).explained()) == [term]
    with pytest.raises(Refusal, match="bothers to read"):
        glossary.hear_term("CRAWL BUDGET", by=sam.actor)


def test_where_nobody_leads_the_channel_whoever_heard_it_finds_out(northwind: Cast) -> None:
    term = glossary.hear_term("ROAS", by=northwind.jody.actor, member=northwind.jody, channel="paid-search")
    assert term.asking is not None and term.asking.owner == northwind.jody
    glossary.drop_term(term, by=northwind.jody.actor)
    term.asking.refresh_from_db()
    assert term.asking.state == State.WITHDRAWN


def test_who_leads_a_channel_is_not_for_everybody_to_say(northwind: Cast) -> None:
    with pytest.raises(Refusal, match="for a head"):
        glossary.name_channel_lead("seo", northwind.jody, by=northwind.jody.actor)
