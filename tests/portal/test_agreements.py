"""A client reads, talks over, signs and declines an agreement on their own pages, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client as Browser

from steadyhand.clients.item_links import issue_link, revoke_links
from steadyhand.core import files
from steadyhand.onboarding.agreements import drafting, sealing, sharing
from steadyhand.onboarding.agreements.drafting import ClauseText
from steadyhand.onboarding.models import Agreement, AgreementSignature, ClauseComment
from tests.cast import NOW, SYSTEM, Cast, build
from tests.onboarding.agreeing import again, both_sign, draft, maya, ready, shared

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield build(planned=False)
        transaction.set_rollback(True)


def opened(cast: Cast, row: Agreement) -> Browser:
    """Maya's browser, after she followed her link."""
    browser = Browser(headers={"User-Agent": "Firefox on her phone"}, REMOTE_ADDR="192.0.2.7")
    _, path = issue_link(maya(cast), "agreement", row.pk, by=SYSTEM)
    assert browser.get(path).headers["Location"] == f"/portal/agreements/{row.pk}/"
    return browser


def test_she_reads_all_of_it_in_a_small_page(cast: Cast) -> None:
    row = shared(cast)
    answer = opened(cast, row).get(f"/portal/agreements/{row.pk}/")
    text = answer.content.decode()
    assert answer.status_code == 200 and len(answer.content) < 100_000
    assert all(clause.title in text for clause in row.shared_version.clauses.all())


def test_a_link_opens_one_agreement_until_it_is_revoked(cast: Cast) -> None:
    row, other = shared(cast), shared(cast)
    browser = opened(cast, row)
    assert browser.get(f"/portal/agreements/{other.pk}/").status_code == 404
    assert Browser().get(f"/portal/agreements/{row.pk}/").status_code == 404
    revoke_links(maya(cast), by=SYSTEM)
    assert browser.get(f"/portal/agreements/{row.pk}/").status_code == 404


def test_a_draft_is_not_there_for_the_client_even_with_a_link(cast: Cast) -> None:
    row = draft(cast)
    assert opened(cast, row).get(f"/portal/agreements/{row.pk}/").status_code == 404


def test_she_comments_on_a_clause_and_what_is_refused_keeps_what_she_typed(cast: Cast) -> None:
    row = shared(cast)
    browser = opened(cast, row)
    page = f"/portal/agreements/{row.pk}/"
    answer = browser.post(f"{page}comments/", {"clause": "term", "text": "Sixty days, please."})
    assert answer.headers["Location"] == f"{page}#term"
    said = ClauseComment.objects.get()
    assert (said.by_name, said.clause_key, said.ours) == ("Maya Lind", "term", False)
    assert "Sixty days, please." in browser.get(page).content.decode()
    long = "x" * 4001
    answer = browser.post(f"{page}comments/", {"clause": "fees", "text": long})
    assert answer.status_code == 422 and long in answer.content.decode()
    assert "longer than 4,000 characters" in answer.content.decode()


def test_she_sees_what_is_new_in_the_next_version(cast: Cast) -> None:
    row = shared(cast)
    drafting.revise(row, by=SYSTEM)
    version = again(row).working_version
    texts = [ClauseText(one.title, one.text, one.key) for one in version.clauses.all()]
    texts[0] = ClauseText(texts[0].title, texts[0].text + " Gladly.", texts[0].key)
    drafting.edit_draft(row, texts, by=SYSTEM, begins_on=version.begins_on, ends_on=None, notice_days=60)
    browser = opened(cast, row)
    assert "Gladly." not in browser.get(f"/portal/agreements/{row.pk}/").content.decode()
    sharing.share(row, by=SYSTEM)
    text = browser.get(f"/portal/agreements/{row.pk}/").content.decode()
    assert "What is new in version 2" in text and "Gladly." in text and "60 days" in text


def signing(row: Agreement, **more: Any) -> dict[str, Any]:
    return {
        "name": "Maya Lind",
        "digest": row.shared_version.digest,
        "consents": "on",
        "intends": "on",
    } | more


def test_she_signs_and_the_evidence_says_how(cast: Cast) -> None:
    row = ready(cast)
    browser = opened(cast, row)
    page = f"/portal/agreements/{row.pk}/signature/"
    text = browser.get(page).content.decode()
    assert "not a qualified signature" in text and row.shared_version.digest in text
    for _ in range(2):
        assert browser.post(page, signing(row)).status_code == 302
    signature = AgreementSignature.objects.get()
    assert (signature.address, signature.agent) == ("192.0.2.7", "Firefox on her phone")
    assert (signature.name, signature.person, signature.email) == (
        "Maya Lind",
        "Maya Lind",
        "maya@haldenbikes.test",
    )
    assert signature.through == "a personal link sent to them"
    assert "Sign it" not in browser.get(f"/portal/agreements/{row.pk}/").content.decode()


@pytest.mark.parametrize("missing", ["consents", "intends", "name", "digest"])
def test_a_signature_that_lacks_something_is_refused_and_keeps_the_name(cast: Cast, missing: str) -> None:
    row = ready(cast)
    sent = signing(row, name="Maya B. Lind")
    del sent[missing]
    answer = opened(cast, row).post(f"/portal/agreements/{row.pk}/signature/", sent)
    assert answer.status_code == 422 and not AgreementSignature.objects.exists()
    assert missing == "name" or "Maya B. Lind" in answer.content.decode()


def test_looking_at_the_page_does_nothing(cast: Cast) -> None:
    row = ready(cast)
    browser = opened(cast, row)
    for part in ("", "signature/", "declining/"):
        assert browser.get(f"/portal/agreements/{row.pk}/{part}").status_code == 200
    assert browser.get(f"/portal/agreements/{row.pk}/comments/").status_code == 405
    assert again(row).state == "ready" and not AgreementSignature.objects.exists()


def test_she_declines_and_says_why(cast: Cast) -> None:
    row = shared(cast)
    browser = opened(cast, row)
    page = f"/portal/agreements/{row.pk}/declining/"
    assert browser.post(page, {"reason": " "}).status_code == 422
    assert browser.post(page, {"reason": "Too dear."}).status_code == 302
    assert "Too dear." in browser.get(f"/portal/agreements/{row.pk}/").content.decode()
    assert browser.post(f"/portal/agreements/{row.pk}/signature/", signing(row)).status_code == 422


def test_she_keeps_the_sealed_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = both_sign(ready(cast), cast)
    browser = opened(cast, row)
    assert browser.get(f"/portal/agreements/{row.pk}/sealed.pdf").status_code == 404
    monkeypatch.setattr(sealing, "signed_pdf", lambda agreement, links: b"%PDF")
    made = sealing.seals.Sealed(b"%PDF sealed for her", "f" * 64)
    monkeypatch.setattr(sealing.seals, "seal", lambda pdf, **more: made)
    seal = sealing.seal_agreement(row, by=SYSTEM)
    answer = browser.get(f"/portal/agreements/{row.pk}/sealed.pdf")
    with files.open_file(seal.digest) as file:
        assert b"".join(answer.streaming_content) == file.read()
    assert "attachment" in answer.headers["Content-Disposition"]
