"""allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.forms import CharField


class _OurWords:
    """Labels instead of placeholders; links stand beside the button."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
            if name in ("login", "email"):
                field.label = "E-mail"
            if name == "remember":
                field.label = "Stay signed in on this device"


class PasswordForm(_OurWords, forms.LoginForm):  # type: ignore[misc]
    """E-mail and password."""


class CodeForm(_OurWords, forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Where a sign-in code goes."""


class ForgottenForm(_OurWords, forms.ResetPasswordForm):  # type: ignore[misc]
    """Where the code for a new password goes."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: what it is called, and whether it signs in alone."""

    name = CharField(max_length=100, help_text="As “my phone”, so that you know which one to remove.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        passwordless = self.fields["passwordless"]
        passwordless.label = "It signs me in alone"
        passwordless.help_text = "It asks for your finger, face or PIN. Otherwise it is a second factor."
