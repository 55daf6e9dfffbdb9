"""The child process that draws Vega-Lite specifications as SVG. Stand-alone; never imported by web or worker.

A list of specifications as JSON on standard input, a list of SVG texts on standard output. What comes out is
made anew of the shapes that we know: no style, no script, no address, no id. Each colour of the theme has a
class with it, so that a style sheet may give another one in the dark; without one (PDF) the colour holds.
"""

from __future__ import annotations

import json
import re
import sys
from xml.etree import ElementTree as Tree

import vl_convert

NAMESPACE = "{http://www.w3.org/2000/svg}"
SHAPES = {"g", "path", "line", "rect", "text", "tspan", "circle"}
ATTRIBUTES = {
    *(
        "transform",
        "d",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "width",
        "height",
        "dx",
        "dy",
    ),
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity"),
    *("fill-opacity", "stroke-opacity", "text-anchor", "font-size", "font-weight", "display"),
}
UNSAFE = re.compile(r"url|:|javascript", re.IGNORECASE)


def redrawn(svg: str, colours: dict[str, str]) -> str:
    """The picture, made anew of known shapes; `colours` are the theme's colours and their names."""
    known = Tree.fromstring(svg)  # noqa: S314  # from our own drawing library
    made = Tree.Element("svg", {"xmlns": NAMESPACE[1:-1], "viewBox": known.get("viewBox", "0 0 1 1")})
    made.set("class", "chart__picture")
    made.set("aria-hidden", "true")
    made.set("focusable", "false")
    copy(known, made, colours)
    return Tree.tostring(made, encoding="unicode")


def copy(known: Tree.Element, made: Tree.Element, colours: dict[str, str]) -> None:
    """The known shapes below an element, with the attributes that we know."""
    for shape in known:
        tag = shape.tag.removeprefix(NAMESPACE)
        if tag == "a":
            copy(shape, made, colours)
        if tag not in SHAPES or shape.get("display") == "none":
            continue
        kept = {
            name: value
            for name, value in shape.attrib.items()
            if name in ATTRIBUTES and not (name not in ("d", "transform") and UNSAFE.search(value))
        }
        classes = [
            f"chart-{colours[kept[name]]}-{name}" for name in ("fill", "stroke") if kept.get(name) in colours
        ]
        if classes:
            kept["class"] = " ".join(classes)
        inner = Tree.SubElement(made, tag, kept)
        inner.text = shape.text
        copy(shape, inner, colours)


if __name__ == "__main__":
    asked = json.loads(sys.stdin.buffer.read())
    drawings = [
        redrawn(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]), asked["colours"])
        for spec in asked["specs"]
    ]
    sys.stdout.write(json.dumps(drawings))
