"""What a process of the kill campaign is: a sender, a worker or a web server. Forked from one that is ready.

Importing this sets Django up, from the environment; nothing here opens a connection before the fork.
"""

from __future__ import annotations

import argparse
import socketserver
import time
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

from steadyhand.cli import worker as worker_command  # noqa: E402
from steadyhand.core import outbox  # noqa: E402


def sender() -> None:
    """Nothing but sending."""
    while True:
        outbox.send_waiting()
        time.sleep(0.05)


def worker() -> None:
    """The product's own worker."""
    worker_command.run(argparse.Namespace(once=False))


def post(cause: str) -> None:
    """One mail of no kind that may be repeated."""
    text = f"Good morning,\n\n{cause} happened."
    outbox.post("soak", f"{cause}@dunder.test", f"About {cause}", text, cause=cause)


@csrf_exempt
def page(request: HttpRequest, cause: str) -> HttpResponse:
    """A page whose act queues mail: three, or none."""
    with transaction.atomic():
        for number in range(3):
            post(f"{cause}-{number}")
            time.sleep(0.005)
    return HttpResponse("queued")


urlpatterns = [path("queue/<str:cause>/", page)]


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """Many requests at once."""

    daemon_threads = True
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def web(port: int) -> None:
    """The pages, behind all of the product's middleware."""
    from django.conf import settings

    settings.ROOT_URLCONF = __name__
    with Server(("127.0.0.1", port), Quiet) as server:
        server.set_app(get_wsgi_application())
        server.serve_forever(poll_interval=0.05)
