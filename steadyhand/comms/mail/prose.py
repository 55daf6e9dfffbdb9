"""Plain writing as paragraphs, lists and links, as a mail and its page show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'’]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
BULLET = re.compile(r"[-*•]\s+")
NUMBER = re.compile(r"\d{1,2}[.)]\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; with `href` a link."""

    text: str
    href: str = ""


@dataclass(slots=True)
class Block:
    """A paragraph (`p`), a list (`ul`) or a numbered list (`ol`); each line is runs of text."""

    kind: str
    lines: list[list[Span]] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """Paragraphs end at an empty line; lines that begin with a dash or a number are lists."""
    found: list[Block] = []
    fresh = True
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            fresh = True
            continue
        kind, words = _kind(line.strip())
        if fresh or not found or found[-1].kind != kind:
            found.append(Block(kind))
        found[-1].lines.append(list(spans(words)))
        fresh = False
    return _joined(found)


def spans(line: str) -> Iterator[Span]:
    """A line with its web and e-mail addresses as links."""
    at = 0
    for match in LINK.finditer(line):
        if match.start() > at:
            yield Span(line[at : match.start()])
        found = match[0]
        yield Span(found, found if found.startswith("http") else f"mailto:{found}")
        at = match.end()
    if at < len(line):
        yield Span(line[at:])


def _kind(line: str) -> tuple[str, str]:
    if match := BULLET.match(line):
        return "ul", line[match.end() :]
    if match := NUMBER.match(line):
        return "ol", line[match.end() :]
    return "p", line


def _joined(found: list[Block]) -> list[Block]:
    """Lists whose lines stand apart by empty lines are one list."""
    joined: list[Block] = []
    for block in found:
        if joined and block.kind != "p" and joined[-1].kind == block.kind:
            joined[-1].lines += block.lines
        else:
            joined.append(block)
    return joined
