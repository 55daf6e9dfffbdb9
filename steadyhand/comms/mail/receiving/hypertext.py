"""The HTML of strangers: only what shows text is left of it, and no picture is fetched from anywhere."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3"),
    *("h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub"),
    *("sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto", "tel"}
GONE = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea"}
BREAKS = re.compile(r"<(?:br|hr)\b[^>]*>|</(?:p|div|tr|li|h[1-6]|blockquote|pre|table|dd|dt)>", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
FETCHING = {"img", "image", "video", "source", "input"}
DEEPEST = 1000  # unclosed paragraphs and cells count, so that honest mail stays well below
REMOTE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"url\(\s*['\"]?\s*(?:https?:)?//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """HTML that is safe to show, and how many remote pictures were taken out of it."""

    html: str
    pictures: int


def clean(text: str) -> Cleaned:
    """What may be shown of a mail's HTML: no scripts, styles, forms, frames or pictures; links open apart.

    Of what is nested beyond reason only the words are left.
    """
    told = _Look()
    try:
        told.feed(text)
    except (ValueError, AssertionError):  # the parser of the standard library gives up on some nonsense
        told.deepest = DEEPEST + 1
    if told.deepest > DEEPEST:
        return Cleaned(f"<p>{html.escape(TAG.sub(' ', text))}</p>", told.pictures)
    kept = nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags=GONE,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Cleaned(kept, told.pictures)


def as_text(cleaned: str) -> str:
    """Cleaned HTML as plain lines."""
    text = nh3.clean(BREAKS.sub(lambda found: f"{found[0]}\n", cleaned), tags=set())
    lines = [" ".join(line.split()) for line in html.unescape(text).replace("\xa0", " ").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Look(HTMLParser):
    """Counts the pictures a mail program would have fetched, and told the sender by it that it was read;
    and how deep it is nested, for depth is what costs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pictures = self.depth = self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        for name, value in attrs:
            is_source = tag in FETCHING and name in {"src", "href", "poster"}
            if (is_source or name == "background") and REMOTE.match(value or ""):
                self.pictures += 1
            elif name == "style":
                self.pictures += len(IN_STYLE.findall(value or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth = max(self.depth - 1, 0)
