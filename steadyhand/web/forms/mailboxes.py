"""What is asked to connect a mailbox by its password."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.comms.mail.mailboxes import Server
from steadyhand.comms.models import Security

SECURITIES = [(s.value, s.label) for s in Security]


class MailboxForm(forms.Form):
    """The mailbox's servers and how to be let in."""

    address = forms.EmailField(label="Its address")
    login = forms.CharField(
        max_length=320, required=False, label="User name", help_text="Where it is not the address."
    )
    password = forms.CharField(
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Best an app password, which you can end on its own.",
    )
    imap_host = forms.CharField(max_length=255, label="Reads from (IMAP)", help_text="As imap.example.com")
    imap_port = forms.IntegerField(min_value=1, max_value=65535, initial=993, label="Port")
    imap_security = forms.ChoiceField(choices=SECURITIES, initial=Security.TLS, label="Encryption")
    smtp_host = forms.CharField(
        max_length=255, required=False, label="Sends by (SMTP)", help_text="Leave it empty to read only."
    )
    smtp_port = forms.IntegerField(min_value=1, max_value=65535, initial=587, label="Port")
    smtp_security = forms.ChoiceField(choices=SECURITIES, initial=Security.STARTTLS, label="Encryption")

    @property
    def words(self) -> dict[str, Any]:
        """As `connect_with_password` wants them."""
        given = self.cleaned_data
        imap = Server(given["imap_host"], given["imap_port"], Security(given["imap_security"]))
        smtp = None
        if given["smtp_host"].strip():
            smtp = Server(given["smtp_host"], given["smtp_port"], Security(given["smtp_security"]))
        kept = {name: given[name] for name in ("address", "login", "password")}
        return kept | {"imap": imap, "smtp": smtp}
