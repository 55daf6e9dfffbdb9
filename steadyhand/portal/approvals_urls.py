"""The addresses of approvals, for clients."""

from django.urls import path

from steadyhand.portal.views import approvals

urlpatterns = [
    path("", approvals.index, name="approvals"),
    path("<int:pk>/", approvals.show, name="approval"),
    path("<int:pk>/approval/", approvals.everything, name="approval-everything"),
    path("<int:pk>/decisions/", approvals.decisions, name="approval-decisions"),
    path("<int:pk>/decisions/removal/", approvals.thinking_again, name="approval-decision-removal"),
    path("<int:pk>/comments/", approvals.comments, name="approval-comments"),
    path("<int:pk>/handover/", approvals.handover, name="approval-handover"),
    path("<int:pk>/files/<int:version_pk>/", approvals.media, name="approval-file"),
]
