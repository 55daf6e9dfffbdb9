"""What changed between two texts, word by word, for people to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|\w+|[^\w\s]")
PARAGRAPH = re.compile(r"\n\s*\n")
#: Paragraphs less alike than this are another paragraph, not the same one changed.
ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row: `kind` is same, gone or new."""

    kind: str
    text: str


type Paragraph = list[Piece]


def differences(before: str, after: str) -> list[Paragraph]:
    """The paragraphs of both texts in order, each as pieces; a changed paragraph holds gone and new words."""
    old, new = _paragraphs(before), _paragraphs(after)
    found: list[Paragraph] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [[Piece("same", text)] for text in new[c:d]]
        elif tag == "replace" and b - a == d - c:
            for was, now in zip(old[a:b], new[c:d], strict=True):
                found += _changed(was, now)
        else:
            found += [[Piece("gone", text)] for text in old[a:b]]
            found += [[Piece("new", text)] for text in new[c:d]]
    return found


def _changed(was: str, now: str) -> list[Paragraph]:
    old, new = WORD.findall(was), WORD.findall(now)
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [[Piece("gone", was)], [Piece("new", now)]]
    pieces: Paragraph = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[c:d])))
            continue
        if b > a:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("new", "".join(new[c:d])))
    return [pieces]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in PARAGRAPH.split(text.replace("\r\n", "\n")) if part.strip()]
