"""Whether a client has a CRM, and whether its figures come to us: what we advise depends on that (R10)."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhand.clients.models import Client
from steadyhand.onboarding.forms.reading import answers_of_all
from steadyhand.onboarding.forms.taking_over import crm_in
from steadyhand.onboarding.models import SentForm
from steadyhand.reporting.models import Source


@dataclass(frozen=True, slots=True)
class Crm:
    """`has` as they told us at onboarding (None: nobody asked); `connected` where a source bears its name."""

    has: bool | None
    name: str
    connected: bool

    @property
    def advice(self) -> str:
        """What to do so that leads and customers can be laid beside each other."""
        if self.connected:
            return f"compare our leads with those in {self.name or 'the CRM'}"
        if self.has is False:
            return "advise a CRM, and connecting it"
        return f"advise connecting {self.name or 'a CRM'}"


def crm_of(client: Client) -> Crm:
    """As the newest form says that asks for it; connected is a source called “CRM” or by the CRM's name."""
    forms = [sent for sent in SentForm.objects.filter(client=client).preloaded() if sent.returned_at]
    answers = answers_of_all(forms)
    told = (said for sent in forms if not sent.is_finance and (said := crm_in(sent, answers[sent.pk])))
    has, name = next(told, (None, ""))
    words = {word.casefold() for word in ("crm", name) if word}
    labels = Source.objects.filter(client=client).values_list("label", flat=True)
    connected = any(word in label.casefold() for label in labels for word in words)
    return Crm(has, name, connected)
