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

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from steadyhand.clients.item_links import HOLDER, living_links
from steadyhand.clients.models import Client, Contact
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Refusal

#: The session's key to the numbers of the links that were opened in this browser.
LINKS = "portal_links"
REFUSED = 409


@dataclass(frozen=True, slots=True)
class Visitor:
    """A contact, and what of their client's is open to them here: all that is shared, or single items."""

    contact: Contact
    signed_in: bool
    items: frozenset[str] = frozenset()

    @property
    def client(self) -> Client:
        """The one client they see anything of."""
        return self.contact.client

    @property
    def actor(self) -> Actor:
        """Them, as events name them."""
        return Actor(ActorKind.CONTACT, self.contact.pk, self.contact.name)

    def may_open(self, kind: str, pk: int) -> bool:
        """Whether this item is open to them."""
        return self.signed_in or f"{kind}:{pk}" in self.items


class VisitorRequest(HttpRequest):
    """A request of somebody at a client."""

    visitor: Visitor


type View[**P] = Callable[Concatenate[VisitorRequest, P], HttpResponseBase]
type AnyView[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def visitors[**P](kind: str = "") -> Callable[[View[P]], AnyView[P]]:
    """Let in contacts who are signed in and, for an item (`kind`, its number `pk`), who has a link to it."""

    def decorate(view: View[P]) -> AnyView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            pk = cast(int, kwargs.get("pk", 0))
            found = [
                one for one in visitors_of(request) if one.signed_in or (kind and one.may_open(kind, pk))
            ]
            if not found:
                return missing(request)
            admitted = cast(VisitorRequest, request)
            admitted.visitor = found[0]
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
    """Everybody this browser may act as: the contact who is signed in, then the holders of opened links."""
    found = []
    contact = getattr(request.user, "contact", None) if request.user.is_authenticated else None
    if contact is not None and contact.left_on is None:
        found.append(Visitor(contact, signed_in=True))
    links = living_links(request.session.get(LINKS, []))
    items: dict[int, set[str]] = {}
    for link in links:
        if link.holder_type == HOLDER:
            items.setdefault(link.holder_id, set()).add(link.scope)
    contacts = Contact.objects.select_related("client").filter(pk__in=items, left_on=None) if items else ()
    found += [Visitor(one, signed_in=False, items=frozenset(items[one.pk])) for one in contacts]
    return found
