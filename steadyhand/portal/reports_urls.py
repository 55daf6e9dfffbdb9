"""The addresses of reports, for clients."""

from django.urls import path

from steadyhand.portal.views import reports

urlpatterns = [
    path("", reports.index, name="reports"),
    path("<int:pk>/", reports.show, name="report"),
    path("<int:pk>/pdf/", reports.pdf, name="report-pdf"),
    path("<int:pk>/lead-quality/", reports.lead_quality, name="report-lead-quality"),
]
