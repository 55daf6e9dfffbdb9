"""What leaves the house, and who is let in no more: feeds, tokens, and colleagues who have left."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from urllib.parse import quote

from django.conf import settings
from django.test import Client as Browser
from django.urls import resolve

from steadyhand.api.face import api
from steadyhand.clients import book, engagements, plans, team
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Client, EngagementKind, Position
from steadyhand.commitments import feeds, keeping
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel
from steadyhand.core.models import Event
from steadyhand.people import invitations, members
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import SYSTEM, user_of
from tests.contracts.addresses import every_address, parts_for
from tests.contracts.canaries import (
    BODIES,
    MONEY,
    SPEND,
    browser_of,
    gives_away,
    insider,
    program,
    starting_points,
    told,
)
from tests.contracts.world import TODAY, World

SECRET = "Murmurlock"


def test_the_feed_of_a_member_holds_only_what_they_see(world: World) -> None:
    member = insider(world)
    secret = feeds.open_feed(member, by=member.actor)
    text = told(Browser().get(f"/feeds/{secret}.ics"))
    assert world.ours.word.lower() in text
    assert not gives_away(text, world.theirs)


def full_of_secrets(world: World) -> tuple[Client, str]:
    """A client whose every inner field carries a word of ours, and the secret of its feed."""
    member = insider(world)
    client = book.add_client("Openly", by=SYSTEM, domain="openly.test")
    book.change_client(
        client, by=SYSTEM, business=SECRET, goals=SECRET, industry=SECRET, phone=SECRET, lift="room_to_grow"
    )
    contact = book.add_contact(
        client, f"Kim {SECRET}", by=SYSTEM, email="kim@openly.test", notes=SECRET, day_to_day=True
    )
    begun = engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        title=SECRET,
        amount=Decimal(SPEND),
        currency="GBP",
        starts_on=dt.date(2024, 3, 1),
        services=[ServiceLine(SECRET)],
    )
    team.assign(client, member, Position.LEAD, by=SYSTEM)
    team.assign(client, world.by_role[Role.DIRECTOR], Position.SPONSOR, by=SYSTEM)
    plan_book()
    begun.refresh_from_db()
    plans.depart(begun, "report", by=SYSTEM, cadence="weekly", reason=SECRET)
    plan_book()
    for kind in Kind:
        for internal in (False, True):
            keeping.promise(
                client,
                f"{SECRET} {kind}",
                by=SYSTEM,
                owner=member,
                due_on=TODAY + dt.timedelta(days=3),
                kind=kind,
                internal=internal,
            )
    planned = Commitment.objects.filter(client=client, rule="report", state="open").order_by("due_at")
    first, second, third, fourth, fifth = planned[:5]
    keeping.complete(first, by=member.actor, note=SECRET)
    keeping.move(second, second.due_on + dt.timedelta(days=1), by=member.actor, reason=SECRET)
    keeping.waive(third, by=member.actor, reason=SECRET)
    keeping.wait_on_client(fourth, by=member.actor, note=SECRET)
    keeping.hand_over(fifth, world.by_role[Role.EXECUTIVE], by=member.actor, note=SECRET)
    log_interaction(
        client, Channel.CALL, by=SYSTEM, at=cast.NOW, contact=contact, summary=SECRET, body=SECRET, minutes=20
    )
    return client, feeds.open_feed(client, by=SYSTEM)


def test_the_feed_of_a_client_has_no_word_of_ours(world: World) -> None:
    client, secret = full_of_secrets(world)
    answer = Browser().get(f"/feeds/{secret}.ics")
    calendar = told(answer)
    assert answer.status_code == 200 and calendar.count("begin:vevent") > 10
    inner = [
        SECRET,
        *MONEY,
        "internal",
        "tier",
        "upsell",
        "cross-sell",
        "retainer",
        "playbook",
        "rule",
        "why:",
        "waiting",
        "/commitments/",
        settings.BASE_URL,
        *(line.title for line in Commitment.objects.filter(client=client, internal=True)),
    ]
    for word in inner:
        assert word.lower() not in calendar, word
    hidden = Commitment.objects.filter(client=client, internal=True)
    assert hidden.count() > 5
    assert not [row.key for row in hidden if f"uid:{row.key}@" in calendar]
    lead = Browser().get(f"/feeds/{feeds.open_feed(insider(world), by=insider(world).actor)}.ics")
    assert SECRET.lower() in told(lead), "the words are there for those whose they are"


def test_the_feed_of_one_client_knows_no_other(world: World) -> None:
    text = told(Browser().get(f"/feeds/{world.ours.feed}.ics"))
    assert world.ours.word.lower() in text
    assert not gives_away(text, world.theirs)


# --- tokens and leavers


def operations(world: World) -> list[tuple[str, str]]:
    """Method and address of everything the API's own description offers, on what is ours."""
    by_key = {address.key: address for address in every_address() if address.is_api}
    found = []
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        address = by_key[path.replace("{", "<").replace("}", ">")]
        filled = address.filled(parts_for(address, world, world.ours))
        found += [(method.upper(), filled) for method in methods]
    return found


def test_a_reading_token_writes_nowhere(world: World) -> None:
    reader = program(insider(world), "read")
    acts = Event.objects.count()
    writes = [(method, path) for method, path in operations(world) if method != "GET"]
    assert len(writes) >= 10
    for method, path in writes:
        body = json.dumps(BODIES.get(path.rsplit("/", 1)[-1], {})) if method == "POST" else ""
        answer = reader.generic(method, path, body, "application/json")
        assert answer.status_code == 403, (method, path, answer.content)
        assert "write" in answer.json()["remedy"]
    # neither do pages take a token for a session
    for address in every_address():
        if not address.is_api and address.name not in OPEN_POSTS:
            path = address.filled(parts_for(address, world, world.ours))
            answer = reader.post(path)
            assert answer.status_code in (302, 401, 404, 405, 410), (path, answer.status_code)
    assert Event.objects.count() == acts


#: What everybody may post to: the ways in, and pages that only show.
OPEN_POSTS = {
    "api-docs",
    "openapi-json",
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "mfa_login_webauthn",
    "sign-in",
    "passkey",
    "fresh",
}
#: What everybody may read, on the way in to the client's pages.
OPEN_PAGES = {"health-live", "health-ready", "api-docs", "openapi-json", "feed-file"} | {
    "sign-in",
    "passkey",
    "colours",
    "logo",
}


def test_whoever_has_left_finds_every_door_shut(world: World) -> None:
    member = world.by_role[Role.EXECUTIVE]
    user_of(member).set_password("correct horse battery")
    user_of(member).save()
    session, fragment = browser_of(member), browser_of(member, **{"HX-Request": "true"})
    tokens = [program(member, "read"), program(member, "write")]
    feed = feeds.open_feed(member, by=member.actor)
    link = invitations.issue_signin_link(member.email, by=SYSTEM)
    assert session.get("/clients/").status_code == 200
    assert Browser().get(f"/feeds/{feed}.ics").status_code == 200
    assert {token.get("/api/clients").status_code for token in tokens} == {200}

    members.leave(member, by=SYSTEM)

    acts = Event.objects.count()
    for path in starting_points(world):
        address = resolve(path.partition("?")[0])
        if address.url_name in OPEN_PAGES:
            continue
        for browser in (session, fragment):
            answer = browser.get(path)
            assert answer.status_code in (204, 302, 401, 404, 405, 410), (path, answer.status_code)
            assert not gives_away(told(answer, path, quote(path, safe="")), world.ours), path
        for token in tokens:
            assert token.get(path).status_code in (302, 401, 404, 405, 410), path
    assert session.post(f"/commitments/{world.ours.promised.pk}/completion/").status_code == 302
    assert tokens[1].post(f"/api/commitments/{world.ours.promised.key}/completion").status_code == 401
    assert Browser().get(f"/feeds/{feed}.ics").status_code == 410
    assert Browser().get(link).status_code == 410
    assert Browser().post(link).status_code == 410
    refused = Browser().post("/account/login/", {"login": member.email, "password": "correct horse battery"})
    assert refused.status_code in (200, 422)
    assert "_auth_user_id" not in refused.wsgi_request.session
    assert Event.objects.count() == acts
