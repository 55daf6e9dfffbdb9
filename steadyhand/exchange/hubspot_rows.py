"""Rows of a HubSpot portal: companies, contacts, deals and activities.

HubSpot ties contacts and deals to companies by domain, else by e-mail address; this does the same.
"""

from __future__ import annotations

from decimal import Decimal

from steadyhand.clients.models import Stage
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.client_rows import (
    Scope,
    check_usable,
    find_client,
    foresee,
    not_yours,
    plan_client,
    plan_engagement,
    plan_remember,
)
from steadyhand.exchange.columns import Columns
from steadyhand.exchange.fields import (
    FREE_MAIL,
    or_remark,
    read_country,
    read_currency,
    read_domain,
    read_email,
    read_zone,
)
from steadyhand.exchange.interaction_rows import plan_interaction, taken
from steadyhand.exchange.known import Known, KnownClient
from steadyhand.exchange.models import AmountBasis
from steadyhand.exchange.plan import LeftOut, RowPlan, Step, changes
from steadyhand.exchange.spoken import read_channel

WON = frozenset({"closed won", "closedwon", "won"})


class _Rows:
    """What the four kinds share: the ID of a row, once in a file."""

    def __init__(self, known: Known, columns: Columns) -> None:
        self.known, self.columns = known, columns
        self._lines: dict[str, int] = {}

    def _id(self, cells: dict[str, str], line: int) -> str:
        heading = self.columns.heading("id")
        external_id = cells["id"]
        if not external_id:
            raise Refusal(f"“{heading}” is empty.", remedy="Export it with its ID.", field=heading)
        if external_id in self._lines:
            raise Refusal(
                f"Line {self._lines[external_id]} has the same {heading}, {external_id}.",
                remedy="Leave one of the two lines out.",
            )
        self._lines[external_id] = line
        return external_id[:300]

    def _client_of(self, cells: dict[str, str], remarks: list[str]) -> KnownClient:
        """The client of a row: by company domain, else by e-mail address, else by the address’s domain."""
        domain = email = ""
        try:
            domain = read_domain(cells.get("domain", ""), self.columns.heading("domain"))
        except Refusal as refusal:
            remarks.append(refusal.sentence)
        try:
            email = read_email(cells.get("email", ""), self.columns.heading("email"))
        except Refusal as refusal:
            remarks.append(refusal.sentence)
        mail_domain = email.rpartition("@")[2]
        client = (
            self.known.by_domain.get(domain)
            or self.known.by_email.get(email)
            or (self.known.by_domain.get(mail_domain) if mail_domain not in FREE_MAIL else None)
        )
        if client is None:
            if domain:
                raise Refusal(
                    f"No client has the domain {domain}.",
                    remedy="Import its company first, or correct the domain.",
                )
            raise Refusal(
                f"No company is named, and {email or 'no e-mail address'} belongs to no client we know.",
                remedy="Fill in the company’s domain.",
            )
        check_usable(client, begins=False)
        return client


class CompanyRows(_Rows):
    """Companies become clients; prospects until a won deal makes them live."""

    def plan(self, line: int, cells: dict[str, str]) -> RowPlan:
        """Add or change the client of this company."""
        heading, agency = self.columns.heading, self.known.agency
        external_id = self._id(cells, line)
        name = cells["name"][:200]
        if not name:
            raise Refusal("The company has no name.", remedy="Write one.", field=heading("name"))
        remarks: list[str] = []
        stated = {
            "name": name,
            "domain": or_remark(remarks, read_domain, cells.get("domain", ""), heading("domain")),
            "country": "",
            "zone": or_remark(remarks, read_zone, cells.get("zone", ""), heading("zone")),
            "industry": cells.get("industry", "")[:100],
            "phone": cells.get("phone", "")[:60],
            "website": cells.get("website", "")[:300],
        }
        try:
            stated["country"] = read_country(cells.get("country", ""), heading("country"), agency.language)
        except Refusal as refusal:
            remarks.append(f"{refusal.sentence} {agency.country} is taken, your agency’s.")
        if stated["domain"] in FREE_MAIL:
            remarks.append(f"{stated['domain']} is everybody’s, so the client gets no domain.")
            stated["domain"] = ""
        owner = or_remark(remarks, read_email, cells.get("owner", ""), heading("owner"))
        client = find_client(self.known, external_id, name, stated["domain"])
        check_usable(client, begins=False)
        plan = RowPlan(label=name, remarks=remarks)
        twin = client is not None and client.line > 0
        client = plan_client(self.known, plan, client, stated, owner, external_id, line, stage=Stage.PROSPECT)
        if twin:
            plan.remarks.append(f"The same company as line {client.line}.")
            plan_remember(self.known, plan, "client", external_id, client.ref, {"name": name})
        return plan


class ContactRows(_Rows):
    """Contacts of the clients."""

    def plan(self, line: int, cells: dict[str, str]) -> RowPlan:
        """Add or change the contact."""
        external_id = self._id(cells, line)
        remarks: list[str] = []
        client = self._client_of(cells, remarks)
        email = or_remark([], read_email, cells.get("email", ""), self.columns.heading("email"))
        name = " ".join(part for part in (cells.get("first_name"), cells.get("last_name")) if part)
        if not name and not email:
            raise Refusal("The contact has neither name nor e-mail address.", remedy="Fill in one of them.")
        stated = {
            "name": (name or email)[:200],
            "email": email,
            "phone": cells.get("phone", "")[:60],
            "job_title": cells.get("job_title", "")[:200],
        }
        known = self.known
        found = known.ref("contact", external_id)
        if found is not None and found[0] in known.unseen_contacts:
            raise not_yours("contact")
        ref = found[0] if found and found[0] in known.contacts else client.emails.get(email)
        plan = RowPlan(label=f"{stated['name']}, {client.name}", remarks=remarks)
        if ref is None:
            ref = f"k{line}"
            known.contacts[ref] = dict(stated)
            plan.steps.append(Step("add_contact", ref, {**stated, "client": client.ref}))
        elif isinstance(ref, str):
            raise Refusal(
                f"Line {ref[1:]} is a contact of {client.name} with the same address, {email}.",
                remedy="Leave one of the two lines out.",
            )
        else:
            seen = found[1] if found else {}
            after, before = changes(stated, seen, known.contacts[ref])
            if after.get("email") and client.emails.get(email, ref) != ref:
                raise Refusal(
                    f"{email} is already another contact of {client.name}.", remedy="Correct the address."
                )
            if after:
                plan.steps.append(Step("change_contact", ref, after, before))
                known.contacts[ref].update(after)
        if email:
            client.emails[email] = ref
            known.by_email.setdefault(email, client)
        plan_remember(known, plan, "contact", external_id, ref, {k: v for k, v in stated.items() if v})
        return plan


class DealRows(_Rows):
    """Won deals become engagements from their close date; what the amount means, the person has said."""

    def __init__(self, known: Known, columns: Columns, basis: str) -> None:
        super().__init__(known, columns)
        self.basis = AmountBasis(basis)

    def plan(self, line: int, cells: dict[str, str]) -> RowPlan:
        """Begin or change the engagement of a won deal."""
        external_id = self._id(cells, line)
        if " ".join(cells["stage"].casefold().split()) not in WON:
            raise LeftOut(f"Not won ({cells['stage'] or 'no stage'}).")
        remarks: list[str] = []
        client = self._client_of(cells, remarks)
        check_usable(client, begins=True)
        scope = self._scope(cells)
        match = foresee(self.known, client, scope, external_id, by_reference=True)
        plan = RowPlan(label=f"{client.name}: {scope.title}", remarks=remarks)
        plan_engagement(self.known, plan, client, scope, match, line)
        return plan

    def _scope(self, cells: dict[str, str]) -> Scope:
        heading = self.columns.heading
        amount, told = self.columns.amounts["amount"].read(cells["amount"])
        if amount is None:
            raise Refusal(
                "The deal has no amount.", remedy="Write it, 0 if nothing.", field=heading("amount")
            )
        starts_on = self.columns.dates["closed"].read(cells["closed"])
        if starts_on is None:
            raise Refusal(
                "The deal has no close date, from which it would run.",
                remedy="Write one.",
                field=heading("closed"),
            )
        currency = read_currency(
            cells.get("currency", ""), heading("currency"), told=told, default=self.known.agency.currency
        )
        if self.basis == AmountBasis.YEARLY:
            amount = (amount / 12).quantize(Decimal("0.01"))
        kind = "project" if self.basis == AmountBasis.PROJECT else "retainer"
        return Scope(kind, "", amount, currency, starts_on, None, title=cells["title"][:200] or "Won deal")


class ActivityRows(_Rows):
    """Calls, e-mails, meetings and notes with a client’s contact become interactions."""

    def plan(self, line: int, cells: dict[str, str]) -> RowPlan:
        """Write down what happened, once."""
        external_id, heading = self._id(cells, line), self.columns.heading
        if cells["type"].casefold() == "task":
            raise LeftOut("Tasks are left out: promises come from the playbook.")
        channel = read_channel(cells["type"], heading("type"))
        remarks: list[str] = []
        client = self._client_of(cells, remarks)
        moment = self.columns.dates["at"].read_moment(cells["at"], self.known.agency.zone)
        if moment is None:
            raise Refusal("The activity has no date.", remedy="Write one.", field=heading("at"))
        summary = cells.get("subject", "")
        body = cells.get("body", "")
        if not summary and not body:
            raise Refusal("The activity says nothing.", remedy="Fill in its notes.", field=heading("body"))
        plan = RowPlan(label=f"{client.name}: {summary or body}", remarks=remarks)
        if self.known.ref("interaction", external_id) is None:
            owner = or_remark(remarks, read_email, cells.get("owner", ""), heading("owner"))
            values = {
                "contact": client.emails.get(cells["email"].lower()),
                "channel": str(channel),
                "at": moment.isoformat(),
                "summary": summary,
                "body": body,
                "outcome": cells.get("call_outcome") or cells.get("meeting_outcome") or "",
            }
            values |= taken(self.columns, cells, remarks)
            plan_interaction(self.known, plan, line, client, external_id, values, owner, {})
        return plan
