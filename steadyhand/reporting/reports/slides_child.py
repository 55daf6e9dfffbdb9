"""The child of `slides`: reads what a deck says as JSON, writes PPTX. Stand-alone, never imported.

The same report is the same file to the byte: every time in it is that of the report's cut-off.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Length, Pt

#: Words, their size in points, their colour.
type Line = tuple[str, float, Any]

WIDE, HIGH = Inches(13.333), Inches(7.5)
EDGE: Length = Inches(0.8)


def colour(hexed: str) -> Any:
    """“#2456a6” as the deck wants it."""
    return RGBColor.from_string(hexed.lstrip("#").upper())  # type: ignore[no-untyped-call]


#: When a file says it was made and changed.
TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")

INK, QUIET, GRID = colour("#1d2126"), colour("#5a626b"), colour("#e2e4e8")


class Deck:
    """Slides of one look: a title, then what follows on paper white."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.accent = colour(said["accent"])
        self.deck = Presentation()
        self.deck.slide_width, self.deck.slide_height = WIDE, HIGH
        self.deck.core_properties.title = said["title"]
        self.deck.core_properties.author = self.deck.core_properties.last_modified_by = said["agency"]
        self.at = dt.datetime.fromisoformat(said["at"]).astimezone(dt.UTC)
        self.deck.core_properties.created = self.deck.core_properties.modified = self.at

    def slide(self, heading: str) -> Any:
        """A new slide with its title in the layout's own place, so that a screen reader finds it."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = EDGE, Inches(0.7), WIDE - 2 * EDGE, Inches(0.9)
        title.text_frame.text = heading
        title.text_frame.word_wrap = True
        self.look(title.text_frame.paragraphs[0], 32, INK)
        self.stroke(slide, EDGE + Inches(0.1), Inches(0.6), Inches(0.9), Pt(4), self.accent)
        foot = [(f"{self.said['agency']} for {self.said['client']}", 11, QUIET)]
        self.text(slide, Inches(6.85), foot)
        return slide

    def stroke(self, slide: Any, left: Any, top: Any, width: Any, height: Any, paint: Any) -> None:
        """A plain bar or hairline; it says nothing."""
        bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
        bar.fill.solid()
        bar.fill.fore_color.rgb = paint
        bar.line.fill.background()
        bar.shadow.inherit = False

    def look(self, paragraph: Any, size: float, paint: Any) -> None:
        """Letters of this size and colour, set left."""
        paragraph.alignment = 1
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), False, paint

    def text(
        self,
        slide: Any,
        top: Length,
        lines: Sequence[Line],
        left: Length = EDGE,
        width: Length | None = None,
    ) -> None:
        """Lines below each other in one box."""
        box = slide.shapes.add_textbox(left, top, width or WIDE - 2 * EDGE, Inches(1))
        box.text_frame.word_wrap = True
        for number, (words, size, paint) in enumerate(lines):
            paragraph = box.text_frame.paragraphs[0] if not number else box.text_frame.add_paragraph()
            paragraph.text = words
            paragraph.space_before = Pt(14 if number and paint == INK else 0)
            paragraph.space_after = Pt(4)
            self.look(paragraph, size, paint)

    def opening(self) -> None:
        """Who, what, when; what they came to us for."""
        slide = self.slide(self.said["title"])
        lines = [
            (f"{self.said['agency']} and {self.said['client']}", 24, QUIET),
            (self.said["cut_off"], 16, QUIET),
        ]
        if self.said["goals"]:
            lines.append((f"You came to us for this: {self.said['goals']}", 24, INK))
        title = slide.shapes.title
        title.top, title.height = Inches(1.8), Inches(1.5)
        self.look(title.text_frame.paragraphs[0], 40, INK)
        self.text(slide, Inches(3.6), lines)

    def headline(self) -> None:
        """Fewer than five figures, large."""
        figures = self.said["headline"]
        if not figures:
            return
        slide = self.slide("Where we stand")
        width = Emu(int((WIDE - 2 * EDGE) / len(figures)))
        for number, one in enumerate(figures):
            lines = [(one["label"], 18, QUIET), (one["shown"], 48, self.accent), (one["note"], 18, QUIET)]
            self.text(slide, Inches(2), lines, Emu(EDGE + number * width), width)
        self.text(slide, Inches(4.2), [(words, 20, INK) for words in self.said["words"]])

    def table(self, part: dict[str, Any]) -> None:
        """One table of the pack."""
        slide = self.slide(part["title"])
        rows = [part["head"], *part["rows"]]
        top, high, wide = Inches(1.9), Inches(0.7), WIDE - 2 * EDGE
        frame = slide.shapes.add_table(len(rows), len(rows[0]), EDGE, top, wide, high * len(rows))
        for y in range(1, len(rows) + 1):
            self.stroke(slide, EDGE, top + y * high, wide, Pt(0.75), GRID)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                place = frame.table.cell(y, x)
                place.text = cell
                place.fill.background()
                self.look(place.text_frame.paragraphs[0], 18, QUIET if y == 0 else INK)
                place.vertical_anchor = MSO_ANCHOR.MIDDLE
                place.text_frame.paragraphs[0].alignment = 1 if x == 0 else 3

    def months(self) -> None:
        """The first figure month by month, as a chart of the deck's own, to be changed there."""
        months = self.said["months"]
        if len(months.get("values", [])) < 2:
            return
        slide = self.slide(f"{months['label']}, month by month")
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = months["names"]
        data.add_series(months["label"], [float(value) for value in months["values"]])
        chart = slide.shapes.add_chart(
            XL_CHART_TYPE.COLUMN_CLUSTERED, EDGE, Inches(1.7), WIDE - 2 * EDGE, Inches(5), data
        ).chart
        chart.has_legend = False
        chart.has_title = False
        chart.plots[0].gap_width = 60
        chart.plots[0].series[0].format.fill.solid()
        chart.plots[0].series[0].format.fill.fore_color.rgb = self.accent
        chart.value_axis.major_gridlines.format.line.color.rgb = GRID
        chart.value_axis.tick_labels.number_format = "#,##0.##" if are_small(months["values"]) else "#,##0"
        chart.value_axis.tick_labels.number_format_is_linked = False
        chart.value_axis.format.line.fill.background()
        for axis in (chart.value_axis, chart.category_axis):
            axis.tick_labels.font.size = Pt(12)
            axis.tick_labels.font.color.rgb = QUIET

    def next(self) -> None:
        """What next, and why; the decision wanted."""
        if not self.said["next"] and not self.said["decision"]:
            return
        slide = self.slide("What next, and why")
        lines: list[Line] = []
        for one in self.said["next"]:
            lines += [(one["what"], 24, INK), (one["why"], 18, QUIET)]
        if self.said["decision"]:
            lines += [("The decision we need from you", 18, INK), (self.said["decision"], 24, self.accent)]
        self.text(slide, Inches(1.8), lines)


def are_small(values: Sequence[str]) -> bool:
    """Whether whole numbers would hide what differs."""
    return max(abs(float(value)) for value in values) < 10


def written(said: dict[str, Any]) -> bytes:
    """The deck as PPTX."""
    deck = Deck(said)
    deck.opening()
    deck.headline()
    for part in said["tables"]:
        deck.table(part)
    deck.months()
    deck.next()
    kept = io.BytesIO()
    deck.deck.save(kept)
    return dated(kept.getvalue(), deck.at)


def dated(packed: bytes, at: dt.datetime) -> bytes:
    """A packed file, and workbooks packed in it, as if it had been written at that time."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = dated(part, at)
            elif name == "docProps/core.xml":
                part = TIMES.sub(rb"\g<1>%b\g<2>" % at.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return kept.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(written(json.load(sys.stdin)))
