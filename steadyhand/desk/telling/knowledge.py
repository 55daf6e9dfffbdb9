"""What we learn about a client in words. Personal details are named by their kind alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from steadyhand.clients.models import DetailKind, Knowledge, WorkingKind

Told = tuple[str, str, str]


def _detail(data: dict[str, Any]) -> str:
    kind = str(data.get("kind", ""))
    noun = DetailKind(kind).label.lower() if kind in DetailKind.values else "a personal detail"
    return f"{data.get('contact', '')}: {noun}"


def _working(data: dict[str, Any]) -> str:
    kind = str(data.get("kind", ""))
    noun = WorkingKind(kind).label.lower() if kind in WorkingKind.values else "how to work with them"
    return f"{data.get('contact', '')}: {noun}"


def _judged(data: dict[str, Any]) -> Told:
    level = str(data.get("after", ""))
    said = Knowledge(level).label.lower() if level in Knowledge.values else "no view any more"
    return "How to speak to them", f"{data.get('contact', '')}: {said}", ""


def _answered(data: dict[str, Any]) -> Told:
    return "Answered anew" if data.get("again") else "Answered", str(data.get("question", "")), ""


def _said(data: dict[str, Any]) -> Told:
    whom = f" to {data['to']}" if data.get("to") else ""
    return "Said", f"“{data.get('title', '')}”{whom}", ""


OF_KNOWLEDGE: dict[str, Callable[[dict[str, Any]], Told]] = {
    "contact.detail_noted": lambda d: ("Personal detail noted", _detail(d), ""),
    "contact.detail_corrected": lambda d: ("Personal detail corrected", _detail(d), ""),
    "contact.detail_retired": lambda d: ("Personal detail taken away", _detail(d), ""),
    "contact.detail_restored": lambda d: ("Personal detail holds again", _detail(d), ""),
    "contact.knowledge_judged": _judged,
    "contact.working_noted": lambda d: ("Working with them", _working(d), ""),
    "contact.working_retired": lambda d: ("Note on working with them taken away", _working(d), ""),
    "contact.working_restored": lambda d: ("Note on working with them holds again", _working(d), ""),
    "client.discovered": _answered,
    "client.discovery_taken_back": lambda d: ("Not answered after all", str(d.get("question", "")), ""),
    "client.expectation_said": _said,
    "client.expectation_unsaid": lambda d: ("Not said after all", f"“{d.get('title', '')}”", ""),
    "file.kept": lambda d: ("File kept", str(d.get("name", "")), ""),
    "file.dropped": lambda d: ("File removed", str(d.get("name", "")), ""),
    "sector.noted": lambda d: ("Sector note written", str(d.get("industry", "")), ""),
    "sector.retired": lambda d: ("Sector note taken away", str(d.get("industry", "")), ""),
    "sector.restored": lambda d: ("Sector note holds again", str(d.get("industry", "")), ""),
    "offer.described": lambda d: ("Service described", str(d.get("name", "")), ""),
    "offer.retired": lambda d: ("Service no longer offered", str(d.get("name", "")), ""),
    "offer.restored": lambda d: ("Service offered again", str(d.get("name", "")), ""),
}
