"""Two people type in one note: whatever the order, no word of either is lost."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.comms.calls.merging import merge

PLAIN = st.text(alphabet="abc é,.\n", max_size=30)
WORD = re.compile(r"\w+")


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text))


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("", "hello", "", "hello"),
        ("Leads.", "Leads fell.", "Leads. Budget?", "Leads fell. Budget?"),
        ("", "Maya is away", "Leads fell", "Maya is away Leads fell"),
        ("one\ntwo\n", "one\ntwo\nmine\n", "zero\none\ntwo\n", "zero\none\ntwo\nmine\n"),
        ("same", "same!", "same!", "same!"),
        ("gone", "", "gone too", " too"),
    ],
)
def test_both_changes_stand(base: str, mine: str, theirs: str, merged: str) -> None:
    assert merge(base, mine, theirs) == merged


@given(base=PLAIN, mine=PLAIN, theirs=PLAIN)
@settings(max_examples=150, deadline=None)
def test_every_word_somebody_put_in_stands_and_none_is_invented(base: str, mine: str, theirs: str) -> None:
    merged, before = words(merge(base, mine, theirs)), words(base)
    for after in (words(mine), words(theirs)):
        for word, count in (after - before).items():
            assert merged[word] >= count
    assert set(merged) <= set(words(mine)) | set(words(theirs))


@given(base=PLAIN, changed=PLAIN)
@settings(max_examples=60, deadline=None)
def test_what_only_one_changed_is_taken_as_it_is(base: str, changed: str) -> None:
    assert (
        merge(base, changed, base) == merge(base, base, changed) == merge(base, changed, changed) == changed
    )


@given(texts=st.lists(st.tuples(st.booleans(), st.integers(0, 99), st.integers(0, 30)), max_size=14))
@settings(max_examples=80, deadline=None)
def test_two_who_save_in_turns_end_with_every_word(texts: list[tuple[bool, int, int]]) -> None:
    """Each puts words in at places of their own and saves, starting from what they last saw."""
    stored, seen, typed = "", {True: "", False: ""}, Counter[str]()
    for number, (who, stem, place) in enumerate(texts):
        word = f"w{stem}n{number}"
        parts = seen[who].split(" ")
        at = place % (len(parts) + 1)
        mine = " ".join([*parts[:at], word, *parts[at:]]).strip()
        stored = merge(seen[who], mine, stored)
        seen[who] = stored
        typed[word] += 1
    assert words(stored) == typed
