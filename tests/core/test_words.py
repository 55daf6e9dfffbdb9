"""Words are folded alike everywhere, and their index is what the rows say, whoever changes them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.core import events, word_index
from steadyhand.core.actor import Actor
from steadyhand.core.events import Happening
from steadyhand.core.models import Event
from steadyhand.core.word_index import WordIndex
from steadyhand.core.words import LONGEST_WORD, folded, words_in

BY = Actor.system("tests")
INDEX = WordIndex("core.Event")


def told(client: int, *texts: str) -> list[int]:
    """Events of a client, one for each text."""
    with transaction.atomic():
        happenings = [Happening("call.noted", client, data={"note": text}) for text in texts]
        return [event.pk for event in events.record_all(happenings, by=BY)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Über Café-Besuche", ["uber", "cafe", "besuche"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("O’Neill's e-mail_2", ["o", "neill", "s", "e", "mail", "2"]),
        ("Łódź ΑΘΉΝΑ", ["łodz", "αθηνα"]),
        ("½ ﬁne", ["1", "2", "fine"]),
        ("--- \x00 '' \" *", []),
    ],
)
def test_what_words_a_text_has(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@given(st.text())
def test_folded_words_fold_to_themselves(text: str) -> None:
    assert folded(" ".join(words_in(text))) == folded(text)
    assert all(0 < len(word) <= LONGEST_WORD for word in words_in(text))


def test_words_within_lists_and_dictionaries_once() -> None:
    assert folded("a.b", {"x": ["Blue", {"y": "green blue"}], "n": 7, "d": None}) == "a b blue green"


@pytest.mark.django_db
def test_an_event_is_found_by_every_word_and_the_beginning_of_the_last() -> None:
    one, two = told(7, "Leads dipped in Málaga", "Leads are well")
    told(8, "Leads of another client")

    def found(query: str, *clients: int) -> set[int]:
        return set(INDEX.hits(clients or (7,), query).ids)

    assert found("leads") == found("LEA") == found("call noted") == {one, two}
    assert found("leads malaga") == found("mala") == found("Leads MÁL") == {one}
    assert found("lea malaga") == set()  # only the last word may be begun
    assert found("zebra") == found("!!") == found("") == set()
    assert len(found("leads", 7, 8)) == 3
    assert found("7") == found("=7") == set()  # the client beside the words is no word of them


@pytest.mark.django_db
def test_the_index_follows_whatever_is_done_to_the_rows() -> None:
    one, two = told(7, "Leads dipped", "Leads rose")
    Event.objects.filter(pk=one).update(client_id=9)
    assert INDEX.hits([7], "leads").ids == [two]
    assert INDEX.hits([9], "dipped").ids == [one]
    Event.objects.filter(pk=one).delete()
    assert INDEX.hits([9], "dipped").ids == []
    event = Event.objects.get(pk=two)
    event.data = {"note": "Sales rose"}
    event.save()
    assert INDEX.hits([7], "leads").ids == []
    assert INDEX.hits([7], "sales").ids == [two]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(7, "Never happened")
        1 / 0  # noqa: B018
    assert INDEX.hits([7], "never").ids == []


@pytest.mark.django_db
def test_a_common_word_gives_the_newest_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_index, "MOST", 3)
    moment = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
    with transaction.atomic():
        pks = [
            events.record(
                "call.noted", by=BY, client_id=7, at=moment + dt.timedelta(hours=n), note="Figures, again"
            ).pk
            for n in range(5)
        ]
    told(8, *["Figures"] * 5)
    hits = INDEX.hits([7], "figures again")
    assert hits.is_capped and set(hits.ids) == set(pks[2:])
    hits = INDEX.hits([7], "fig")
    assert hits.is_capped and set(hits.ids) == set(pks[2:])
    Event.objects.filter(pk__in=pks[:2]).delete()
    assert not INDEX.hits([7], "figures").is_capped


@pytest.mark.django_db
@settings(max_examples=60)
@given(st.text(st.characters(codec=None) | st.sampled_from("\"'*:&|()=-^{}+<>\\\x00 aé"), max_size=12))
def test_no_input_is_a_syntax_error_of_the_engine(query: str) -> None:
    INDEX.hits([7, 9], query)


@pytest.mark.django_db
def test_what_a_migration_dropped_is_made_again_from_the_rows() -> None:
    (one,) = told(7, "Leads dipped")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX core_event_words")
        else:
            cursor.execute("DROP TRIGGER core_event_words_written")
    (two,) = told(7, "Leads rose")
    INDEX.keep()
    assert set(INDEX.hits([7], "leads").ids) == {one, two}
    Event.objects.filter(pk=one).delete()
    assert INDEX.hits([7], "leads").ids == [two]
