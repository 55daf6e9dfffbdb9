"""What we know already, as answers: nobody is asked twice (O1). Personal details and our own notes never."""

from __future__ import annotations

from steadyhand.clients.models import Client, Contact
from steadyhand.onboarding.forms.values import Row, Value
from steadyhand.onboarding.models import ClientChannel, Competitor, InvoicingDetails
from steadyhand.playbook.form_questions import Form, Readers


def known(client: Client, form: Form) -> dict[str, Value]:
    """Question key → what our record says, for those questions whose answer it holds."""
    told: dict[str, Value] = {}
    record = _record(client, form)
    for question in form.questions:
        value = record.get(question.maps_to, "")
        if value:
            told[question.key] = value
    return told


def _record(client: Client, form: Form) -> dict[str, Value]:
    """Target of a question → the value on the client's record."""
    targets = {question.maps_to for question in form.questions} - {""}
    record: dict[str, Value] = {}
    for target in targets:
        room, _, name = target.partition(".")
        if room == "client":
            record[target] = str(getattr(client, name))
    if any(target.startswith("discovery.") for target in targets):
        rows = client.discovery.standing().values_list("question_key", "answer")
        record |= {f"discovery.{key}": answer for key, answer in rows}
    if "people" in targets:
        record["people"] = [person_row(contact) for contact in client.contacts.filter(left_on=None)]
    if "channels" in targets:
        rows_of_channels = ClientChannel.objects.filter(client=client).standing()
        record["channels"] = [channel_row(channel) for channel in rows_of_channels]
    if "competitors" in targets:
        rivals = Competitor.objects.filter(client=client).standing()
        record["competitors"] = [_filled(name=r.name, website=r.website, note=r.note) for r in rivals]
    if form.readers is Readers.FINANCE:
        record |= _invoicing(client)
    return record


def person_row(contact: Contact) -> Row:
    """A contact as a line of a form."""
    part = "weekly" if contact.day_to_day else "decides" if contact.decides else ""
    return _filled(
        name=contact.name,
        job_title=contact.job_title,
        email=contact.email,
        phone=contact.phone,
        part=part,
    )


def channel_row(channel: ClientChannel) -> Row:
    """A channel as a line of a form."""
    budget = channel.monthly_budget
    return _filled(
        name=channel.name,
        run_by=channel.run_by,
        who=channel.who,
        budget_owner=channel.budget_owner,
        monthly_budget=f"{budget.normalize():f}" if budget is not None else "",
    )


def _invoicing(client: Client) -> dict[str, Value]:
    row = InvoicingDetails.objects.filter(client=client).standing().values().first()
    return {f"invoicing.{name}": value for name, value in (row or {}).items() if isinstance(value, str)}


def _filled(**cells: str) -> Row:
    return {name: cell for name, cell in cells.items() if cell}
