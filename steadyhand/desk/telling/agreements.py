"""Agreements, from draft to signature, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _title(data: dict[str, Any]) -> str:
    return f"“{data.get('title', '')}”"


def _version(data: dict[str, Any]) -> str:
    return f"{_title(data)}, version {data.get('version', '')}"


def _signed(data: dict[str, Any]) -> Told:
    side = "the client" if data.get("side") == "client" else "us"
    rest = "Both sides have signed." if data.get("both") else ""
    return "Agreement signed", f"{_title(data)} by {data.get('name', '')} for {side}", rest


OF_AGREEMENTS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "agreement.drafted": lambda d: ("Agreement drafted", _title(d), ""),
    "agreement.edited": lambda d: ("Draft of an agreement changed", _version(d), ""),
    "agreement.revised": lambda d: ("New version of an agreement begun", _version(d), ""),
    "agreement.shared": lambda d: ("Agreement shared with the client", _version(d), ""),
    "agreement.commented": lambda d: ("Comment on an agreement", _title(d), str(d.get("text", ""))),
    "agreement.comment_settled": lambda d: ("Comment settled", _title(d), str(d.get("text", ""))),
    "agreement.comment_reopened": lambda d: ("Comment open again", _title(d), str(d.get("text", ""))),
    "agreement.readied": lambda d: ("Agreement ready to sign", _title(d), ""),
    "agreement.signed": _signed,
    "agreement.sealed": lambda d: ("Agreement sealed", _title(d), "the PDF shows any later change"),
    "agreement.withdrawn": lambda d: ("Agreement withdrawn", _title(d), str(d.get("reason", ""))),
    "agreement.declined": lambda d: ("Agreement declined by the client", _title(d), str(d.get("reason", ""))),
    "agreement.replaced": lambda d: ("Agreement replaced", _title(d), str(d.get("reason", ""))),
    "groundwork.filed": lambda d: (f"{str(d.get('kind', '')).capitalize()} put on file", _title(d), ""),
    "groundwork.waived": lambda d: ("May start without its papers", _title(d), str(d.get("reason", ""))),
    "groundwork.unwaived": lambda d: ("May not start without its papers", _title(d), ""),
}
