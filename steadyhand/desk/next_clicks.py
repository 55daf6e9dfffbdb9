"""The next click that keeps a promise, by what the promise is about: “Answer”, “Ring”, “Open meeting”."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhand.commitments.models import Commitment
from steadyhand.reporting.reports.drafting import KIND_OF_RULE


@dataclass(frozen=True, slots=True)
class Click:
    """A button of a row: what it says and where it leads.

    In the address `{}` is the id of what the promise is about, `{ref}` the client's short name.
    In a sheet it opens in the page's dialog.
    """

    label: str
    address: str
    in_sheet: bool = False


#: By `Commitment.about_type`. Each room's pages add theirs.
CLICKS: dict[str, Click] = {
    "clients.client": Click("Read the brief", "/clients/{ref}/brief/"),
    "care.flag": Click("Open flag", "/flags/{}/"),
    "delivery.bundle": Click("Open approval", "/approvals/{}/"),
    "delivery.piece": Click("Open piece", "/pieces/{}/"),
    "comms.openquestion": Click("Answer", "/questions/{}/answer/", in_sheet=True),
    "comms.meeting": Click("Open meeting", "/meetings/{}/"),
    "comms.preparation": Click("Open meeting", "/preparations/{}/"),
    "comms.booking": Click("Open meeting", "/bookings/{}/"),
    "comms.reportrequest": Click("Hand in", "/requests/{}/handing-in/", in_sheet=True),
    "comms.chase": Click("Ring", "/chases/{}/"),
    "comms.message": Click("Open draft", "/messages/{}/"),
    "comms.review": Click("Look", "/reviews/{}/"),
    "clients.engagement": Click("Put on file", "/engagements/{}/groundwork/"),
    "newbusiness.consultation": Click("Say", "/consultations/{}/answer/", in_sheet=True),
    "delivery.projecttool": Click("Open set-up", "/set-up/engagements/{}/"),
    "delivery.deliverable": Click("Open", "/deliverables/{}/"),
    "delivery.introduction": Click("Open", "/introductions/{}/"),
    "delivery.servicesetup": Click("Open set-up", "/set-up/{}/"),
    "delivery.strategy": Click("Open strategy", "/strategies/{}/"),
    "delivery.term": Click("Explain", "/glossary/{}/", in_sheet=True),
    "delivery.timeline": Click("Say when", "/timelines/{}/", in_sheet=True),
    "growth.win": Click("Open win", "/wins/{}/"),
    "onboarding.agreement": Click("Open agreement", "/agreements/{}/"),
    "reporting.incident": Click("Look", "/dips/{}/"),
    "reporting.shock": Click("Look", "/dips/"),
    "reporting.report": Click("Open draft", "/reports/{}/"),
}

#: Promises of the playbook that are kept by a report, by `Commitment.rule`; `{}` is the promise's id.
BY_RULE: dict[str, Click] = dict.fromkeys(KIND_OF_RULE, Click("Open draft", "/commitments/{}/report/"))


def click_for(row: Commitment) -> Click | None:
    """The click with its address filled in; None where marking as done is all there is to do."""
    click = CLICKS.get(row.about_type)
    if click is None or row.about_id is None:
        kept_by = BY_RULE.get(row.rule) if row.engagement_id is not None else None
        return Click(kept_by.label, kept_by.address.format(row.pk)) if kept_by else None
    ref = row.client.ref if row.client is not None else ""
    return Click(click.label, click.address.format(row.about_id, ref=ref), click.in_sheet)
