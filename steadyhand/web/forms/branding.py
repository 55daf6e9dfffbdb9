"""How the agency looks to its clients."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile

from steadyhand.core.models import Agency


class BrandForm(forms.Form):
    """A colour and a logo; each may be left alone."""

    accent = forms.CharField(
        max_length=7,
        required=False,
        label="Colour",
        help_text="Of links and buttons, as #1a5fb4. Empty: our own blue.",
        widget=forms.TextInput(attrs={"placeholder": "#1a5fb4", "spellcheck": "false"}),
    )
    logo = forms.FileField(
        required=False,
        help_text="A picture up to 40 kB; 600 pixels across are plenty. It stands on light and on dark.",
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    without_logo = forms.BooleanField(required=False, label="Show the name instead of a logo")

    @classmethod
    def of(cls, agency: Agency, data: Any = None, files: Any = None) -> Self:
        """The form as the agency looks now."""
        return cls(data, files, initial={"accent": agency.accent})

    def clean_logo(self) -> bytes | None:
        """Its bytes; what it is is read from them."""
        sent = self.cleaned_data["logo"]
        return sent.read() if isinstance(sent, UploadedFile) else None
