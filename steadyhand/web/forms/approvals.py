"""What is asked of a bundle, its pieces, who decides, and when something is posted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.delivery.approvals.asking import MOST_LEVELS
from steadyhand.delivery.models import Bundle, Mode, Piece, PieceKind
from steadyhand.people.models import Member
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import client_called, client_input, line

ORDER = ("", "first", "second", "third", "fourth")
PICTURES_AND_FILMS = (
    "image/png,image/jpeg,image/gif,image/webp,image/avif,video/mp4,video/webm,video/quicktime"
)


class DetailsForm(forms.Form):
    """What a bundle is, and how much approval it needs."""

    title = forms.CharField(
        max_length=200, label="What it is", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    due_on = forms.DateField(label="We need the answer by", widget=date_input())
    is_social = forms.BooleanField(
        required=False,
        label="Social content",
        help_text="Never posted without at least one approval.",
    )
    mode = forms.ChoiceField(
        choices=[(mode.value, mode.label.capitalize()) for mode in Mode], label="How much approval it needs"
    )
    owner = forms.ModelChoiceField(
        Member.objects.none(), required=False, label="Who looks after it", empty_label="Me"
    )
    note = forms.CharField(
        required=False,
        max_length=2000,
        label="What we say to them about it",
        widget=line(3),
        help_text="They read it above the pieces, and in the mail.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["owner"].queryset = Member.objects.visible_to(actor).here()  # type: ignore[attr-defined]


class BundleForm(DetailsForm):
    """A new bundle, for a client named in it."""

    client = forms.CharField(max_length=200, label="Client", widget=client_input())

    field_order = ["client", "title", "due_on", "is_social", "mode", "owner", "note"]

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, actor=actor, **options)
        self.actor = actor

    def clean_client(self) -> Client | None:
        """The one live client of this name, or this short name."""
        return client_called(self.cleaned_data["client"], self.actor)


class VersionForm(forms.Form):
    """How a piece looks now: a file, or copy."""

    file = forms.FileField(
        required=False,
        label="Picture or video",
        widget=forms.FileInput(attrs={"accept": PICTURES_AND_FILMS}),
        help_text="PNG, JPEG, GIF, WebP or AVIF; MP4, WebM or MOV.",
    )
    text = forms.CharField(required=False, max_length=20_000, label="Copy", widget=line(5))
    note = forms.CharField(
        required=False,
        max_length=500,
        label="What changed",
        help_text="The client reads it with the version.",
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, piece: Piece | None = None, **options: Any
    ) -> None:
        super().__init__(data, files, **options)
        if piece is not None:
            del self.fields["file" if piece.kind == PieceKind.COPY else "text"]


class PieceForm(VersionForm):
    """One more piece, with its first version."""

    title = forms.CharField(
        max_length=200, label="Piece", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label.capitalize()) for kind in PieceKind], label="What it is made of"
    )

    field_order = ["title", "kind", "file", "text", "note"]

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, auto_id="piece_%s", **options)
        self.fields["note"].label = "What to look at"

    def clean(self) -> dict[str, Any]:
        """A piece comes with what it shows."""
        values = super().clean() or {}
        is_copy = values.get("kind") == PieceKind.COPY
        if is_copy and not values.get("text", "").strip():
            self.add_error("text", "Write the copy.")
        if not is_copy and values.get("file") is None and "file" not in self.errors:
            self.add_error("file", "Choose the file.")
        return values


class AskForm(forms.Form):
    """Who decides, in which order, and until when: one field for each contact who can be written to."""

    due_on = forms.DateField(label="We need the answer by", widget=date_input())

    def __init__(self, data: Any = None, *, bundle: Bundle, **options: Any) -> None:
        super().__init__(data, auto_id="ask_%s", initial={"due_on": bundle.due_on}, **options)
        several = bundle.mode == Mode.SEVERAL
        choices = [("", "Not asked"), ("1", "Decides first" if several else "Decides")]
        if several:
            choices += [(str(n), f"Decides {ORDER[n]}") for n in range(2, MOST_LEVELS + 1)]
        self.contacts = {c.pk: c for c in bundle.client.contacts.filter(left_on=None).exclude(email="")}
        first = next(iter(self.contacts), None)
        for pk, contact in self.contacts.items():
            self.fields[f"contact-{pk}"] = forms.ChoiceField(
                required=False, choices=choices, label=contact.name, initial="1" if pk == first else ""
            )

    @property
    def levels(self) -> list[list[Contact]]:
        """Those chosen, by level; a level that is left out is closed up."""
        chosen: dict[int, list[Contact]] = {}
        for pk, contact in self.contacts.items():
            if level := self.cleaned_data.get(f"contact-{pk}"):
                chosen.setdefault(int(level), []).append(contact)
        return [chosen[level] for level in sorted(chosen)]


class AgainForm(forms.Form):
    """Another day."""

    due_on = forms.DateField(label="We need the answer by", widget=date_input())


class WithdrawForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(required=False, max_length=300, label="Why", widget=line(2))


class PostingForm(forms.Form):
    """When a piece goes out, on the client's clock."""

    at = forms.DateTimeField(
        label="Goes out",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, data: Any = None, *, zone: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.zone = zone

    def clean_at(self) -> dt.datetime:
        """That wall time at the client's."""
        wall: dt.datetime = self.cleaned_data["at"]
        return wall.replace(tzinfo=clock.zone_info(self.zone))


class RemarkForm(forms.Form):
    """A comment of ours; only we read it unless it is shared."""

    text = forms.CharField(max_length=4000, label="Comment", widget=line(2))
    x = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput())
    y = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput())
    at = forms.CharField(required=False, max_length=9)
    shared = forms.BooleanField(required=False, label="The client sees it")


class InsteadForm(forms.Form):
    """Who decides in somebody's place."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label="Instead of")
    to = forms.ModelChoiceField(Contact.objects.none(), label="Decides")

    def __init__(self, data: Any = None, *, bundle: Bundle, **options: Any) -> None:
        super().__init__(data, auto_id="instead_%s", **options)
        there = bundle.client.contacts.filter(left_on=None)
        named = bundle.approvers.filter(ended_at=None).values("contact")
        self.fields["contact"].queryset = bundle.client.contacts.filter(pk__in=named)  # type: ignore[attr-defined]
        self.fields["to"].queryset = there.exclude(pk__in=named)  # type: ignore[attr-defined]
