"""Addresses of approvals, for staff."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import approval_pieces, approvals

urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals/", approvals.index, name="approvals"),
    path("approvals/new/", approvals.new, name="approval-new"),
    path("approvals/<int:pk>/", approvals.show, name="approval"),
    path("approvals/<int:pk>/details/", approvals.details, name="approval-details"),
    path("approvals/<int:pk>/pieces/", approvals.pieces, name="approval-pieces"),
    path("approvals/<int:pk>/request/", approvals.request_for, name="approval-request"),
    path("approvals/<int:pk>/asking-again/", approvals.asking_again, name="approval-asking-again"),
    path("approvals/<int:pk>/reminders/", approvals.reminders, name="approval-reminders"),
    path("approvals/<int:pk>/handover/", approvals.handover, name="approval-handover"),
    path("approvals/<int:pk>/withdrawal/", approvals.withdrawal, name="approval-withdrawal"),
    path(
        "approvals/<int:pk>/pieces/<int:piece_pk>/versions/",
        approval_pieces.versions,
        name="approval-piece-versions",
    ),
    path(
        "approvals/<int:pk>/pieces/<int:piece_pk>/removal/",
        approval_pieces.removal,
        name="approval-piece-removal",
    ),
    path(
        "approvals/<int:pk>/pieces/<int:piece_pk>/posting/",
        approval_pieces.posting,
        name="approval-piece-posting",
    ),
    path(
        "approvals/<int:pk>/pieces/<int:piece_pk>/posting/removal/",
        approval_pieces.posting_removal,
        name="approval-piece-posting-removal",
    ),
    path(
        "approvals/<int:pk>/versions/<int:version_pk>/comments/",
        approval_pieces.comments,
        name="approval-version-comments",
    ),
    path(
        "approvals/<int:pk>/versions/<int:version_pk>/file/",
        approval_pieces.media,
        name="approval-version-file",
    ),
    path("pieces/<int:pk>/", approvals.piece, name="piece"),
]
