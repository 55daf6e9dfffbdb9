"""The story of a client: one stream by key, filters that hold together, words, what the client could know."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import transaction
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.comms.interactions import Said, log_interaction, log_interactions, remove_interactions
from steadyhand.comms.models import Channel
from steadyhand.core import events, word_index
from steadyhand.core.models import Audience, Event
from steadyhand.desk.timeline import timeline
from steadyhand.desk.timeline_streams import Filters
from tests.cast import NOW, SYSTEM, Cast, build, user_of

pytestmark = pytest.mark.django_db
HERE = "/clients/halden-bikes/timeline/"


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build()


def as_(member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member))
    return browser


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def told(cast: Cast, client: Client | None = None, *, reader=None, **asked: str) -> list[str]:
    """What a timeline tells somebody who asks for this."""
    page = timeline(client or cast.halden, (reader or cast.jody).actor, asked=Filters.read(asked))
    return [f"{entry.lead} {entry.text}".strip() for entry in page.entries]


@pytest.fixture
def story(cast: Cast) -> Cast:
    """Halden: a call with Maya, mail from Ola, a note, and a promise of Sam's."""
    maya, ola = Contact.objects.get(name="Maya Lind"), Contact.objects.get(name="Ola Brandt")
    said = [
        Said(cast.halden, Channel.CALL, NOW, maya, cast.jody, summary="About leads in Málaga", minutes=20),
        Said(cast.halden, Channel.EMAIL, NOW, ola, cast.sam, summary="Leads and figures"),
        Said(cast.halden, Channel.NOTE, NOW, None, cast.jody, summary="Leads worry us", body="Between us."),
        Said(cast.orbit, Channel.CALL, NOW, None, cast.jody, summary="Leads of Orbit"),
    ]
    with transaction.atomic():
        log_interactions(said, by=cast.jody.actor)
    keeping.promise(cast.halden, "Explain the leads", by=cast.sam.actor, owner=cast.sam, due_on=NOW.date())
    return cast


def test_by_key_it_shows_everything_once(cast: Cast):
    for day in range(5):
        log_interaction(
            cast.halden, Channel.NOTE, by=SYSTEM, at=NOW - dt.timedelta(hours=day), summary=f"Note {day}"
        )
    own = Event.objects.filter(client_id=cast.halden.pk).exclude(verb="interaction.logged").count()
    for asked, many in ((Filters(), own + 5), (Filters(q="note"), 5), (Filters(channel="note", q="no"), 5)):
        seen: list[str] = []
        after = ""
        for _ in range(20):
            page = timeline(cast.halden, cast.keiran.actor, asked=asked, after=after, most=3)
            seen += [entry.key for entry in page.entries]
            after = page.older
            if not after:
                break
        assert len(seen) == len(set(seen)) == many


def test_each_filter_alone(story: Cast):
    maya = Contact.objects.get(name="Maya Lind")
    call, mail = (
        "Call, 20 min with Maya Lind: About leads in Málaga",
        "E-mail with Ola Brandt: Leads and figures",
    )
    note, promise = "Note Leads worry us", "Promised “Explain the leads” by 24 Nov 2026"
    assert set(told(story, kind="said")) == {call, mail, note}
    assert told(story, kind="promises") == [promise]
    assert any(line.startswith("Engagement begun") for line in told(story, kind="money"))
    assert told(story, channel="email") == [mail]
    assert set(told(story, person=f"m{story.sam.pk}")) == {mail, promise}
    assert set(told(story, person=f"c{maya.pk}")) == {call, "New contact Maya Lind"}
    assert set(told(story, visible="client")) == {call, mail, "Engagement begun SEO, £3,000 a month"}
    internal = told(story, visible="internal")
    assert note in internal and promise in internal and not {call, mail} & set(internal)
    assert set(told(story, q="leads")) == {call, mail, note, promise}
    assert told(story, q="MALAGA") == [call]
    assert told(story, q="between") == [note]  # the body is looked through too


def test_filters_hold_together(story: Cast):
    jody = f"m{story.jody.pk}"
    assert len(told(story, q="lead", person=jody)) == 2
    assert told(story, q="lead", person=jody, visible="internal") == ["Note Leads worry us"]
    assert told(story, q="lead", kind="promises", channel="call") == []
    assert told(story, q="lead figures") == []
    assert told(story, channel="note", visible="client") == []


def test_words_find_only_what_the_reader_may_see(story: Cast):
    with transaction.atomic():
        for audience in (Audience.FINANCE, Audience.PEOPLE, Audience.CLIENT):
            events.record(
                "client.changed",
                by=SYSTEM,
                client_id=story.halden.pk,
                audience=audience,
                changed={"margin": ["", f"Zebra {audience}"]},
            )
    assert [line[-6:] for line in told(story, q="zebra")] == ["client"]
    assert len(told(story, q="zebra", reader=story.keiran)) >= 2
    assert [line[-6:] for line in told(story, visible="client", kind="record")] == ["client"]
    assert (
        as_(story.sam).get(f"/clients/orbit-dental/timeline/?{urlencode({'q': 'leads'})}").status_code == 404
    )
    assert told(story, q="orbit") == []


def test_what_is_struck_out_or_merged_is_found_where_it_is(story: Cast):
    log_interaction(story.fernhill, Channel.CALL, by=SYSTEM, at=NOW, summary="About the zebra house")
    book.merge_clients(story.fernhill, story.orbit, by=SYSTEM)
    assert told(story, story.orbit, q="zebra") == []
    assert told(story, story.fernhill, q="orbit") != []
    book.merge_clients(story.halden, story.fernhill, by=SYSTEM)
    found = timeline(story.halden, story.keiran.actor, asked=Filters(q="zebra"))
    assert [entry.text for entry in found.entries] == ["About the zebra house"]
    with transaction.atomic():
        remove_interactions([int(found.entries[0].key[1:])], by=SYSTEM)
    after = timeline(story.halden, story.keiran.actor, asked=Filters(q="zebra"))
    assert [entry.lead for entry in after.entries] == ["Struck out"]


def test_the_page_marks_what_is_internal_in_words(story: Cast):
    page = text(as_(story.jody).get(f"{HERE}?channel=note"))
    assert "Leads worry us Jody Marsh internal" in page
    assert "Leads and figures Sam Okafor client" in text(as_(story.jody).get(f"{HERE}?channel=email"))


def test_the_address_is_the_view_and_older_keeps_it(story: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(timeline, "__kwdefaults__", timeline.__kwdefaults__ | {"most": 2})
    browser = as_(story.jody)
    asked = {"q": "leads", "visible": "internal"}
    first = browser.get(HERE, asked)
    html = first.content.decode()
    assert 'value="leads"' in html and '<option value="internal" selected>' in html
    assert f'href="{HERE}">Clear' in html
    asked["q"] = "lea"
    assert "Explain the leads" in text(browser.get(HERE, asked))
    everything = browser.get(HERE, {"q": "leads"}).content.decode()
    following = re.search(r'href="([^"]*after=[^"]*)"', everything)
    assert following
    older = following[1].replace("&amp;", "&")
    assert "q=leads" in older
    assert "Clear" in text(browser.get(older))


def test_an_empty_answer_says_so_and_leads_back(story: Cast):
    browser = as_(story.jody)
    for asked in ({"q": "zebra"}, {"q": "!?"}, {"kind": "growth"}):
        page = browser.get(HERE, asked)
        assert "Nothing that happened here answers all you ask for." in text(page)
        assert f'href="{HERE}">' in page.content.decode()


def test_common_words_are_capped_and_the_page_says_so(story: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(word_index, "MOST", 2)
    assert "only the newest 1,000 are looked through" in text(as_(story.jody).get(f"{HERE}?q=leads"))
    assert "looked through" not in text(as_(story.jody).get(f"{HERE}?q=malaga"))


@pytest.mark.parametrize(
    "query",
    ["after=rubbish", "kind=nonsense", "person=x", "person=m" + "9" * 40, "channel=smoke", "visible=maybe"]
    + [f"q={bad}" for bad in ("%22", "%00", "a*b", "%27+OR+1", "NEAR(", "%F0%9F%90%B4", "-", "a" * 900)],
)
def test_whatever_stands_in_the_address_is_no_error(story: Cast, query: str):
    assert as_(story.jody).get(f"{HERE}?{query}").status_code == 200


def test_whom_one_may_choose(story: Cast):
    page = as_(story.jody).get(HERE).content.decode()
    for name in ("Jody Marsh", "Sam Okafor", "Keiran Reid", "Maya Lind", "Ola Brandt"):
        assert f">{name}</option>" in page


def test_a_long_note_is_read_on_in_place(cast: Cast) -> None:
    words = " ".join(f"word{number}" for number in range(120))
    log_interaction(cast.halden, Channel.NOTE, by=SYSTEM, at=NOW, summary="The meeting", body=words)
    log_interaction(cast.halden, Channel.NOTE, by=SYSTEM, at=NOW, summary="In short", body="Only a line.")
    long, short = sorted(
        timeline(cast.halden, cast.jody.actor).entries[:2], key=lambda entry: -len(entry.note)
    )
    assert long.note.endswith(" …") and len(long.note) <= 302
    assert f"{long.note.removesuffix(' …')} {long.rest}" == words
    assert (short.note, short.rest) == ("Only a line.", "")
    page = as_(cast.jody).get(HERE).content.decode()
    assert page.count("Read on") == 1 and "word119</p></details>" in page
