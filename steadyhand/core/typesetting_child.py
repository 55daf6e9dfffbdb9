"""The child of `core.typesetting`: reads a template and its data, writes the PDF. Never imported."""

from __future__ import annotations

import json
import sys

import typst


def written(asked: dict[str, str]) -> bytes:
    """PDF/UA-1; tagged all the same where a script has no font here, which that standard forbids."""
    template, inputs = asked["template"], {"data": asked["data"]}
    try:
        made = typst.compile(template, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed with font" not in str(error):
            raise
        made = typst.compile(template, format="pdf", sys_inputs=inputs)
    return bytes(made)


if __name__ == "__main__":
    sys.stdout.buffer.write(written(json.load(sys.stdin)))
