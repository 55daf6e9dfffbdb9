"""What the words of a playbook are made of: texts, keys, and entries whose merge fields are checked."""

import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from steadyhand.playbook.merge_fields import unknown_fields

_SHRUG = re.compile(r"\bI\s+(?:do\s+not|don['’]?t)\s+know\b", re.IGNORECASE)


def shrugs(text: str) -> bool:
    """Whether a text tells the client that we do not know, which none may (MISSION S10)."""
    return _SHRUG.search(text) is not None


def _written(text: str) -> str:
    if not text:
        raise ValueError("This text is empty. Write it, or take the whole entry out.")
    return text


def _answerable(text: str) -> str:
    if shrugs(text):
        raise ValueError('This text says "I don\'t know". Promise to find out by a date instead.')
    return text


Note = Annotated[str, StringConstraints(strip_whitespace=True)]
Text = Annotated[Note, AfterValidator(_written)]
MaySay = Annotated[Note, AfterValidator(_answerable)]
"""Words meant for a client's ears or eyes; may be empty."""
Spoken = Annotated[Text, AfterValidator(_answerable)]
"""Words meant for a client's ears or eyes."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Minutes = Annotated[int, Field(ge=0, le=960)]
"""Whole minutes; 0 where no time is set aside."""


class Part(BaseModel):
    """A piece of an entry, without a key of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(Part):
    """One keyed entry of the playbook's content."""

    key: Key

    @model_validator(mode="after")
    def _merge_fields_are_known(self) -> Self:
        for place, text in _texts(self):
            if unknown := unknown_fields(text):
                raise ValueError(f'{noun_of(type(self))} "{self.key}", {place}: {unknown[0].sentence}')
        return self


def noun_of(entry: type[Entry]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry.__name__).capitalize()


def _texts(part: Part) -> Iterator[tuple[str, str]]:
    """Every text of an entry with the place it stands, such as ("items 2 notes", "…")."""
    for name in type(part).model_fields:
        for place, value in _spread(name, getattr(part, name)):
            if isinstance(value, Part):
                yield from ((f"{place} {inner}", text) for inner, text in _texts(value))
            elif isinstance(value, str):
                yield place, value


def _spread(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, tuple):
        yield from ((f"{name} {number}", item) for number, item in enumerate(value, start=1))
    else:
        yield name, value
