"""Agreements on our own pages: drafted, written, shared, answered, signed, checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.cli.__main__ import main
from steadyhand.clients.models import Contact
from steadyhand.comms.models import Message
from steadyhand.onboarding.agreements import sealing, sharing
from steadyhand.onboarding.models import Agreement, AgreementEvent, AgreementSignature, Groundwork
from steadyhand.people.tokens import make_token
from tests.cast import NOW, SYSTEM, Cast, build, user_of
from tests.onboarding.agreeing import acting, again, both_sign, draft, maya, ready, shared

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield build(planned=False)
        transaction.set_rollback(True)


@pytest.fixture
def jody(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(user_of(cast.jody))
    return browser


@pytest.fixture
def sealed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Agreement:
    """Signed by both, and sealed without the two processes."""
    row = both_sign(ready(cast), cast)
    made = sealing.seals.Sealed(b"%PDF sealed", "f" * 64)
    held = sealing.seals.Seal(readable=True, intact=True, whole=True, fingerprint="f" * 64)
    monkeypatch.setattr(sealing, "signed_pdf", lambda agreement, links: b"%PDF")
    monkeypatch.setattr(sealing.seals, "seal", lambda pdf, **more: made)
    monkeypatch.setattr(sealing.seals, "look_at", lambda pdf: held)
    sealing.seal_agreement(row, by=SYSTEM)
    return again(row)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_drafting_begins_with_the_client_and_a_template(cast: Cast, jody: Browser) -> None:
    assert "Service level agreement" in text_of(jody.get("/agreements/new/?client=halden-bikes"))
    answer = jody.post("/agreements/new/", {"client": "halden-bikes", "template": "sla"})
    row = Agreement.objects.get()
    assert answer.headers["Location"] == f"/agreements/{row.pk}/" and row.kind == "sla"
    assert "A draft. The client does not see it." in text_of(jody.get(f"/agreements/{row.pk}/"))
    assert row.title in text_of(jody.get("/agreements/"))


def editor(row: Agreement, browser: Browser) -> dict[str, str]:
    """What the editor's page would send back as it is."""
    page = browser.get(f"/agreements/{row.pk}/draft/")
    terms, clauses = page.context["terms"], page.context["clauses"]
    sent = {name: str(terms[name].value() or "") for name in terms.fields}
    sent |= {f"clause-{key}": str(value) for key, value in clauses.management_form.initial.items()}
    for form in clauses:
        sent |= {
            form.add_prefix(name): str(form[name].value() or "") for name in ("key", "title", "text", "ORDER")
        }
    return sent


def test_clauses_are_written_moved_left_out_and_added(cast: Cast, jody: Browser) -> None:
    row = draft(cast, "sla")
    sent = editor(row, jody)
    keys = list(row.working_version.clauses.values_list("key", flat=True))
    last = len(keys)
    sent |= {
        "clause-0-text": "Just us.",
        "clause-1-DELETE": "on",
        "clause-2-ORDER": "99",
        f"clause-{last}-title": "Cake",
        f"clause-{last}-text": "There is cake.",
        f"clause-{last}-ORDER": "1",
        "ends_on": "2027-12-31",
    }
    assert jody.post(f"/agreements/{row.pk}/draft/", sent).status_code == 302
    version = again(row).working_version
    now = list(version.clauses.values_list("key", flat=True))
    assert keys[1] not in now and now[-1] == keys[2] and "cake" in now[:2]
    assert version.clauses.get(key=keys[0]).text == "Just us." and version.ends_on.year == 2027


def test_a_colleague_was_faster_and_what_one_wrote_is_kept(cast: Cast, jody: Browser) -> None:
    row = draft(cast, "sla")
    sent = editor(row, jody)
    assert jody.post(f"/agreements/{row.pk}/draft/", sent | {"notice_days": "90"}).status_code == 302
    answer = jody.post(f"/agreements/{row.pk}/draft/", sent | {"clause-0-text": "My words."})
    assert answer.status_code == 422
    assert "Somebody else has changed this draft" in text_of(answer) and "My words." in text_of(answer)


def test_the_next_step_is_the_one_that_stands_out(cast: Cast, jody: Browser) -> None:
    row = draft(cast)
    page = f"/agreements/{row.pk}/"
    assert "Share with the client" in text_of(jody.get(page))
    jody.post(f"{page}sharing/")
    assert "Make it ready to sign" in text_of(jody.get(page))
    sharing.comment(row, "Too long.", by=acting(maya(cast)), contact=maya(cast), clause_key="term")
    text = text_of(jody.get(page))
    assert "Too long." in text and "Make it ready" not in text and "1 comment open" in text
    jody.post(f"{page}comments/", {"clause": "term", "text": "We make it shorter."})
    said = again(row).shared_version.comments.get(ours=False)
    jody.post(f"{page}comments/{said.pk}/settlement/")
    assert "Make it ready to sign" in text_of(jody.get(page))
    assert jody.post(f"{page}draft/").status_code == 302
    assert "Version 2 against 1" in text_of(jody.get(f"{page}versions/"))


def test_a_refusal_says_what_to_do(cast: Cast, jody: Browser) -> None:
    row = shared(cast)
    text = text_of(jody.post(f"/agreements/{row.pk}/readiness/"))
    assert "no engagement starts without" in text
    page = f"/engagements/{row.engagement.pk}/groundwork/"
    assert "Not on file." in text_of(jody.get(page))
    for kind in ("brief", "objective", "plan"):
        assert jody.post(page, {"kind": kind, "text": "Written."}).status_code == 302
    assert Groundwork.objects.count() == 3 and "All three are on file." in text_of(jody.get(page))
    jody.post(f"/agreements/{row.pk}/readiness/")
    assert again(row).state == "ready"


def test_an_engagement_may_be_let_off_with_a_reason(cast: Cast, jody: Browser) -> None:
    engagement = cast.fernhill.engagements.get()
    page = f"/engagements/{engagement.pk}/groundwork/"
    with time_machine.travel("2026-11-05T09:00:00Z", tick=False):
        assert "lacks brief, objective, plan" in text_of(jody.get("/starts/"))
        assert jody.post(f"{page}waiver/", {"reason": ""}).status_code == 422
        assert jody.post(f"{page}waiver/", {"reason": "They know us."}).status_code == 302
        assert "They know us." in text_of(jody.get(page))
        assert "Fernhill" not in text_of(jody.get("/starts/"))
        jody.post(f"{page}waiver/removal/")
        assert "Fernhill" in text_of(jody.get("/starts/"))


def test_a_link_is_told_once_and_opens_for_one_contact(cast: Cast, jody: Browser) -> None:
    row = shared(cast)
    text = text_of(jody.post(f"/agreements/{row.pk}/links/", {"contact": maya(cast).pk}))
    assert "/portal/open/" in text
    assert "/portal/open/" not in text_of(jody.get(f"/agreements/{row.pk}/"))
    stranger = cast.orbit.contacts.create(name="Priya", made_at=NOW)
    assert "/portal/open/" not in text_of(jody.post(f"/agreements/{row.pk}/links/", {"contact": stranger.pk}))


def test_the_link_goes_out_in_a_drafted_mail(cast: Cast, jody: Browser) -> None:
    row = shared(cast)
    sent = {"contact": maya(cast).pk, "letter": "1"}
    composer = jody.post(f"/agreements/{row.pk}/links/", sent)["Location"]
    mail = Message.objects.get(state="draft", contact=maya(cast))
    assert composer == f"/messages/{mail.pk}/"
    assert mail.subject == f"For your comments: {row.title}"
    path = re.search(r"/portal/open/\S+", mail.text)
    assert path is not None
    assert Browser().get(path[0])["Location"] == f"/portal/agreements/{row.pk}/"
    assert jody.post(f"/agreements/{row.pk}/links/", sent)["Location"] == composer, "one draft is enough"
    Contact.objects.filter(pk=maya(cast).pk).update(email="")
    assert "no e-mail address" in text_of(jody.post(f"/agreements/{row.pk}/links/", sent))


def test_the_mail_says_what_they_may_do(cast: Cast, jody: Browser) -> None:
    row = ready(cast)
    jody.post(f"/agreements/{row.pk}/links/", {"contact": maya(cast).pk, "letter": "1"})
    assert Message.objects.get(state="draft", contact=maya(cast)).subject == f"Ready to sign: {row.title}"


def test_we_sign_with_our_name(cast: Cast, jody: Browser) -> None:
    row = ready(cast)
    page = f"/agreements/{row.pk}/signature/"
    assert "simple electronic signature" in text_of(jody.get(page))
    sent = {"name": "Jody Marsh", "digest": row.shared_version.digest, "consents": "on"}
    assert jody.post(page, sent).status_code == 422
    assert jody.post(page, sent | {"intends": "on"}).status_code == 302
    assert AgreementSignature.objects.get().through == "signed in as a member"


def test_evidence_and_files_are_checked_on_a_page(cast: Cast, jody: Browser, sealed: Agreement) -> None:
    page = f"/agreements/{sealed.pk}/evidence/"
    assert "Nothing was changed" in text_of(jody.get(page)) and "192.0.2.7" in text_of(jody.get(page))
    assert "Nothing was changed" in text_of(jody.post(page))
    file = SimpleUploadedFile("contract.pdf", b"%PDF sealed")
    assert "Nothing was changed" in text_of(jody.post("/agreements/verification/", {"file": file}))
    AgreementEvent.objects.filter(agreement=sealed, number=2).update(body="{}")
    assert "It is not as it was." in text_of(jody.get(page))


def test_it_is_withdrawn_with_a_reason_and_replaced_by_a_newer(
    cast: Cast, jody: Browser, sealed: Agreement
) -> None:
    row = shared(cast)
    assert jody.post(f"/agreements/{row.pk}/withdrawal/", {"reason": ""}).status_code == 422
    assert jody.post(f"/agreements/{row.pk}/withdrawal/", {"reason": "Wrong client."}).status_code == 302
    newer = both_sign(ready(cast), cast)
    answer = jody.post(f"/agreements/{sealed.pk}/replacement/", {"successor": newer.pk})
    assert answer.status_code == 302 and again(sealed).state == "replaced"
    text = text_of(jody.get("/agreements/?state=closed&client=halden-bikes"))
    assert "Wrong client." in text and "Replaced by" in text


def test_more_agreements_ask_no_more_of_the_database(cast: Cast, jody: Browser) -> None:
    def asked(path: str) -> int:
        jody.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert jody.get(path).status_code == 200
        return len(queries)

    both_sign(ready(cast), cast)
    paths = ("/agreements/?state=signed", "/api/clients/halden-bikes/agreements")
    before = [asked(path) for path in paths]
    for _ in range(3):
        both_sign(ready(cast), cast)
    assert [asked(path) for path in paths] == before


def test_programs_read_agreements_and_their_digests(cast: Cast, sealed: Agreement) -> None:
    _, secret = make_token(cast.jody, "tests", "read", by=cast.jody.actor)
    program = Browser(headers={"Authorization": f"Bearer {secret}"})
    (row,) = program.get("/api/clients/halden-bikes/agreements").json()
    assert row["state"] == "sealed" and row["file_digest"] == sealed.seal.digest
    assert {one["side"] for one in row["signatures"]} == {"client", "agency"}
    whole = program.get(f"/api/agreements/{sealed.pk}").json()
    assert whole["versions"][0]["clauses"][0]["key"] == "parties"
    assert "192.0.2.7" not in json.dumps(whole)


def test_the_command_says_intact_altered_and_unreadable_by_its_exit_code(
    cast: Cast, sealed: Agreement, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, other = tmp_path / "copy.pdf", tmp_path / "other.txt"
    copy.write_bytes(b"%PDF sealed")
    other.write_text("hello")
    assert main(["agreement", "verify", str(sealed.pk)]) == 0
    assert main(["agreement", "verify", str(copy), "--json"]) == 0
    assert main(["agreement", "verify", str(other)]) == 2
    assert main(["agreement", "verify", "999999"]) == 2
    AgreementSignature.objects.filter(side="client").update(name="Somebody Else")
    capsys.readouterr()
    assert main(["agreement", "verify", str(sealed.pk)]) == 1
    assert "The evidence of Maya Lind's signature was altered." in capsys.readouterr().out
