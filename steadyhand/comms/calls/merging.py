"""Merging what two people typed into one text, so that no word of either is lost.

Both texts are read as changes to the text they started from, word by word. What one deleted is gone, what
either put in stays; where both put something in at the same place, both stand there, mine first, so that
whoever goes on with a sentence is not torn apart.
The page does the same in its script (ui/static/ui/js/call-notes.js) for what was typed since it sent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

WORD = re.compile(r"\w+|\s|[^\w\s]")


def merge(base: str, mine: str, theirs: str) -> str:
    """The text that holds the changes of `mine` and of `theirs` to `base`."""
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    words = WORD.findall(base)
    return _written(words, _read(words, mine), _read(words, theirs))


@dataclass(slots=True)
class _Edit:
    """One text against the one it started from: what it put in before each word, and where each word went."""

    words: list[str]
    put_in: dict[int, range] = field(default_factory=lambda: defaultdict(lambda: range(0)))
    kept: dict[int, int] = field(default_factory=dict)

    def before(self, place: int) -> list[str]:
        """The words put in before the base's word at that place."""
        return [self.words[i] for i in self.put_in[place]]


def _read(base: list[str], text: str) -> _Edit:
    edit = _Edit(WORD.findall(text))
    matcher = SequenceMatcher(None, base, edit.words, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            edit.kept.update(zip(range(i1, i2), range(j1, j2), strict=True))
        elif j2 > j1:
            edit.put_in[i1] = range(j1, j2)
    return edit


@dataclass(slots=True)
class _Word:
    """A word of the merged text, and its places in mine and in theirs (None where it is not)."""

    text: str
    mine: int | None
    theirs: int | None

    def follows(self, before: _Word) -> bool:
        """Whether one of the two texts has these words side by side."""
        pairs = ((before.mine, self.mine), (before.theirs, self.theirs))
        return any(a is not None and b == a + 1 for a, b in pairs)


def _written(base: list[str], mine: _Edit, theirs: _Edit) -> str:
    merged: list[_Word] = []
    for place in range(len(base) + 1):
        if mine.before(place) == theirs.before(place):
            pairs = zip(mine.put_in[place], theirs.put_in[place], strict=True)
            merged += [_Word(mine.words[m], m, t) for m, t in pairs]
        else:
            merged += [_Word(mine.words[m], m, None) for m in mine.put_in[place]]
            merged += [_Word(theirs.words[t], None, t) for t in theirs.put_in[place]]
        if place in mine.kept and place in theirs.kept:
            merged.append(_Word(base[place], mine.kept[place], theirs.kept[place]))
    return "".join(_spaced(merged))


def _spaced(merged: Iterable[_Word]) -> Iterable[str]:
    """The words, with a space between two that no text had side by side and that would run together."""
    before: _Word | None = None
    for word in merged:
        if before is not None and not word.follows(before) and _would_join(before.text, word.text):
            yield " "
        yield word.text
        before = word


def _would_join(left: str, right: str) -> bool:
    return (left[-1].isalnum() or left[-1] == "_") and (right[0].isalnum() or right[0] == "_")
