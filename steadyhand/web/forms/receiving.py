"""What is asked when a mail is filed by hand."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Client
from steadyhand.core.actor import Actor
from steadyhand.desk.triage import Waiting
from steadyhand.web.forms.promises import client_called, client_input


class FilingForm(forms.Form):
    """With whom it is to be filed, and whether its sender is to be a contact there."""

    client = forms.CharField(max_length=200, widget=client_input(), label="File with")
    name = forms.CharField(
        max_length=200, required=False, label="Their name", help_text="Leave it empty to add no contact."
    )

    def __init__(self, data: Any = None, *, actor: Actor, pk: int, **options: Any) -> None:
        super().__init__(data, auto_id=f"file-{pk}-%s", **options)
        self.actor = actor

    @classmethod
    def of(cls, waiting: Waiting, actor: Actor) -> FilingForm:
        """Filled in with what we guess."""
        client = waiting.suggested[0].name if waiting.suggested else ""
        name = (
            ""
            if waiting.is_contact
            else waiting.sender_name or waiting.message.from_address.partition("@")[0]
        )
        return cls(actor=actor, pk=waiting.message.pk, initial={"client": client, "name": name})

    def clean_client(self) -> Client | None:
        """The one client of this name."""
        return client_called(self.cleaned_data["client"], self.actor, also_ended=True)
