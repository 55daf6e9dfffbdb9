"""What staff do with one piece of a bundle: versions, comments, posting, taking it out; and its files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from steadyhand.delivery.approvals import preparing, scheduling
from steadyhand.delivery.approvals.commenting import comment
from steadyhand.delivery.approvals.places import read_place, read_time
from steadyhand.delivery.models import Bundle, Piece, PieceKind, PieceVersion
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.approvals import PostingForm, RemarkForm, VersionForm
from steadyhand.web.sheets import asked, changed, in_sheet
from steadyhand.web.views.approvals import bundle_shown, found

KEEPS = Capability.KEEP_PROMISES


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def versions(request: StaffRequest, pk: int, piece_pk: int) -> HttpResponse:
    """`…/pieces/<piece>/versions/?agreed`: the next version; `agreed`: with the changes wanted."""
    bundle, agreed = found(request, pk), "agreed" in request.GET
    piece = _piece(bundle, piece_pk)
    posted = request.method == "POST"
    form = VersionForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        piece=piece,
        initial={"text": _newest_text(piece)},
        auto_id="version_%s",
    )

    def act(note: str, text: str = "", file: Any = None) -> None:
        given: dict[str, Any] = {"by": request.actor, "note": note, "member": request.member}
        if piece.kind == PieceKind.COPY:
            (preparing.put_in_changes if agreed else preparing.add_version)(piece, text=text, **given)
        elif file is None:
            raise Refusal("Choose the file.", field="file")
        else:
            upload = preparing.Upload(file.name, file.read())
            preparing.upload_version(piece, upload, agreed=agreed, **given)

    if posted and carried_out(form, act):
        said = f"“{piece.title}” has a new version."
        if in_sheet(request):
            return toast(request, changed(), said)
        return toast(request, redirect(_place(bundle, piece)), said)
    lead = ""
    if agreed:
        lead = "The version with the changes they asked for. It is approved without asking again."
    elif bundle.asked_at is not None:
        lead = (
            "The client sees it at once and is asked again; what they said to the last one no longer counts."
        )
    words = {
        "heading": f"{'Put in the changes' if agreed else 'New version'}: {piece.title}",
        "button": "Put it up",
        "url": request.get_full_path(),
        "bundle": bundle,
        "lead": lead,
        "has_file": True,
    }
    return asked(request, "web/approvals/act.html", form, **words)


@require_POST
@require(KEEPS)
def removal(request: StaffRequest, pk: int, piece_pk: int) -> HttpResponse:
    """`POST …/pieces/<piece>/removal/`: take it out."""
    bundle = found(request, pk)
    piece = _piece(bundle, piece_pk)

    def act() -> None:
        preparing.remove_piece(piece, by=request.actor)

    return do(request, bundle.get_absolute_url(), act, f"“{piece.title}” is taken out.")


@require_POST
@require(KEEPS)
def posting(request: StaffRequest, pk: int, piece_pk: int) -> HttpResponse:
    """`POST …/pieces/<piece>/posting/` {at}: schedule it; refused before it is approved."""
    bundle = found(request, pk)
    piece = _piece(bundle, piece_pk)
    form = PostingForm(request.POST, zone=bundle.client.zone)

    def act(at: Any) -> None:
        scheduling.schedule_posting(piece, at, by=request.actor, member=request.member)

    if carried_out(form, act):
        return toast(request, redirect(_place(bundle, piece)), f"“{piece.title}” is scheduled, and promised.")
    return _refused(request, bundle, piece, "posting", form, at=request.POST.get("at", ""))


@require_POST
@require(KEEPS)
def posting_removal(request: StaffRequest, pk: int, piece_pk: int) -> HttpResponse:
    """`POST …/pieces/<piece>/posting/removal/`: it does not go out then."""
    bundle = found(request, pk)
    piece = _piece(bundle, piece_pk)

    def act() -> None:
        scheduling.unschedule_posting(piece, by=request.actor)

    return do(request, _place(bundle, piece), act, f"“{piece.title}” is not scheduled any more.")


@require_POST
@require(KEEPS)
def comments(request: StaffRequest, pk: int, version_pk: int) -> HttpResponse:
    """`POST …/versions/<version>/comments/` {text, x, y, at, shared}: internal unless it is shared."""
    bundle = found(request, pk)
    version = _version(bundle, version_pk)
    form = RemarkForm(request.POST)

    def act(text: str, x: str, y: str, at: str, shared: bool) -> None:
        place, seconds = read_place(x, y), read_time(at)
        comment(version, text, by=request.actor, place=place, seconds=seconds, shared=shared)

    if carried_out(form, act):
        said = "The client sees your comment." if form.cleaned_data["shared"] else "Kept among us."
        return toast(request, redirect(_place(bundle, version.piece)), said)
    return _refused(request, bundle, version.piece, "text", form, text=request.POST.get("text", ""))


@require_GET
@staff
def media(request: StaffRequest, pk: int, version_pk: int) -> HttpResponseBase:
    """`…/versions/<version>/file/`: the picture or video."""
    file = _version(found(request, pk), version_pk).file
    if file is None:
        raise Http404("That version is copy.")
    return file_answer(request, file.digest, file.name, file.media_type, inline=True)


def _refused(
    request: StaffRequest, bundle: Bundle, piece: Piece, field: str, form: Any, **typed: str
) -> HttpResponse:
    said = " ".join(str(error) for errors in form.errors.values() for error in errors)
    wrong = {"piece": piece.pk, "field": field, "sentence": said, **typed}
    return bundle_shown(request, bundle, wrong=wrong, status=422)


def _piece(bundle: Bundle, pk: int) -> Piece:
    piece = bundle.pieces.kept().filter(pk=pk).select_related("bundle__client").first()
    if piece is None:
        raise Http404("There is no such piece in the bundle.")
    return piece


def _version(bundle: Bundle, pk: int) -> PieceVersion:
    rows = PieceVersion.objects.filter(piece__bundle=bundle, pk=pk)
    version = rows.select_related("piece__bundle__client", "file").first()
    if version is None:
        raise Http404("There is no such version.")
    return version


def _newest_text(piece: Piece) -> str:
    last = piece.versions.order_by("-number").first()
    return last.text if last else ""


def _place(bundle: Bundle, piece: Piece) -> str:
    return f"{bundle.get_absolute_url()}#piece-{piece.pk}"
