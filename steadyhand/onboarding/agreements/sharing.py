"""Between the two sides: shared, commented on, made ready, withdrawn, declined, replaced (O3)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.comms.mail.letters import gaps
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.agreements import chain, dates
from steadyhand.onboarding.agreements.canonical import digest_of
from steadyhand.onboarding.agreements.drafting import LATE, filled_in, locked, refuse_closed
from steadyhand.onboarding.agreements.groundwork import refuse_without_groundwork
from steadyhand.onboarding.models import Agreement, AgreementState, AgreementVersion, ClauseComment
from steadyhand.people.models import Member
from steadyhand.playbook.merge_fields import MERGE_FIELDS

LONGEST_COMMENT = 4000


@transaction.atomic
def share(agreement: Agreement, *, by: Actor) -> AgreementVersion:
    """Show the version in work to the client. From now on its words stand; a change is another version."""
    row = locked(agreement)
    refuse_closed(row)
    version = row.working_version
    if version is None:
        raise Refusal(
            "The client sees the newest version already.", remedy="Start a new version to change it."
        )
    _refuse_gaps(version)
    for clause, said in zip(version.clauses.all(), filled_in(version), strict=True):
        if clause.text != said.text:
            clause.wording, clause.text = clause.text, said.text
            clause.save(update_fields=["wording", "text"])
    at = clock.now()
    version.agency_name, version.client_name = Agency.get().name, row.client.name
    version.shared_at, version.digest = at, digest_of(version)
    version.save()
    row.state = AgreementState.SHARED
    row.shared_at = row.shared_at or at
    row.save(update_fields=["state", "shared_at"])
    chain.add_link(row, "shared", at, version=version.number, digest=version.digest, by=by.as_json())
    events.record(
        "agreement.shared",
        by=by,
        client_id=row.client_id,
        subject=row,
        title=row.title,
        version=version.number,
    )
    return version


@transaction.atomic
def comment(
    agreement: Agreement,
    text: str,
    *,
    by: Actor,
    clause_key: str = "",
    contact: Contact | None = None,
    member: Member | None = None,
) -> ClauseComment:
    """Say something about a clause of the shared version (or the whole); the other side reads it."""
    row = locked(agreement)
    refuse_closed(row)
    _refuse_strangers(row, by, contact)
    version = row.shared_version
    if version is None:
        raise Refusal("The client does not see this draft yet.", remedy="Share it first, then talk it over.")
    text = text.strip()
    if not text:
        raise Refusal("Write what you want to say about it.", field="text")
    if len(text) > LONGEST_COMMENT:
        raise Refusal("That is longer than 4,000 characters.", remedy="Say it in fewer words.", field="text")
    if clause_key and not version.clauses.filter(key=clause_key).exists():
        raise Refusal(
            "That clause is no longer in the agreement.", remedy="Open it again and look at the new version."
        )
    made = ClauseComment.objects.create(
        version=version,
        clause_key=clause_key,
        contact=contact,
        member=member,
        by_name=contact.name if contact else by.name,
        ours=contact is None,
        text=text,
        at=clock.now(),
    )
    events.record(
        "agreement.commented",
        by=by,
        client_id=row.client_id,
        subject=row,
        title=row.title,
        text=text[:200],
        clause=clause_key,
    )
    return made


@transaction.atomic
def settle_comment(said: ClauseComment, *, by: Actor, settled: bool = True) -> ClauseComment:
    """What was said is dealt with, by a new version or by an answer; or is open again."""
    row = locked(said.version.agreement)
    refuse_closed(row)
    said.settled_at = clock.now() if settled else None
    said.save(update_fields=["settled_at"])
    verb = "agreement.comment_settled" if settled else "agreement.comment_reopened"
    events.record(verb, by=by, client_id=row.client_id, subject=row, title=row.title, text=said.text[:200])
    return said


@transaction.atomic
def make_ready(agreement: Agreement, *, by: Actor) -> Agreement:
    """Both sides may sign what the client has read. Refuses while something about it is still open."""
    row = locked(agreement)
    refuse_closed(row)
    version = row.shared_version
    if version is None:
        raise Refusal("The client has not seen it yet.", remedy="Share it first.")
    if row.working_version is not None:
        raise Refusal(
            f"Version {row.working_version.number} is still being written.",
            remedy="Share it, so that both sides sign the same words.",
        )
    waiting = ClauseComment.objects.filter(version__agreement=row, settled_at=None, ours=False).count()
    if waiting:
        raise Refusal(
            f"{waiting} comment{'' if waiting == 1 else 's'} of the client {'is' if waiting == 1 else 'are'} "
            "not settled.",
            remedy="Answer or change the clause, then mark each as settled.",
        )
    if row.engagement is not None:
        refuse_without_groundwork(row.engagement)
    if row.state == AgreementState.READY:
        return row
    row.state, row.ready_at = AgreementState.READY, clock.now()
    row.save(update_fields=["state", "ready_at"])
    chain.add_link(row, "ready", row.ready_at, version=version.number, digest=version.digest, by=by.as_json())
    events.record("agreement.readied", by=by, client_id=row.client_id, subject=row, title=row.title)
    return row


@transaction.atomic
def withdraw(agreement: Agreement, *, by: Actor, reason: str) -> Agreement:
    """We take it back before it is in force; the client reads that, and why."""
    row = locked(agreement)
    refuse_closed(row)
    return _close(row, AgreementState.WITHDRAWN, by, _reason(reason), "agreement.withdrawn")


@transaction.atomic
def decline(agreement: Agreement, contact: Contact, *, by: Actor, reason: str) -> Agreement:
    """The client does not want it, and says why."""
    row = locked(agreement)
    refuse_closed(row)
    _refuse_strangers(row, by, contact)
    if row.shared_at is None:
        raise Refusal("There is nothing to decline yet.")
    return _close(row, AgreementState.DECLINED, by, _reason(reason), "agreement.declined")


@transaction.atomic
def replace(agreement: Agreement, successor: Agreement, *, by: Actor) -> Agreement:
    """A newer agreement of the same client took the place of this one, which was in force."""
    row = locked(agreement)
    if not row.in_force:
        raise Refusal(f"“{row.title}” is not in force.", remedy="Only what is in force can be replaced.")
    if successor.pk == row.pk or successor.client_id != row.client_id or not successor.in_force:
        raise Refusal(
            "Choose another agreement of this client that both sides have signed.", field="successor"
        )
    row.replaced_by = successor
    return _close(row, AgreementState.REPLACED, by, f"Replaced by “{successor.title}”.", "agreement.replaced")


def _close(row: Agreement, state: AgreementState, by: Actor, why: str, verb: str) -> Agreement:
    row.state, row.closed_at, row.closed_by, row.closed_why = state, clock.now(), by.name, why[:500]
    row.save()
    chain.add_link(row, str(state), row.closed_at, why=row.closed_why, by=by.as_json())
    dates.forget_dates(row, by=by)
    events.record(verb, by=by, client_id=row.client_id, subject=row, title=row.title, reason=row.closed_why)
    return row


def _reason(text: str) -> str:
    if not text.strip():
        raise Refusal("Say why, in a sentence.", remedy="The other side reads it.", field="reason")
    return text.strip()


def _refuse_strangers(row: Agreement, by: Actor, contact: Contact | None) -> None:
    """A contact acts for their own client, and as nobody but themselves."""
    if by.kind is ActorKind.CONTACT and (contact is None or by.id != contact.pk):
        raise Refusal("You can act for yourself only.")
    if contact is not None and (contact.client_id != row.client_id or contact.left_on is not None):
        raise Refusal(f"{contact.name} does not act for this client.")


def _refuse_gaps(version: AgreementVersion) -> None:
    for clause in version.clauses.all():
        open_gaps = [name for name in gaps(clause.text, clause.title) if not name.startswith(LATE)]
        if open_gaps:
            named = ", ".join(MERGE_FIELDS[name].tag for name in open_gaps)
            raise Refusal(
                f"Clause {clause.number}, “{clause.title}”, still has nothing in place of {named}.",
                remedy="Write it in, or take it out of the clause.",
            )
