"""Every way in, and every way out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from steadyhand.core import agency, clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Grant, OutboxMessage
from steadyhand.people import invitations, members
from steadyhand.people.models import Member, User
from steadyhand.people.roles import Capability, Role
from steadyhand.people.sign_in import AccountAdapter
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.context import frame

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
PASSWORD = "nineteen purple boats"
PAGE = "/account/"


@pytest.fixture(autouse=True)
def _limits_start_afresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def pam() -> Member:
    agency.found(by=SYSTEM, name="Dunder")
    return join("pam@dunder.test")


def join(email: str, role: str = Role.MANAGER) -> Member:
    member = members.add_member(email, by=SYSTEM, role=role)
    invitations.welcome(member, by=member.actor, password=PASSWORD)
    return Member.objects.get(pk=member.pk)


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def sign_in(client: Client, email: str = "pam@dunder.test", password: str = PASSWORD) -> HttpResponse:
    return client.post("/account/login/", {"login": email, "password": password})


def code_in_mail(recipient: str) -> str:
    text = OutboxMessage.objects.filter(recipient=recipient).latest("pk").text
    found = re.search(r"^    (\S+)$", text, re.MULTILINE)
    assert found, text
    return found[1]


# password


def test_a_page_asks_who_you_are_and_brings_you_back(client: Client, pam: Member) -> None:
    asked = client.get("/team/people/?left")
    assert asked.status_code == 302
    assert asked["Location"] == "/account/login/?next=%2Fteam%2Fpeople%2F%3Fleft"
    form = client.get(asked["Location"])
    assert "/team/people/?left" in form.content.decode()
    answer = client.post(
        "/account/login/", {"login": "PAM@dunder.test", "password": PASSWORD, "next": "/team/people/?left"}
    )
    assert answer["Location"] == "/team/people/?left"
    assert is_in(client)


def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, pam: Member) -> None:
    answer = client.post(
        "/account/login/", {"login": pam.email, "password": PASSWORD, "next": "https://evil.test/"}
    )
    assert answer["Location"] == "/"


def test_a_fragment_sends_the_whole_page_to_sign_in(client: Client, pam: Member) -> None:
    answer = client.get(
        PAGE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/team/people/?left"}
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/account/login/?next=%2Fteam%2Fpeople%2F%3Fleft"


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(client: Client, pam: Member) -> None:
    client.get("/account/login/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert client.get("/account/logout/").status_code == 200
    assert is_in(client)
    client.post("/account/logout/")
    assert not is_in(client)


def test_a_wrong_password_says_the_same_as_a_wrong_address(client: Client, pam: Member) -> None:
    wrong = [sign_in(client, password="no such thing at all"), sign_in(client, email="nobody@dunder.test")]
    marks = r'value="[^"]*"|"X-CSRFToken": "[^"]*"'
    texts = [re.sub(marks, "", answer.content.decode()) for answer in wrong]
    assert texts[0] == texts[1]
    assert not is_in(client)


def test_guessing_is_slowed_down(client: Client, pam: Member) -> None:
    for _ in range(12):
        sign_in(client, password="a wrong guess")
    assert not is_in(client)
    sign_in(client)
    assert not is_in(client), "even the right password waits after too many wrong ones"


def test_limits_count_a_v6_network_as_one() -> None:
    adapter = AccountAdapter()

    def address(ip: str) -> str:
        return adapter.get_client_ip(RequestFactory().get("/", REMOTE_ADDR=ip))

    assert address("2001:db8:1:2::1") == address("2001:db8:1:2:ffff::9")
    assert address("2001:db8:1:2::1") != address("2001:db8:1:3::1")
    assert address("192.0.2.1") != address("192.0.2.2")


def test_nobody_signs_up(client: Client, pam: Member) -> None:
    form = {"email": "eve@evil.test", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/signup/", form)["Location"] == "/account/login/"
    assert client.get("/account/email/").status_code == 404
    assert User.objects.count() == 1


def test_a_forgotten_password_is_replaced_by_a_code(client: Client, pam: Member) -> None:
    answer = client.post("/account/password/reset/", {"email": pam.email}, follow=True)
    assert "mailed a code" in answer.content.decode()
    answer = client.post("/account/password/reset/confirm/", {"code": code_in_mail(pam.email)}, follow=True)
    new = "another long password"
    client.post("/account/password/reset/complete/", {"password1": new, "password2": new})
    told = OutboxMessage.objects.latest("pk")
    assert (told.recipient, told.subject) == (pam.email, "Your password was changed")
    assert new not in told.text
    assert "127.0.0.1" in told.text
    client.post("/account/logout/")
    sign_in(client)
    assert not is_in(client)
    cache.clear()
    sign_in(client, password=new)
    assert is_in(client)


def test_asking_for_a_code_looks_the_same_for_everybody(pam: Member) -> None:
    for path, field in (("/account/login/code/", "email"), ("/account/password/reset/", "email")):
        pages, mails = [], []
        for email in (pam.email, "nobody@dunder.test"):
            before = OutboxMessage.objects.count()
            page = Client().post(path, {field: email}, follow=True)
            text = page.content.decode().replace(email, "")
            pages.append(re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", text))
            mails.append(OutboxMessage.objects.count() - before)
        assert pages[0] == pages[1], path
        assert mails == [1, 1], path


# code


def test_a_code_by_mail_signs_in_once(client: Client, pam: Member) -> None:
    client.post("/account/login/code/", {"email": pam.email})
    code = code_in_mail(pam.email)
    elsewhere = Client()
    elsewhere.post("/account/login/code/confirm/", {"code": code})
    assert not is_in(elsewhere), "a code works in the browser that asked for it"
    client.post("/account/login/code/confirm/", {"code": code})
    assert is_in(client)
    client.post("/account/logout/")
    client.post("/account/login/code/confirm/", {"code": code})
    assert not is_in(client)


def test_a_code_ages_and_allows_few_guesses(client: Client, pam: Member) -> None:
    client.post("/account/login/code/", {"email": pam.email})
    code = code_in_mail(pam.email)
    with time_machine.travel(clock.now() + dt.timedelta(minutes=10, seconds=5)):
        client.post("/account/login/code/confirm/", {"code": code})
        assert not is_in(client)
    cache.clear()
    client.post("/account/login/code/", {"email": pam.email})
    code = code_in_mail(pam.email)
    for _ in range(5):
        client.post("/account/login/code/confirm/", {"code": "AAAA-BBBB"})
    client.post("/account/login/code/confirm/", {"code": code})
    assert not is_in(client)


def test_a_code_signs_in_to_nothing_for_a_stranger(client: Client, pam: Member) -> None:
    client.post("/account/login/code/", {"email": "nobody@dunder.test"})
    text = OutboxMessage.objects.get(recipient="nobody@dunder.test").text
    assert "belongs to no member" in text
    assert not User.objects.filter(email="nobody@dunder.test").exists()


# second factor and passkeys


def test_a_second_factor_is_asked_for_after_the_password(client: Client, pam: Member) -> None:
    assert pam.user is not None
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(pam.user, secret)
    answer = sign_in(client)
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(client)
    assert "One more step" in client.get(answer["Location"]).content.decode()
    counter = int(clock.now().timestamp()) // 30
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    client.post("/account/2fa/authenticate/", {"code": "000000" if code != "000000" else "111111"})
    assert not is_in(client)
    client.post("/account/2fa/authenticate/", {"code": code})
    assert is_in(client)


def test_a_recovery_code_stands_in_once(client: Client, pam: Member) -> None:
    assert pam.user is not None
    totp.TOTP.activate(pam.user, totp.generate_totp_secret())
    codes = RecoveryCodes.activate(pam.user)
    code = codes.get_unused_codes()[0]
    for expected in (True, False):
        cache.clear()
        sign_in(client)
        client.post("/account/2fa/authenticate/", {"code": code})
        assert is_in(client) is expected
        client.post("/account/logout/")


def test_a_passkey_login_has_a_challenge_and_its_scripts_are_ours(client: Client, pam: Member) -> None:
    page = client.get("/account/login/").content.decode()
    assert "data-passkey" in page
    assert all(src.startswith("/static/") for src in re.findall(r'<script[^>]*src="([^"]+)"', page))
    assert not re.search(r"<script(?![^>]*src=)", page)
    challenge = client.get("/account/2fa/webauthn/login/", headers={"Accept": "application/json"}).json()
    assert challenge["request_options"]["publicKey"]["challenge"]
    refused = client.post("/account/2fa/webauthn/login/", {"credential": "{}"})
    assert refused.status_code == 302
    assert not is_in(client)


def test_pages_of_the_ways_in_draw(client: Client, pam: Member) -> None:
    assert pam.user is not None
    for path in ("login/", "login/code/", "password/reset/", "inactive/", "logout/"):
        assert client.get(f"/account/{path}").status_code in (200, 302), path
    sign_in(client)
    asked = client.get("/account/2fa/totp/activate/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    assert "Show that it is you" in client.get(asked["Location"]).content.decode()
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    for path in (
        "password/change/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "reauthenticate/",
    ):
        page = client.get(f"/account/{path}")
        assert page.status_code == 200, path
        assert "<h1>" in page.content.decode()
        assert 'style="' not in page.content.decode(), path
    totp.TOTP.activate(pam.user, totp.generate_totp_secret())
    RecoveryCodes.activate(pam.user)
    for path in (
        "2fa/totp/deactivate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "2fa/reauthenticate/",
    ):
        assert client.get(f"/account/{path}").status_code == 200, path
    assert client.get("/account/2fa/")["Location"] == "/account/#security"


# links


def test_scanners_that_open_a_link_change_nothing(client: Client, pam: Member) -> None:
    path = invitations.issue_signin_link(pam.email, by=SYSTEM)
    before = list(Grant.objects.values())
    for agent in ("Mozilla/5.0", "SafeLinks"):
        for _ in range(3):
            scanner = Client(headers={"User-Agent": agent})
            assert scanner.get(path).status_code == 200
            assert scanner.head(path).status_code == 200
            assert not is_in(scanner)
    assert list(Grant.objects.values()) == before
    assert client.post(path)["Location"] == "/"
    assert is_in(client)
    assert Client().post(path).status_code == 410
    assert Client().get(path).status_code == 410


def test_a_made_up_link_opens_nothing(client: Client, pam: Member) -> None:
    for path in ("/join/abc/", "/sign-in/abc/"):
        assert client.get(path).status_code == 410
        assert client.post(path).status_code == 410
    assert not is_in(client)


def test_joining_by_invitation(client: Client, pam: Member) -> None:
    jim = members.add_member("jim@dunder.test", by=SYSTEM)
    invitations.invite(jim, by=pam.actor)
    found = re.search(r"(/join/\S+)", OutboxMessage.objects.latest("pk").text)
    assert found
    page = client.get(found[1])
    assert "jim@dunder.test" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    weak = client.post(found[1], {"password": "jim"})
    assert weak.status_code == 422
    assert client.post(found[1], {"password": PASSWORD})["Location"] == "/"
    assert is_in(client)
    assert client.get(found[1]).status_code == 410


# leaving


def test_a_leavers_session_ends_at_the_next_request(client: Client, pam: Member) -> None:
    sign_in(client)
    assert is_in(client)
    members.leave(pam, by=SYSTEM)
    assert client.get(PAGE)["Location"].startswith("/welcome/")  # nobody is left who could sign in
    join("jim@dunder.test")
    assert client.get(PAGE)["Location"].startswith("/account/login/")
    sign_in(client)
    assert not is_in(client)
    client.post("/account/login/code/", {"email": pam.email})
    assert not OutboxMessage.objects.filter(recipient=pam.email, kind="login_code").exists()


def test_sign_out_everywhere_reaches_the_other_device(client: Client, pam: Member) -> None:
    phone = Client()
    sign_in(client)
    sign_in(phone)
    assert is_in(phone)
    client.post("/account/sign-out-everywhere/")
    assert not is_in(client)
    assert not is_in(phone)
    sign_in(client)
    assert is_in(client)


# who may


def as_member(member: Member | None, path: str = "/x/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = (member.user if member else None) or AnonymousUser()
    return request


def test_a_user_who_is_no_member_sees_nothing(client: Client, pam: Member) -> None:
    stranger = User.objects.create_user("maya@halden.test", PASSWORD)
    client.force_login(stranger, backend="steadyhand.people.sign_in.Backend")
    assert client.get(PAGE).status_code == 404
    assert client.get("/team/people/").status_code == 404


def test_a_role_that_may_not_reads_why(client: Client, pam: Member) -> None:
    sign_in(client)
    refused = client.get("/team/people/new/")
    assert refused.status_code == 403
    text = refused.content.decode()
    assert "account manager, does not let you add, invite and change members" in text
    assert "administrator" in text


def test_the_guard_names_what_it_guards(pam: Member) -> None:
    @staff
    def plain(request: StaffRequest) -> HttpResponse:
        assert request.actor == request.member.actor
        return HttpResponse(request.member.name)

    @require(Capability.MANAGE_PEOPLE, Capability.KEEP_PROMISES)
    def either(request: StaffRequest) -> HttpResponse:
        return HttpResponse("in")

    assert plain.open_to == "staff"  # type: ignore[attr-defined]
    assert plain(as_member(pam)).content == b"Pam"  # type: ignore[attr-defined]
    assert either(as_member(pam)).status_code == 200
    assert plain(as_member(None)).status_code == 302


def test_the_rail_has_only_what_the_role_may_enter(pam: Member) -> None:
    labels = [room["label"] for room in frame(as_member(pam))["rail"]]
    assert "Settings" not in labels
    boss = join("boss@dunder.test", Role.ADMINISTRATOR)
    assert "Settings" in [room["label"] for room in frame(as_member(boss))["rail"]]
    assert frame(as_member(None))["rail"] == []


def test_knowing_who_asks_costs_two_queries_and_the_rail_one(client: Client, pam: Member) -> None:
    sign_in(client)
    client.get("/team/roles/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/team/roles/").status_code == 200
    assert len(queries) == 3, [q["sql"] for q in queries]


def test_authenticators_of_a_leaver_are_gone(pam: Member) -> None:
    assert pam.user is not None
    totp.TOTP.activate(pam.user, totp.generate_totp_secret())
    members.leave(pam, by=SYSTEM)
    assert not Authenticator.objects.exists()
