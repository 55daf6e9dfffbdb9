"""A statement gives what its query set gives, for every reader and every value."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steadyhand.clients.models import Client, Engagement
from steadyhand.core.models import Event
from steadyhand.core.statements import Records, Seen, SeenRecords, Slot, Statement
from steadyhand.people.models import User
from tests import cast as players
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with time_machine.travel(players.NOW, tick=False):
        yield players.build(planned=False)


def test_rows_are_those_of_the_query_set(cast):
    columns = ("ref", "amount", "starts_on", "client__made_at")
    written = Statement(lambda: Engagement.objects.filter(client=Slot("client")).values_list(*columns))
    for client in (cast.halden, cast.orbit, cast.halden):
        wanted = list(Engagement.objects.filter(client=client).values_list(*columns))
        assert written.rows(client=client.pk) == wanted
        assert written.first(client=client.pk) == wanted[0]
    assert written.first(client=0) is None


def test_moments_and_json_come_as_they_went_in(cast):
    since = Statement(
        lambda: Event.objects.filter(at__gte=Slot("since")).order_by("pk").values_list("at", "data")
    )
    assert since.rows(since=players.NOW) == list(Event.objects.order_by("pk").values_list("at", "data"))
    assert since.rows(since=players.NOW + dt.timedelta(seconds=1)) == []


def test_the_query_set_is_built_once(cast):
    built = []

    def build():
        built.append(1)
        return Client.objects.filter(ref=Slot("ref")).values_list("name")

    written = Statement(build)
    with CaptureQueriesContext(connection) as queries:
        assert [written.rows(ref=ref) for ref in ("halden-bikes", "orbit-dental")] == [
            [("Halden Bikes",)],
            [("Orbit Dental",)],
        ]
    assert len(queries) == 2 and len(built) == 1


def test_every_reader_sees_their_own(cast):
    seen = Seen(lambda actor: Client.objects.visible_to(actor).order_by("pk").values_list("pk"))
    outsider = replace(cast.jody.actor, id=None)
    for actor in (cast.jody.actor, cast.sam.actor, cast.keiran.actor, SYSTEM, outsider, cast.jody.actor):
        wanted = Client.objects.visible_to(actor).order_by("pk").values_list("pk")
        assert seen.rows(actor) == list(wanted), actor
    assert len(seen.rows(cast.keiran.actor)) == 4 and seen.rows(outsider) == []


def test_whole_rows_with_what_they_relate_to(cast):
    signed_in = Records(lambda: User.objects.select_related("member").filter(pk=Slot("user")))
    with CaptureQueriesContext(connection) as queries:
        user = signed_in.one(user=cast.jody.user_id)
        assert user.member == cast.jody and user.member.user is user and user.email == cast.jody.email
        assert user.member.made_at == cast.jody.made_at
    assert len(queries) == 1
    assert signed_in.one(user=0) is None
    cast.jody.user = None
    cast.jody.save()
    assert not hasattr(signed_in.one(user=user.pk), "member")


def test_what_is_left_out_comes_when_asked_for(cast):
    named = Records(
        lambda: Client.objects.select_related("group").defer("business", "goals").filter(ref=Slot("ref"))
    )
    client = named.one(ref="halden-bikes")
    assert client.get_deferred_fields() == {"business", "goals"} and client.group is None
    with CaptureQueriesContext(connection) as queries:
        assert client.business == ""
    assert len(queries) == 1


def test_whole_rows_as_far_as_one_sees_them(cast):
    seen = SeenRecords(
        lambda actor: Engagement.objects.visible_to(actor).select_related("client").order_by("pk")
    )
    for actor in (cast.jody.actor, cast.sam.actor, cast.keiran.actor):
        wanted = Engagement.objects.visible_to(actor).order_by("pk").select_related("client")
        found = seen.found(actor)
        assert found == list(wanted)
        assert [row.client.name for row in found] == [row.client.name for row in wanted]
