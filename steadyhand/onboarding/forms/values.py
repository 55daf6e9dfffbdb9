"""What was typed, and whether it answers the question. Pure.

An answer is kept as it was typed, sound or not: a text, a list of chosen options, or rows of a table. Whether
it is sound is asked again whenever it matters, so that nothing half-written is ever lost.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from steadyhand.playbook.form_questions import TABLES, FieldKind, FormQuestion

Row = dict[str, str]
Value = str | list[str] | list[Row]

LONGEST, LONGEST_CELL, MOST_ROWS = 10_000, 500, 40
YES, NO = "yes", "no"
_PHONE = re.compile(r"^\+?[\d\s()./-]+((ext\.?|x)\s*\d+)?$", re.IGNORECASE)
_HOST = re.compile(r"^(?=.{1,253}$)([\w-]{1,63}\.)+[\w-]{2,63}$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer that is a table. The first one of a table must be filled in each row."""

    name: str
    label: str
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()


WHO_RUNS = (
    ("us", "our own people"),
    ("outside", "somebody outside"),
    ("you", "you, our agency"),
    ("nobody", "nobody yet"),
)
#: The same, as we at the agency read them.
RUN_BY = {
    "us": "their own people",
    "outside": "somebody outside",
    "you": "we do",
    "nobody": "nobody yet",
}
PARTS = (
    ("weekly", "speaks with you every week"),
    ("decides", "decides"),
    ("logins", "opens logins"),
    ("other", "good to know"),
)
COLUMNS: dict[FieldKind, tuple[Column, ...]] = {
    FieldKind.PEOPLE: (
        Column("name", "Name"),
        Column("job_title", "Job"),
        Column("email", "E-mail", "email"),
        Column("phone", "Telephone", "tel"),
        Column("part", "What they do for this", "choice", PARTS),
    ),
    FieldKind.CHANNELS: (
        Column("name", "Channel"),
        Column("run_by", "Who runs it", "choice", WHO_RUNS),
        Column("who", "Name of the person or firm"),
        Column("budget_owner", "Whose budget"),
        Column("monthly_budget", "Budget a month", "money"),
    ),
    FieldKind.COMPETITORS: (
        Column("name", "Name"),
        Column("website", "Website", "web"),
        Column("note", "What they do well"),
    ),
}


def typed(question: FormQuestion, sent: Mapping[str, str], chosen: Sequence[str]) -> Value:
    """The answer in what a browser sends: `chosen` for `name=key`, `sent` for the cells of a table."""
    if question.kind in TABLES:
        return _rows(question, sent)
    if question.kind is FieldKind.SEVERAL:
        return [option for option in question.options if option in chosen]
    text = chosen[-1] if chosen else ""
    return tidy(text)


def tidy(text: str) -> str:
    """A text as it is kept: line ends of one kind, nothing around it, no characters that are none."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()[:LONGEST]


def cell_name(key: str, number: int, column: str) -> str:
    """What the input of a cell is called; rows count from 0."""
    return f"{key}.{number}.{column}"


def _rows(question: FormQuestion, sent: Mapping[str, str]) -> list[Row]:
    columns = COLUMNS[question.kind]
    rows = []
    for number in range(MOST_ROWS):
        names = {column.name: cell_name(question.key, number, column.name) for column in columns}
        row = {name: tidy(sent.get(cell, ""))[:LONGEST_CELL] for name, cell in names.items()}
        if any(row.values()):
            rows.append({name: cell for name, cell in row.items() if cell})
    return rows


def is_empty(value: Value) -> bool:
    """Whether nothing is answered."""
    return not value


def stamp(value: Value) -> str:
    """A short digest of a value, by which two people notice that they began from different ones."""
    plain = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()[:16]


def problem(question: FormQuestion, value: Value) -> str:
    """What is wrong with an answer, in a sentence; empty when nothing is, or when there is no answer."""
    if is_empty(value) or question.kind is FieldKind.FILES:
        return ""
    match value:
        case str() if question.kind in TABLES or question.kind is FieldKind.SEVERAL:
            return f"This was asked differently before: “{value[:200]}”. Answer it anew."
        case str():
            return _problem_of_text(question, value)
        case _ if question.kind in TABLES:
            return _problem_of_rows(question.kind, list(value))
        case _:
            strange = [str(one) for one in value if one not in question.options]
            return f"“{strange[0]}” is not one of the choices." if strange else ""


def _problem_of_text(question: FormQuestion, text: str) -> str:
    if question.kind is FieldKind.CHOICE:
        return "" if text in question.options else f"“{text}” is not one of the choices. Choose again."
    if question.kind is FieldKind.YES_NO:
        return "" if text in (YES, NO) else "Choose yes or no."
    return problem_of(question.kind, text)


def problem_of(kind: str, text: str) -> str:
    """What is wrong with a text of this kind; empty when nothing is."""
    check = _CHECKS.get(kind)
    return check(text) if check and text else ""


def _problem_of_rows(kind: FieldKind, rows: Sequence[Row | str]) -> str:
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            return "Write each of them on a line of its own."
        first = COLUMNS[kind][0]
        if not row.get(first.name):
            return f"Line {number} has no {first.label.lower()}. Write one, or empty the line."
        for column in COLUMNS[kind]:
            text = row.get(column.name, "")
            wrong = problem_of(column.kind, text)
            if column.kind == "choice" and text and text not in dict(column.options):
                wrong = f"“{text}” is not one of the choices."
            if wrong:
                return f"Line {number}, {column.label.lower()}: {wrong}"
    return ""


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return f"“{text}” is not an e-mail address. Write it as name@example.com."
    return ""


def _phone(text: str) -> str:
    if _PHONE.match(text) and 6 <= sum(letter.isdigit() for letter in text) <= 20:
        return ""
    return f"“{text}” is not a telephone number. Write it with its area code."


def _web(text: str) -> str:
    if host_of(text):
        return ""
    return f"“{text}” is not a web address. Write it as example.com."


def _number(text: str) -> str:
    return "" if number_of(text) is not None else f"“{text}” is not a number. Write it in figures."


def _money(text: str) -> str:
    amount = number_of(text)
    if amount is None:
        return f"“{text}” is not an amount. Write it in figures, like 1,500."
    return "An amount is not below zero." if amount < 0 else ""


def _date(text: str) -> str:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return f"“{text}” is not a day. Write it as 2027-03-31."
    return ""


_CHECKS: dict[str, Callable[[str], str]] = {
    "email": _email,
    "phone": _phone,
    "tel": _phone,
    "web": _web,
    "number": _number,
    "money": _money,
    "date": _date,
}


def host_of(text: str) -> str:
    """The bare domain of a web address: “example.com” of “https://www.example.com/shop”; else ""."""
    rest = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip(), flags=re.IGNORECASE)
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].lower()
    host = host.removeprefix("www.")
    return host if _HOST.match(host) else ""


def number_of(text: str) -> Decimal | None:
    """The number in “£1,500.00 ” or “1500”; None where there is none. A comma groups thousands."""
    plain = re.sub(r"^[^\d.,+-]+|[^\d.,]+$", "", text.replace("\u00a0", " ").strip()).replace(" ", "")
    if not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", plain):
        return None
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None


def words(question: FormQuestion, value: Value) -> str:
    """The answer as one would read it aloud, a line for each row of a table."""
    match value:
        case str():
            return {YES: "Yes", NO: "No"}.get(value, value) if question.kind is FieldKind.YES_NO else value
        case _ if question.kind in TABLES:
            return "\n".join(row_words(question.kind, row) for row in value if isinstance(row, dict))
        case _:
            return ", ".join(str(one) for one in value)


def row_words(kind: FieldKind, row: Row) -> str:
    """“Maya Lind · Marketing · maya@halden.test”."""
    cells = []
    for column in COLUMNS[kind]:
        text = row.get(column.name, "")
        known = RUN_BY if column.name == "run_by" else dict(column.options)
        cells.append(known.get(text, text))
    return " · ".join(cell for cell in cells if cell)
