"""Two records of a client become one: the husk's forms are the kept client's."""

from __future__ import annotations

from steadyhand.core import clock
from steadyhand.onboarding.models import ClientChannel, Competitor, FormState, InvoicingDetails, SentForm

OPEN = (FormState.SENT, FormState.BEGUN, FormState.RETURNED)


def move_forms(*, husk: int, kept: int) -> None:
    """Part of a merge: where both have the same form out, or both say something, the kept one's stands."""
    out = SentForm.objects.filter(client_id=kept, state__in=OPEN).values_list("form_key", flat=True)
    twice = SentForm.objects.filter(client_id=husk, state__in=OPEN, form_key__in=list(out))
    twice.update(state=FormState.WITHDRAWN)
    SentForm.objects.filter(client_id=husk).update(client_id=kept)
    for table in (ClientChannel, Competitor):
        names = list(table._default_manager.filter(client_id=kept, until=None).values_list("name", flat=True))
        table._default_manager.filter(client_id=husk, until=None, name__in=names).update(until=clock.now())
        table._default_manager.filter(client_id=husk).update(client_id=kept)
    if InvoicingDetails.objects.filter(client_id=kept, until=None).exists():
        InvoicingDetails.objects.filter(client_id=husk, until=None).update(until=clock.now())
    InvoicingDetails.objects.filter(client_id=husk).update(client_id=kept)
