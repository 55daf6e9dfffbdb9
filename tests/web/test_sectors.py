"""Sectors, our services, and the service standard with its evidence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.models import SectorNote, ServiceOffer
from steadyhand.clients.personal import note_detail
from steadyhand.clients.sectors import write_sector_note
from tests import cast
from tests.cast import SYSTEM, Cast, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        made = cast.build(planned=False)
        book.change_client(made.halden, by=SYSTEM, industry="Retail & Sport")
        book.change_client(made.lumen, by=SYSTEM, industry="Legal")
        yield made


def browser(member: object) -> Browser:
    signed_in = Browser()
    signed_in.force_login(user_of(member))  # type: ignore[arg-type]
    return signed_in


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_industries_without_a_note_are_those_of_clients_one_sees(known: Cast) -> None:
    page = text(browser(known.jody).get("/playbook/sectors/"))
    assert "Retail &amp; Sport" in page and "Legal" not in page
    assert "/playbook/sectors/new/" not in page  # she does not edit the playbook
    assert "/playbook/sectors/new/?industry=Retail%20%26%20Sport" in text(
        browser(known.keiran).get("/playbook/sectors/")
    )


def test_written_rewritten_and_taken_back(known: Cast) -> None:
    keiran = browser(known.keiran)
    form = text(keiran.get("/playbook/sectors/new/?industry=Legal"))
    assert 'value="Legal"' in form
    assert keiran.post("/playbook/sectors/new/", {"industry": "Legal", "text": ""}).status_code == 422
    keiran.post("/playbook/sectors/new/", {"industry": "Legal", "text": "Partners decide."})
    first = SectorNote.objects.get()
    data = {"industry": "Legal", "text": "Partners decide slowly.", "replaces": first.pk}
    keiran.post(f"/playbook/sectors/{first.pk}/", data)
    page = text(keiran.get("/playbook/sectors/"))
    assert "Partners decide slowly." in page and "1 earlier text" in page and "1 client" in page
    assert keiran.get(f"/playbook/sectors/{first.pk}/").status_code == 404
    keiran.post(f"/playbook/sectors/{first.pk}/restoration/")
    assert SectorNote.objects.standing().get() == first
    keiran.post(f"/playbook/sectors/{first.pk}/retirement/")
    assert not SectorNote.objects.standing().exists()


def test_two_who_write_at_once_see_both_texts(known: Cast) -> None:
    keiran = browser(known.keiran)
    write_sector_note("Legal", "What Jody knows.", by=SYSTEM)
    late = keiran.post("/playbook/sectors/new/", {"industry": "legal", "text": "What Keiran knows."})
    said = text(late)
    assert late.status_code == 422 and "Somebody else has written" in said
    assert "What Jody knows." in said and "What Keiran knows." in said
    theirs = SectorNote.objects.get()
    assert f'name="replaces" value="{theirs.pk}"' in said  # saving again is deliberate now
    keiran.post("/playbook/sectors/new/", {"industry": "legal", "text": "Both.", "replaces": theirs.pk})
    assert SectorNote.objects.standing().get().text == "Both."


def test_services_in_our_words(known: Cast) -> None:
    keiran = browser(known.keiran)
    assert "Describe the first service" in text(keiran.get("/playbook/services/"))
    data = {"name": "SEO", "channel": "seo", "what": "Being found.", "led_by": "Strategy"}
    keiran.post("/playbook/services/new/", data)
    offer = ServiceOffer.objects.get()
    keiran.post(f"/playbook/services/{offer.pk}/", data | {"name": "Search", "replaces": offer.pk})
    page = text(browser(known.sam).get("/playbook/services/"))
    assert "Led by Strategy" in page and "<h2>Search</h2>" in page and "Rewrite" not in page
    assert "Being found." in text(browser(known.sam).get("/clients/lumen-legal/knowledge/"))


def test_the_standard_shows_what_happened_on_ones_own_teams(known: Cast) -> None:
    maya = known.halden.contacts.get(name="Maya Lind")
    assert "Nothing is noted yet" in text(browser(known.jody).get("/playbook/service-standard/"))
    note_detail(maya, "family", "Twins", by=SYSTEM)
    page = text(browser(known.jody).get("/playbook/service-standard/"))
    assert "something personal of 1 client; 1 detail was noted" in page
    assert '<a class="tag" href="/clients/halden-bikes/knowledge/">Halden Bikes</a>' in page
    assert page.count("What will count") == 3 and page.count("Seen here") == 1
