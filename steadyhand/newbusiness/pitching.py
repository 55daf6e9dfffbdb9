"""The should-we-pitch test, and asking client services at once when it says go (W1)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.kinds import OWED
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness.models import Consultation, Lead, LeadStage, PitchAnswer, PitchTest, Verdict
from steadyhand.newbusiness.rights import FOLLOWING, let_see, locked, running
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Role
from steadyhand.playbook.models import Version
from steadyhand.playbook.new_business import BEST, NewBusiness, PitchQuestion

#: What the promise to say something is about, and the only evidence that keeps it.
ABOUT = "newbusiness.consultation"

#: Who is asked where nobody is proposed for the client, first to last.
HEADS = (Role.HEAD, Role.DIRECTOR, Role.MANAGING_DIRECTOR)


def rules() -> NewBusiness:
    """What the playbook in force says of new business; nothing where none is."""
    live = Version.live()
    return live.policy.new_business if live is not None else NewBusiness()


def score(questions: tuple[PitchQuestion, ...], points: Mapping[str, int]) -> int:
    """The weighted answers as a percentage of the best there can be, rounded half to even."""
    best = sum(question.weight for question in questions) * BEST
    got = sum(question.weight * points[question.key] for question in questions)
    return round(100 * got / best) if best else 0


@transaction.atomic
def decide_pitch(
    lead: Lead,
    points: Mapping[str, int],
    *,
    by: Actor,
    verdict: Verdict | str = "",
    reason: str = "",
    notes: Mapping[str, str] | None = None,
    decided_by: Member | None = None,
    consult: Member | None = None,
) -> PitchTest:
    """Answer every question from 0 to 4 and decide; without a `verdict` the score decides.

    Deciding otherwise than the score needs a `reason`. On go the lead is pitching, and `consult` (else the
    person proposed for the client, else the head of client services) is asked at once: a promise.
    """
    row = running(lead, by)
    asked = rules()
    if not asked.pitch_questions:
        raise Refusal("The playbook asks nothing before a pitch.", remedy="Add its questions, or go on.")
    _check_points(asked.pitch_questions, points)
    percent = score(asked.pitch_questions, points)
    says = Verdict.GO if percent >= asked.go_from else Verdict.NO_GO
    decided = Verdict(verdict) if verdict else says
    if decided != says and not reason.strip():
        raise Refusal(
            f"The score is {percent}%, and go begins at {asked.go_from}%: say why it is "
            f"{decided.label} all the same.",
            remedy="One sentence; it is read when the outcome is known.",
            field="reason",
        )
    at, batch = clock.now(), uuid4()
    row.pitch_tests.filter(until=None).update(until=at)
    test = PitchTest.objects.create(
        lead=row,
        verdict=decided,
        score=percent,
        go_from=asked.go_from,
        reason=reason.strip()[:500],
        decided_by=decided_by,
        by_name=by.name,
        at=at,
    )
    PitchAnswer.objects.bulk_create(
        PitchAnswer(
            test=test,
            question=question.key,
            text=question.text[:500],
            weight=question.weight,
            points=points[question.key],
            note=(notes or {}).get(question.key, "").strip()[:300],
        )
        for question in asked.pitch_questions
    )
    row.stage = LeadStage.PITCHING if decided == Verdict.GO else LeadStage.OPEN
    row.changed_at = at
    row.save(update_fields=["stage", "changed_at"])
    if decided == Verdict.GO and not row.consultations.filter(withdrawn_at=None).exists():
        person = consult or whom_to_consult(row)
        if person is not None:
            _ask(row, person, by=by, batch=batch)
    events.record(
        "pitch.tested",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        verdict=str(decided),
        score=percent,
        go_from=asked.go_from,
        reason=test.reason,
    )
    return test


@transaction.atomic
def consult(lead: Lead, member: Member, *, by: Actor) -> Consultation:
    """Ask somebody of client services what they think of this pitch; answering is promised."""
    row = running(lead, by)
    return _ask(row, member, by=by, batch=uuid4())


@transaction.atomic
def answer_consultation(consultation: Consultation, said: str, *, by: Actor) -> Consultation:
    """What client services said, by themselves or written down by whoever works on the lead."""
    row = _standing(consultation)
    is_asked = by.member_id == row.member_id
    if not is_asked:
        locked(row.lead, by)
    if not said.strip():
        raise Refusal("Write down what was said.", remedy="A sentence or two.", field="said")
    at, batch = clock.now(), uuid4()
    row.said, row.said_at = said.strip(), at
    row.save(update_fields=["said", "said_at"])
    if row.promise is not None and row.promise.state in OWED:
        who = by if is_asked else FOLLOWING
        keeping.complete(row.promise, by=who, at=at, evidence=(ABOUT, row.pk), batch=batch)
    _record("pitch.answered", row, by=by, batch=batch)
    return row


@transaction.atomic
def withdraw_consultation(consultation: Consultation, *, by: Actor) -> Consultation:
    """They need not answer: somebody else was asked, or it was a mistake."""
    row = _standing(consultation)
    locked(row.lead, by)
    if row.said:
        raise Refusal(f"{row.member.name} has answered already.")
    batch = uuid4()
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    if row.promise is not None and row.promise.state in OWED:
        keeping.unpromise(row.promise, by=FOLLOWING, batch=batch)
    _record("pitch.unasked", row, by=by, batch=batch)
    return row


def whom_to_consult(lead: Lead) -> Member | None:
    """Who would look after them, else the head of client services, else whoever stands in for one."""
    paired = lead.pairings.filter(until=None).select_related("member").first()
    if paired is not None:
        return paired.member
    heads = {member.role: member for member in Member.objects.here().filter(role__in=HEADS).order_by("-pk")}
    return next((heads[role] for role in HEADS if role in heads), None)


def _ask(row: Lead, member: Member, *, by: Actor, batch: UUID) -> Consultation:
    if member.state == MemberState.LEFT:
        raise Refusal(f"{member.name} has left.", remedy="Choose a colleague who is here.", field="member")
    if row.consultations.filter(member=member, said_at=None, withdrawn_at=None).exists():
        raise Refusal(f"{member.name} has been asked already.", field="member")
    made = Consultation.objects.create(lead=row, member=member, asked_at=clock.now(), asked_by=by.name)
    let_see(row.client, member, by=by, batch=batch)
    days = working_days(row.client, member)
    today = clock.today(row.client.zone)
    within = rules().consult_within_working_days
    made.promise = keeping.promise(
        row.client,
        f"Say what client services makes of pitching to {row.client.name}"[:200],
        by=by,
        owner=member,
        due_on=days.add_working(today, within) if within else today,
        internal=True,
        about=(ABOUT, made.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    made.save(update_fields=["promise"])
    _record("pitch.consulted", made, by=by, batch=batch)
    return made


def _check_points(questions: tuple[PitchQuestion, ...], points: Mapping[str, int]) -> None:
    for question in questions:
        given = points.get(question.key)
        if given is None or not 0 <= given <= BEST:
            raise Refusal(f"Answer “{question.text}” from 0 to {BEST}.", field=question.key)
    unknown = set(points) - {question.key for question in questions}
    if unknown:
        raise Refusal(
            f"The playbook does not ask “{sorted(unknown)[0]}”.", remedy="Reload the page.", field="points"
        )


def _standing(consultation: Consultation) -> Consultation:
    rows = Consultation.objects.select_for_update(of=("self",))
    row = rows.select_related("lead__client", "lead__owner", "member", "promise").get(pk=consultation.pk)
    if row.withdrawn_at is not None:
        raise Refusal(f"{row.member.name} need not answer any more.")
    return row


def _record(verb: str, row: Consultation, *, by: Actor, batch: UUID) -> None:
    events.record(verb, by=by, client_id=row.lead.client_id, subject=row, batch=batch, member=row.member.name)
