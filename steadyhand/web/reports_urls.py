"""Addresses of reports."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", reports.index, name="reports"),
    path("reports/<int:pk>/", reports.show, name="report"),
    path("reports/<int:pk>/text/", reports.text, name="report-text"),
    path("reports/<int:pk>/figures/", reports.figures, name="report-figures"),
    path(
        "reports/<int:pk>/suggestions/<int:suggestion_pk>/acceptance/",
        reports.acceptance,
        name="report-suggestion-acceptance",
    ),
    path(
        "reports/<int:pk>/suggestions/<int:suggestion_pk>/removal/",
        reports.suggestion_removal,
        name="report-suggestion-removal",
    ),
    path("reports/<int:pk>/approval-request/", reports.approval_request, name="report-approval-request"),
    path("reports/<int:pk>/approval/", reports.approval, name="report-approval"),
    path("reports/<int:pk>/approval/removal/", reports.approval_removal, name="report-approval-removal"),
    path("reports/<int:pk>/sending/", reports.leaving, name="report-sending"),
    path("reports/<int:pk>/pdf/", reports.pdf, name="report-pdf"),
    path("reports/<int:pk>/renewal/", reports.renewal, name="report-renewal"),
    path("reports/<int:pk>/slides/", reports.slides, name="report-slides"),
    path("clients/<slug:ref>/reports/", reports.of_client, name="client-reports"),
    path("clients/<slug:ref>/reports/rules/", reports.rules, name="client-report-rules"),
    path("clients/<slug:ref>/contacts/<int:pk>/reading/", reports.reading, name="client-contact-reading"),
    path("commitments/<int:pk>/report/", reports.of_promise, name="commitment-report"),
]
