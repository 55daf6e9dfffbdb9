"""The addresses of imports and exports."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import exports, imports

urlpatterns: list[URLPattern | URLResolver] = [
    path("imports/", imports.index, name="imports"),
    path("imports/clients/", imports.new_table, {"table": "clients"}, name="import-clients"),
    path("imports/activities/", imports.new_table, {"table": "activities"}, name="import-activities"),
    path("imports/hubspot/", imports.new_hubspot, name="import-hubspot"),
    path("imports/clients.csv", imports.template, {"table": "clients"}, name="clients-headings"),
    path("imports/activities.csv", imports.template, {"table": "activities"}, name="activities-headings"),
    path("imports/<int:pk>/", imports.show, name="import"),
    path("imports/<int:pk>/columns/", imports.columns, name="import-columns"),
    path("imports/<int:pk>/progress/", imports.progress, name="import-progress"),
    path("imports/<int:pk>/application/", imports.application, name="import-application"),
    path("imports/<int:pk>/undoing/", imports.undoing, name="import-undoing"),
    path("imports/<int:pk>/removal/", imports.removal, name="import-removal"),
    path("imports/<int:pk>/mending/<slug:kind>/", imports.mending, name="import-mending"),
    path("exports/", exports.index, name="exports"),
]
