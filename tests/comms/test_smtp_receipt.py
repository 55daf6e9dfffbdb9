"""Receiving by SMTP: our addresses alone, and “250” only for what is kept."""

from __future__ import annotations

import asyncio
import queue
import smtplib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.clients.models import Client
from steadyhand.comms.mail import addresses, smtp_receipt
from steadyhand.comms.models import Message
from steadyhand.core import agency
from tests.cast import NOW, SYSTEM
from tests.comms.mails import RECEIVING, mail

pytestmark = pytest.mark.django_db


WORK: queue.Queue[Callable[[], None] | None] = queue.Queue()


class InTheTestsThread(ThreadPoolExecutor):
    """The test's transaction is seen by no other thread: it does the work itself."""

    def submit(self, act: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()

        def do() -> None:
            try:
                future.set_result(act(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)

        WORK.put(do)
        return future


@pytest.fixture
def halden(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    settings.RECEIVING_ADDRESS, settings.MEDIA_ROOT = RECEIVING, tmp_path
    monkeypatch.setattr(smtp_receipt, "ThreadPoolExecutor", InTheTestsThread)
    monkeypatch.setattr(smtp_receipt, "close_old_connections", lambda: None)  # the test's own would be one
    with time_machine.travel(NOW, tick=True):
        agency.found(by=SYSTEM, name="Northwind")
        yield book.add_client("Halden Bikes", by=SYSTEM)


def conversation(talk: Callable[[smtplib.SMTP], Any]) -> Any:
    """What a mail server's visit gives: `talk` runs against a listening receipt."""

    def visit(port: int) -> Any:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
            return talk(smtp)

    async def both() -> Any:
        stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(
            smtp_receipt.listen("127.0.0.1", 0, until=stop, started=port.set_result)
        )
        try:
            return await asyncio.to_thread(visit, await port)
        finally:
            stop.set()
            await serving

    def serve() -> Any:
        try:
            return asyncio.run(both())
        finally:
            WORK.put(None)

    with ThreadPoolExecutor(1) as beside:
        served = beside.submit(serve)
        while (work := WORK.get(timeout=20)) is not None:
            work()
        return served.result()


def test_a_mail_to_a_client_is_on_its_timeline_when_250_is_said(halden: Client) -> None:
    box = addresses.client_dropbox(halden)
    assert conversation(lambda smtp: smtp.sendmail("maya@x.test", [box], mail(sender="maya@x.test"))) == {}
    assert Message.objects.get().client == halden


def test_nobody_else_is_reached(halden: Client) -> None:
    guess = addresses.client_dropbox(halden).replace("-", "-aaaa")

    def talk(smtp: smtplib.SMTP) -> list[int]:
        smtp.ehlo()
        smtp.mail("maya@x.test")
        return [smtp.rcpt(to)[0] for to in ("jody@northwind.test", guess, RECEIVING)]

    assert conversation(talk) == [550, 550, 250]


def test_what_cannot_be_kept_now_is_to_be_sent_again(halden: Client, monkeypatch: Any) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(smtp_receipt, "receive", full)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        conversation(lambda smtp: smtp.sendmail("maya@x.test", [RECEIVING], mail()))
    assert refused.value.smtp_code == 451


def test_too_large_is_refused_before_it_is_sent(halden: Client) -> None:
    def talk(smtp: smtplib.SMTP) -> int:
        smtp.ehlo()
        return smtp.mail("maya@x.test", ["size=99000000"])[0]

    assert conversation(talk) == 552
