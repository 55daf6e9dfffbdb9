"""Who is at the door: every page of a client starts here.

`@visitors("agreement")` lets in a contact who is signed in, and whoever came by a link to this very item;
everybody else reads 404. What the page then shows is asked of `shared_with(contact)`: being let in is not yet
being shown something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from steadyhand.clients.item_links import HOLDER, living_links
from steadyhand.clients.models import Client, Contact
from steadyhand.clients.portal_access import LOOKING_AS, PORTAL, actor_of, may_visit
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState

#: The session's key to the numbers of the links that were opened in this browser.
LINKS = "portal_links"
SIGN_IN = f"{PORTAL}sign-in/"
READS = ("GET", "HEAD", "OPTIONS")
REFUSED = 409


@dataclass(frozen=True, slots=True)
class Visitor:
    """A contact, and what of their client's is open to them here: all that is shared, or single items.

    `watched_by` is the member who looks at the pages as this contact sees them: nobody is really there,
    so nothing may be done, and nothing noted as seen.
    """

    contact: Contact
    signed_in: bool
    items: frozenset[str] = frozenset()
    watched_by: Member | None = None

    @property
    def client(self) -> Client:
        """The one client they see anything of."""
        return self.contact.client

    @property
    def actor(self) -> Actor:
        """Them, as events name them."""
        return actor_of(self.contact)

    def may_open(self, kind: str, pk: int) -> bool:
        """Whether this item is open to them."""
        return self.signed_in or f"{kind}:{pk}" in self.items


class VisitorRequest(HttpRequest):
    """A request of somebody at a client."""

    visitor: Visitor


type View[**P] = Callable[Concatenate[VisitorRequest, P], HttpResponseBase]
type AnyView[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def visitors[**P](kind: str = "") -> Callable[[View[P]], AnyView[P]]:
    """Let in contacts who are signed in and, for an item (`kind`, its number `pk`), who has a link to it.

    Whoever is nobody yet is asked to sign in, where the address names no item; everybody else reads 404.
    A member who looks as a contact reads, and is refused (403) whatever they try to do.
    """

    def decorate(view: View[P]) -> AnyView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            pk = cast(int, kwargs.get("pk", 0))
            visitor = _who_is_let_in(visitors_of(request), kind, pk)
            if visitor is None:
                if not kind and not request.user.is_authenticated and request.method in READS:
                    return redirect(f"{SIGN_IN}?{urlencode({'next': request.path})}")
                return missing(request)
            admitted = cast(VisitorRequest, request)
            admitted.visitor = visitor
            if visitor.watched_by is not None and request.method not in READS:
                return render(request, "portal/only_looking.html", status=403)
            try:
                return view(admitted, *args, **kwargs)
            except Http404:
                return missing(request)
            except Refusal as refusal:
                back = request.headers.get("Referer", request.path)
                context = {"refusal": refusal, "back": back}
                return render(request, "portal/refused.html", context, status=REFUSED)

        guarded.open_to = "visitors"  # type: ignore[attr-defined]  # read by the access matrix of the tests
        return never_cache(guarded)

    return decorate


def missing(request: HttpRequest) -> HttpResponse:
    """What is not there, or not for them: one answer for both."""
    return render(request, "portal/missing.html", status=404)


def visitors_of(request: HttpRequest) -> list[Visitor]:
    """Everybody this browser may act as: the contact who is signed in, then the holders of opened links.

    A member is nobody here, whatever links their browser has opened, unless they look as a contact.
    """
    if member_of(request) is not None:
        return _looking(request)
    found = []
    contact = contact_of(request)
    if contact is not None:
        found.append(Visitor(contact, signed_in=True))
    items: dict[int, set[str]] = {}
    for link in living_links(request.session.get(LINKS, [])):
        if link.holder_type == HOLDER:
            items.setdefault(link.holder_id, set()).add(link.scope)
    holders = Contact.objects.select_related("client").filter(pk__in=items) if items else ()
    found += [
        Visitor(one, signed_in=False, items=frozenset(items[one.pk])) for one in holders if may_visit(one)
    ]
    return found


def contact_of(request: HttpRequest) -> Contact | None:
    """The contact who is signed in to their client's pages, if one is."""
    if not request.user.is_authenticated or member_of(request) is not None:
        return None
    contact = Contact.objects.select_related("client").filter(user=request.user.pk).first()
    return contact if contact is not None and may_visit(contact) else None


def member_of(request: HttpRequest) -> Member | None:
    """The active member who is signed in, if one is."""
    member = getattr(request.user, "member", None) if request.user.is_authenticated else None
    return member if member is not None and member.state == MemberState.ACTIVE else None


def _who_is_let_in(visitors: list[Visitor], kind: str, pk: int) -> Visitor | None:
    """Whoever is signed in goes first; but a link to an item of another client is meant for its holder."""
    able = [one for one in visitors if one.signed_in or (kind and one.may_open(kind, pk))]
    if not able:
        return None
    first = able[0]
    others = [one for one in able[1:] if one.client.pk != first.client.pk]
    return others[0] if first.signed_in and others else first


def _looking(request: HttpRequest) -> list[Visitor]:
    """A member who has opened the pages as a contact, as long as they see that client."""
    member = member_of(request)
    contact = Contact.objects.select_related("client").filter(pk=request.session.get(LOOKING_AS, 0)).first()
    if member is None or contact is None or not may_visit(contact):
        return []
    if not Client.objects.visible_to(member.actor).filter(pk=contact.client_id).exists():
        return []
    return [Visitor(contact, signed_in=True, watched_by=member)]
