"""Addresses of agreements, for staff."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import agreements, groundwork

urlpatterns: list[URLPattern | URLResolver] = [
    path("agreements/", agreements.index, name="agreements"),
    path("agreements/new/", agreements.new, name="agreement-new"),
    path("agreements/verification/", agreements.file_verification, name="agreements-verification"),
    path("agreements/<int:pk>/", agreements.show, name="agreement"),
    path("agreements/<int:pk>/draft/", agreements.draft, name="agreement-draft"),
    path("agreements/<int:pk>/versions/", agreements.versions, name="agreement-versions"),
    path("agreements/<int:pk>/sharing/", agreements.sharing, name="agreement-sharing"),
    path("agreements/<int:pk>/comments/", agreements.comments, name="agreement-comments"),
    path(
        "agreements/<int:pk>/comments/<int:comment_pk>/settlement/",
        agreements.settlement,
        name="agreement-settlement",
    ),
    path("agreements/<int:pk>/readiness/", agreements.readiness, name="agreement-readiness"),
    path("agreements/<int:pk>/withdrawal/", agreements.withdrawal, name="agreement-withdrawal"),
    path("agreements/<int:pk>/replacement/", agreements.replacement, name="agreement-replacement"),
    path("agreements/<int:pk>/links/", agreements.links, name="agreement-links"),
    path("agreements/<int:pk>/signature/", agreements.signature, name="agreement-signature"),
    path("agreements/<int:pk>/evidence/", agreements.evidence, name="agreement-evidence"),
    path("agreements/<int:pk>/agreement.pdf", agreements.paper, name="agreement-paper"),
    path("starts/", groundwork.starts, name="starts"),
    path("engagements/<int:pk>/groundwork/", groundwork.papers, name="engagement-groundwork"),
    path("engagements/<int:pk>/groundwork/waiver/", groundwork.waiver, name="engagement-groundwork-waiver"),
    path(
        "engagements/<int:pk>/groundwork/waiver/removal/",
        groundwork.waiver_removal,
        name="engagement-groundwork-waiver-removal",
    ),
]
