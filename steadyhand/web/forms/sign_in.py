"""allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms


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
