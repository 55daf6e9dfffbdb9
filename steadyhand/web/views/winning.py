"""The form that wins a client: what follows is shown before it is done (W5)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import EngagementKind
from steadyhand.comms.mail.letters import letter
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness.models import Lead
from steadyhand.onboarding import letters
from steadyhand.onboarding.loads import loads_of
from steadyhand.onboarding.models import Handover
from steadyhand.onboarding.winning import Foreseen, foresee, win_lead
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.handover import WinningForm, leaders


@require_http_methods(["GET", "POST"])
@require(Capability.WIN_CLIENTS)
def win(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/winning/`: POST wins; with `look` it only shows what would follow."""
    lead = _found(request, pk)
    made: list[Handover] = []

    def act(**values: Any) -> None:
        values["services"] = [ServiceLine(name) for name in values["services"]]
        values["kind"] = EngagementKind(values["kind"])
        made.append(win_lead(lead, by=request.actor, **values))

    posted = request.POST if request.method == "POST" else None
    form = WinningForm(posted, lead=lead, loads=loads_of(leaders()), initial=_known(lead))
    only_looks = posted is None or "look" in posted
    if posted is not None and not only_looks and carried_out(form, act):
        client = made[0].client
        said = f"{client.name} is a client. Three letters wait, and both kickoffs have a day."
        return toast(request, redirect(f"{client.get_absolute_url()}handover/"), said)
    seen, refused = _foreseen(lead, form) if only_looks else (None, "")
    context = {
        "lead": lead,
        "client": lead.client,
        "form": form,
        "seen": seen,
        "refused": refused,
        "reply": letter(seen.reply).title if seen else "",
        "answer": letters.ANSWER,
    }
    failed = form.is_bound and bool(form.errors)
    return render(request, "web/onboarding/winning.html", context, status=422 if failed else 200)


def _found(request: StaffRequest, pk: int) -> Lead:
    lead = Lead.objects.visible_to(request.actor).select_related("client", "owner").filter(pk=pk).first()
    if lead is None:
        raise Http404("There is no such lead, or it is not yours to see.")
    if not lead.is_running:
        raise Refusal(
            f"The lead of {lead.client.name} is decided.", remedy="Open it again on its page first."
        )
    return lead


def _known(lead: Lead) -> dict[str, Any]:
    """What the lead says already; the person proposed for them leads."""
    pairing = lead.pairings.filter(until=None).first()
    contact = lead.client.contacts.filter(left_on=None).exclude(email="").first()
    return {
        "kind": lead.kind,
        "amount": lead.value,
        "currency": lead.currency,
        "services": "\n".join(lead.services),
        "starts_on": lead.expected_on,
        "lead_person": pairing.member_id if pairing else None,
        "contact": contact.pk if contact else None,
    }


def _foreseen(lead: Lead, form: WinningForm) -> tuple[Foreseen | None, str]:
    """What would follow, and why nothing can be foreseen yet."""
    values = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    people = form.fields["lead_person"].queryset  # type: ignore[attr-defined]
    person = values.get("lead_person")
    person = people.filter(pk=getattr(person, "pk", person)).first() if person else None
    if person is None or not values.get("starts_on"):
        return None, ""
    if values["starts_on"] < clock.today(lead.client.zone):
        return None, ""
    try:
        seen = foresee(
            lead.client,
            lead.owner,
            person,
            kind=EngagementKind(values["kind"]),
            amount=values["amount"],
            currency=values["currency"],
            starts_on=values["starts_on"],
        )
    except Refusal as refusal:
        return None, str(refusal)
    return seen, ""
