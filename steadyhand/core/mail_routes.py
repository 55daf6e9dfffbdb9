"""Which way a mail leaves: the agency's own server, or one that a room above knows (a member's mailbox)."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from steadyhand.core.mail_server import Conversation, FolderConversation, NotTaken, SmtpConversation
from steadyhand.core.refusals import Refusal
from steadyhand.setting_values import MailServer

Resolver = Callable[[str], MailServer]
_resolvers: dict[str, Resolver] = {}


def route(name_prefix: str, resolver: Resolver) -> None:
    """Let mail whose route begins with `name_prefix` leave another way.

    `resolver("mailbox:12")` gives the server, with a fresh access token if it needs one; it may talk to
    the network. A Refusal from it fails the mail with its sentence, any other error lets it be tried later.
    """
    _resolvers[name_prefix] = resolver


def way_out(name: str) -> Conversation:
    """The opened way of that name. NotTaken when there is none at the moment, or none at all."""
    if not name:
        server = settings.MAIL_SERVER
        return SmtpConversation(server) if server else FolderConversation(settings.MAIL_FOLDER)
    known = max((prefix for prefix in _resolvers if name.startswith(prefix)), key=len, default=None)
    if known is None:
        raise NotTaken(f"There is no way to send by “{name}” any more.", final=True)
    try:
        server = _resolvers[known](name)
    except Refusal as refusal:
        raise NotTaken(str(refusal), final=True) from refusal
    except Exception as error:  # the resolver's own network: whatever it is, it may pass
        raise NotTaken(f"“{name}” cannot be reached: {type(error).__name__}.") from error
    return SmtpConversation(server)
