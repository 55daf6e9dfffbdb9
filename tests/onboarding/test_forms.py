"""Forms from the sending to the record: filled in by several people, returned, taken over, and kept apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steadyhand.clients import book, personal
from steadyhand.clients.models import Contact, DetailKind, PersonalDetail
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core.models import Event, OutboxMessage
from steadyhand.core.models.event import Audience
from steadyhand.core.models.grant import Grant
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.onboarding.forms.filling import add_file, pick_answer, remove_file, save_answer
from steadyhand.onboarding.forms.handing import hand_section, take_section_back
from steadyhand.onboarding.forms.reading import answers_of, open_sections
from steadyhand.onboarding.forms.returning import (
    NotComplete,
    agree_terms,
    reopen_form,
    return_form,
    terms,
)
from steadyhand.onboarding.forms.sending import renew_form, send_form, send_form_again, withdraw_form
from steadyhand.onboarding.forms.taking_over import proposals, take_over
from steadyhand.onboarding.forms.values import stamp
from steadyhand.onboarding.models import (
    AgreedTerms,
    Answer,
    ClientChannel,
    Competitor,
    FormState,
    InvoicingDetails,
    OtherAnswer,
    SentForm,
)
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.models import Version
from tests.cast import NOW, SYSTEM, Cast, build, joined
from tests.clients.test_files import png
from tests.onboarding.filled import NEEDED, actor_of, maya, ola, returned, sent_to_maya, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


@pytest.fixture
def sent(cast: Cast) -> SentForm:
    return sent_to_maya(cast)


def bridget() -> Member:
    return joined("Bridget Shaw", Role.FINANCE)


# --- sending


def test_what_we_know_is_filled_in_and_what_we_think_is_not(cast: Cast) -> None:
    book.change_client(cast.halden, by=SYSTEM, business="Bicycles.")
    personal.note_detail(maya(), DetailKind.SPEAKING, "Bluntly", by=SYSTEM)
    answers = answers_of(sent_to_maya(cast))
    assert answers["domain"] == "haldenbikes.test" and answers["business"] == "Bicycles."
    assert answers["contacts"] == [
        {
            "name": "Maya Lind",
            "email": "maya@haldenbikes.test",
            "job_title": "Marketing",
            "part": "weekly",
        },
        {"name": "Ola Brandt", "email": "ola@haldenbikes.test", "part": "decides"},
    ]
    assert "speaking" not in answers and "Bluntly" not in str(answers)


def test_the_sender_may_leave_out_what_we_know(cast: Cast) -> None:
    assert answers_of(sent_to_maya(cast, filled_in={"domain"})).keys() == {"domain"}


def test_having_it_back_is_promised_and_waits_on_the_client(cast: Cast, sent: SentForm) -> None:
    promise = Commitment.objects.get(about_id=sent.pk, about_type="onboarding.sentform")
    assert (promise.owner, promise.due_on) == (cast.jody, dt.date(2026, 12, 1))
    assert promise.waiting_since is not None and promise == sent.commitment
    assert sent.link_path.startswith("/portal/open/")
    assert Grant.objects.get(scope=f"form:{sent.pk}").holder_id == maya().pk


def test_one_form_of_a_kind_is_out_at_a_time(cast: Cast, sent: SentForm) -> None:
    with pytest.raises(Refusal, match="already with Halden Bikes"):
        sent_to_maya(cast)
    withdraw_form(sent, by=cast.jody.actor)
    assert sent.commitment is not None
    sent.commitment.refresh_from_db()
    assert sent.commitment.state == State.WAIVED
    assert not SentForm.objects.shared_with(maya()).exists()
    assert sent_to_maya(cast).pk != sent.pk


def test_it_goes_to_a_contact_of_theirs_who_has_an_address(cast: Cast) -> None:
    stranger = book.add_contact(cast.orbit, "Kim", by=SYSTEM, email="kim@orbit.test")
    silent = book.add_contact(cast.halden, "Silent", by=SYSTEM)
    for contact, sentence in ((stranger, "another client"), (silent, "no e-mail address")):
        with pytest.raises(Refusal, match=sentence):
            send_form(cast.halden, "onboarding", to=contact, by=cast.jody.actor)
    with pytest.raises(Refusal, match="not on that account team"):
        send_form(cast.lumen, "project", to=stranger, by=cast.jody.actor)
    with pytest.raises(Refusal, match="no form “tax”"):
        send_form(cast.halden, "tax", to=maya(), by=cast.jody.actor)


def test_a_fresh_link_for_somebody_else_moves_the_form_with_its_answers(cast: Cast, sent: SentForm) -> None:
    write(sent, "business", "Bicycles.")
    again = send_form_again(sent, by=cast.jody.actor, to=ola())
    assert again.link_path and again.contact == ola()
    assert SentForm.objects.shared_with(ola()).get() == sent
    assert not SentForm.objects.shared_with(maya()).exists()
    assert answers_of(sent)["business"] == "Bicycles."


# --- filling in


def test_half_an_answer_is_kept_as_it_was_typed(sent: SentForm) -> None:
    write(sent, "phone", "ring m")
    assert answers_of(sent)["phone"] == "ring m"
    sent.refresh_from_db()
    assert (sent.state, sent.begun_at) == (FormState.BEGUN, NOW)
    write(sent, "phone", "020 7946 0182")
    assert Event.objects.filter(verb__startswith="form.").count() == 2, "sent and begun, not each letter"


def test_two_people_on_one_field_lose_nothing(cast: Cast, sent: SentForm) -> None:
    send_form_again(sent, by=cast.jody.actor)
    hand_section(sent, "business", by=actor_of(maya()), contact=ola())
    empty = stamp("")
    write(sent, "business", "Bicycles.", base=empty, page="maya")
    saved = write(sent, "business", "Bikes for hills.", ola(), base=empty, page="ola")
    assert saved.value == "Bicycles." and [other.value for other in saved.others] == ["Bikes for hills."]
    saved = write(sent, "business", "Bikes for steep hills.", ola(), base=empty, page="ola")
    assert [other.value for other in saved.others] == ["Bikes for steep hills."], "one waits for each hand"
    with pytest.raises(NotComplete):
        return_form(sent, by=actor_of(maya()))
    picked = pick_answer(saved.others[0], by=actor_of(maya()))
    assert picked.value == "Bikes for steep hills." and picked.others == ()
    assert OtherAnswer.objects.get().value == "Bicycles.", "what was not picked is kept"


def test_keeping_what_stands_settles_it_too(sent: SentForm, cast: Cast) -> None:
    hand_section(sent, "business", by=actor_of(maya()), contact=ola())
    write(sent, "business", "Bicycles.")
    (other,) = write(sent, "business", "Bikes.", ola(), base=stamp("")).others
    assert pick_answer(other, by=actor_of(ola()), keep_standing=True).value == "Bicycles."
    assert OtherAnswer.objects.get().settled_by == "Ola Brandt"


def test_the_same_words_sent_twice_are_one_answer(sent: SentForm) -> None:
    for _ in range(2):
        saved = write(sent, "business", "Bicycles.", base=stamp(""))
    assert saved.value == "Bicycles." and not saved.others


def test_a_page_goes_on_though_an_answer_to_it_was_lost_on_the_way(sent: SentForm) -> None:
    write(sent, "business", "Bi", base=stamp(""), page="p")
    saved = write(sent, "business", "Bicycles", base=stamp(""), page="p")
    assert saved.value == "Bicycles" and not saved.others


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(["maya", "ola"]), st.sampled_from(["a", "b", "c", ""]), st.booleans()),
        max_size=7,
    )
)
def test_whatever_is_typed_stands_or_waits_or_was_replaced_by_its_own_hand(
    cast: Cast, acts: list[tuple[str, str, bool]]
) -> None:
    Answer.objects.all().delete()
    OtherAnswer.objects.all().delete()
    sent = SentForm.objects.first() or sent_to_maya(cast)
    if not sent.handed.exists():
        hand_section(sent, "business", by=actor_of(maya()), contact=ola())
    people = {"maya": maya(), "ola": ola()}
    began, last = dict.fromkeys(people, stamp("")), dict.fromkeys(people, "")
    for who, value, reloads in acts:
        if reloads:
            began[who], last[who] = stamp(answers_of(sent).get("history", "")), ""
        saved = save_answer(
            sent, "history", value, by=actor_of(people[who]), base=began[who], page="" if reloads else who
        )
        if saved.value == value:
            began[who] = stamp(value)
        last[who] = value
        standing = answers_of(sent).get("history", "")
        waiting = set(OtherAnswer.objects.values_list("value", flat=True))
        assert not value or value == standing or value in waiting


def test_only_the_client_writes_and_only_where_it_is_open(cast: Cast, sent: SentForm) -> None:
    stranger = book.add_contact(cast.orbit, "Kim", by=SYSTEM, email="kim@orbit.test")
    for by in (cast.jody.actor, actor_of(stranger), actor_of(ola())):
        with pytest.raises(Refusal):
            save_answer(sent, "business", "Not mine", by=by, base=stamp(""))
    hand_section(sent, "goals", by=actor_of(maya()), contact=ola())
    assert [section.key for section in open_sections(sent, ola())] == ["goals"]
    write(sent, "objectives", "More.", ola())
    with pytest.raises(Refusal, match="not yours"):
        write(sent, "business", "Not mine", ola())
    with pytest.raises(Refusal, match="Only a part"):
        return_form(sent, by=actor_of(ola()))


def test_a_colleague_gets_a_link_of_their_own(cast: Cast, sent: SentForm) -> None:
    handed = hand_section(sent, "brand", by=actor_of(maya()), name="Piet Mol", email="Piet@haldenbikes.test")
    assert handed.contact.client == cast.halden and handed.contact.email == "piet@haldenbikes.test"
    mail = OutboxMessage.objects.get(kind="form-section")
    assert "piet@haldenbikes.test" in mail.recipient and "/portal/open/" in mail.text
    hand_section(sent, "brand", by=actor_of(maya()), email="piet@haldenbikes.test")
    assert sent.handed.count() == 1 and OutboxMessage.objects.filter(kind="form-section").count() == 2
    take_section_back(handed, by=actor_of(maya()))
    assert not SentForm.objects.shared_with(handed.contact).exists()
    with pytest.raises(Refusal, match="yours already"):
        hand_section(sent, "brand", by=actor_of(maya()), contact=maya())
    with pytest.raises(Refusal, match="e-mail address"):
        hand_section(sent, "brand", by=actor_of(maya()), name="Nobody")


def test_brand_files_are_kept_and_no_others(sent: SentForm) -> None:
    file = add_file(sent, "brand-files", "logo.png", png(), by=actor_of(maya()))
    assert answers_of(sent)["brand-files"] == ["logo.png"]
    with pytest.raises(Refusal, match=r"page\.html"):
        add_file(sent, "brand-files", "page.html", b"<script>alert(1)</script>", by=actor_of(maya()))
    with pytest.raises(Refusal, match="takes no files"):
        add_file(sent, "business", "logo.png", png(), by=actor_of(maya()))
    remove_file(file, by=actor_of(maya()))
    assert not answers_of(sent).get("brand-files")


# --- returning


def test_it_comes_back_when_all_that_is_needed_is_there(cast: Cast, sent: SentForm) -> None:
    with pytest.raises(NotComplete) as refused:
        return_form(sent, by=actor_of(maya()))
    missing = {gap.question.key for gap in refused.value.missing}
    assert missing == NEEDED["onboarding"].keys() - {"domain", "contacts"}
    for key, value in NEEDED["onboarding"].items():
        write(sent, key, value)
    with pytest.raises(Refusal, match="terms"):
        return_form(sent, by=actor_of(maya()))
    wanted = terms(sent)
    assert wanted is not None
    with pytest.raises(Conflict):
        agree_terms(sent, by=actor_of(maya()), digest="0" * 64)
    agree_terms(sent, by=actor_of(maya()), digest=wanted.digest)
    back = return_form(sent, by=actor_of(maya()))
    assert (back.state, back.returned_by, back.returned_at) == (FormState.RETURNED, maya(), NOW)
    assert Commitment.objects.get(pk=back.commitment_id or 0).state == State.DONE
    with pytest.raises(Conflict, match="sent back"):
        write(sent, "business", "Too late")


def test_terms_are_kept_in_the_words_that_were_agreed_to(sent: SentForm) -> None:
    returned(sent)
    agreed = AgreedTerms.objects.get()
    for figure in ("4 working hours", "working days", "Monday"):
        assert figure in agreed.text
    assert (agreed.name, agreed.at) == ("Maya Lind", NOW)
    assert Event.objects.get(verb="form.terms_agreed").data["digest"] == agreed.digest


def test_it_may_be_opened_again_until_it_is_taken_over(cast: Cast, sent: SentForm) -> None:
    returned(sent)
    reopen_form(sent, by=actor_of(maya()))
    assert sent.commitment is not None
    sent.commitment.refresh_from_db()
    assert sent.commitment.state == State.OPEN
    write(sent, "business", "Bicycles for all.")
    take_over(return_form(sent, by=actor_of(maya())), [], by=cast.jody.actor)
    with pytest.raises(Conflict):
        reopen_form(sent, by=actor_of(maya()))


# --- a newer version


def newer(change: str, to: str) -> Version:
    """The playbook in force, with words of its forms changed."""
    import json

    live = Version.live()
    assert live is not None
    text = json.dumps(live.policy.model_dump(mode="json"))
    assert change in text
    return Version.objects.create(
        playbook=live.playbook,
        number=live.number + 1,
        document="",
        content=json.loads(text.replace(change, to)),
        digest="newer",
        published_at=NOW,
        published_by="tests",
    )


def test_a_form_keeps_its_version_until_it_is_renewed(cast: Cast, sent: SentForm) -> None:
    write(sent, "business", "Bicycles.")
    write(sent, "history", "Radio.")
    version = newer('"key": "history"', '"key": "past"')
    sent = SentForm.objects.preloaded().get(pk=sent.pk)
    assert sent.form.question("history") is not None
    renewed = renew_form(sent, by=cast.jody.actor)
    assert renewed.version == version and renewed.form.question("history") is None
    assert answers_of(renewed)["business"] == "Bicycles."
    assert answers_of(renewed)["history"] == "Radio.", "unseen, not lost"


# --- taking over


def tokens(sent: SentForm, member: Member, *labels: str) -> list[str]:
    found = proposals(sent, by=member.actor)
    return [p.token for p in found if not labels or any(label in p.fact.label for label in labels)]


def test_answers_become_the_record_by_its_own_verbs(cast: Cast, sent: SentForm) -> None:
    back = returned(
        sent,
        decisions="Ola above £2,000.",
        speaking="Figures first.",
        industry="Bicycles",
    )
    take_over(back, tokens(back, cast.jody), by=cast.jody.actor)
    cast.halden.refresh_from_db()
    assert cast.halden.goals == "Forty orders a month." and cast.halden.industry == "Bicycles"
    finn = Contact.objects.get(email="finn@haldenbikes.test")
    assert finn.client == cast.halden and finn.decides
    answer = cast.halden.discovery.standing().get(question_key="people-around-you")
    assert (answer.answer, answer.contact) == ("Ola above £2,000.", maya())
    assert PersonalDetail.objects.get(contact=maya()).text == "Figures first."
    channel = ClientChannel.objects.visible_to(cast.jody.actor).standing().get()
    assert (channel.name, channel.run_by, channel.budget_owner) == ("Search", "us", "Ola")
    assert (channel.monthly_budget, channel.currency) == (1500, "GBP")
    assert Competitor.objects.standing().get().website == "velonord.test"
    assert Event.objects.filter(verb__in=["client.changed", "contact.added", "client.discovered"]).exists()
    back.refresh_from_db()
    assert (back.state, back.taken_over_by) == (FormState.TAKEN_OVER, "Jody Marsh")


def test_a_difference_is_shown_and_only_taken_where_it_is_accepted(cast: Cast, sent: SentForm) -> None:
    back = returned(
        sent, contacts=[{"name": "Maya Lind", "email": "maya@haldenbikes.test", "phone": "0207 100"}]
    )
    book.change_client(cast.halden, by=SYSTEM, goals="Sixty orders.")
    goals = next(p for p in proposals(back, by=cast.jody.actor) if p.fact.target == "client.goals")
    assert (goals.fact.known, goals.fact.told) == ("Sixty orders.", "Forty orders a month.")
    person = next(p for p in proposals(back, by=cast.jody.actor) if p.fact.target == "people")
    assert not person.is_new and "0207 100" not in person.fact.known
    take_over(back, [person.token], by=cast.jody.actor)
    cast.halden.refresh_from_db()
    assert cast.halden.goals == "Sixty orders."
    assert (maya().phone, maya().job_title, maya().day_to_day) == ("0207 100", "Marketing", True)


def test_a_record_that_changed_meanwhile_is_not_overwritten(cast: Cast, sent: SentForm) -> None:
    back = returned(sent)
    seen = tokens(back, cast.jody)
    book.change_client(cast.halden, by=SYSTEM, goals="Sixty orders.")
    with pytest.raises(Conflict, match="has changed since"):
        take_over(back, seen, by=cast.jody.actor)
    assert not Contact.objects.filter(email="finn@haldenbikes.test").exists()


def test_a_refused_fact_is_named_and_nothing_is_half_written(cast: Cast, sent: SentForm) -> None:
    book.change_client(cast.orbit, by=SYSTEM, domain="taken.test")
    back = returned(sent, domain="taken.test")
    with pytest.raises(Refusal, match="Which domain is your website on"):
        take_over(back, tokens(back, cast.jody), by=cast.jody.actor)
    back.refresh_from_db()
    assert back.state == FormState.RETURNED and not ClientChannel.objects.exists()


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ({}, "Advise a CRM"),
        ({"has_crm": "yes", "which_crm": "HubSpot"}, "Ask to connect HubSpot"),
    ],
)
def test_a_crm_is_advised_or_asked_to_be_connected(
    cast: Cast, sent: SentForm, answers: dict[str, str], title: str
) -> None:
    take_over(returned(sent, **answers), [], by=cast.jody.actor)
    promise = Commitment.objects.get(title__startswith=title)
    assert promise.owner == cast.jody and "Halden Bikes" in promise.title


def test_personal_answers_are_the_account_teams(cast: Cast, sent: SentForm) -> None:
    back = returned(sent, speaking="Figures first.")
    outside = joined("Olive Outside", Role.HEAD_OF_STRATEGY)
    seen = Answer.objects.visible_to(outside.actor)
    assert seen.filter(question_key="business").exists() and not seen.filter(personal=True).exists()
    assert Answer.objects.visible_to(cast.sam.actor).filter(question_key="speaking").exists()
    assert not [p for p in proposals(back, by=outside.actor) if p.fact.is_personal]


# --- finance


def test_what_finance_asked_for_is_finances_alone(cast: Cast) -> None:
    canary = "Zanzibar4711"
    back = returned(sent_to_maya(cast, "finance"), legal_name=canary, vat_number=canary)
    for member in (cast.jody, cast.sam):
        assert not Answer.objects.visible_to(member.actor).exists()
        assert SentForm.objects.visible_to(member.actor).filter(pk=back.pk).exists(), (
            "that it is back is known"
        )
        with pytest.raises(Refusal, match="Finance takes this form over"):
            take_over(back, [], by=member.actor)
    money = bridget()
    take_over(back, tokens(back, money), by=money.actor)
    assert InvoicingDetails.objects.visible_to(money.actor).get().legal_name == canary
    assert not InvoicingDetails.objects.visible_to(cast.jody.actor).exists()
    for event in Event.objects.all():
        assert canary not in str(event.data), event.verb
    told = Event.objects.filter(verb__startswith="form.", client_id=cast.halden.pk)
    assert set(told.values_list("audience", flat=True)) == {Audience.FINANCE}


def test_newer_details_of_invoicing_replace_the_older_and_are_filled_in(cast: Cast) -> None:
    money = bridget()
    back = returned(sent_to_maya(cast, "finance"))
    take_over(back, tokens(back, money), by=money.actor)
    again = sent_to_maya(cast, "finance")
    assert answers_of(again)["legal-name"] == "Halden Bikes Ltd"
    back = returned(again, address="2 Hill Road")
    take_over(back, tokens(back, money, "address"), by=money.actor)
    standing = InvoicingDetails.objects.standing().get()
    assert (standing.legal_name, standing.address) == ("Halden Bikes Ltd", "2 Hill Road")
    assert InvoicingDetails.objects.count() == 2


def test_merged_clients_keep_their_forms(cast: Cast, sent: SentForm) -> None:
    take_over(returned(sent), tokens(sent, cast.jody, "Competitor"), by=cast.jody.actor)
    kept = book.merge_clients(cast.orbit, cast.halden, by=SYSTEM)
    assert SentForm.objects.get().client == kept and Competitor.objects.get().client == kept
