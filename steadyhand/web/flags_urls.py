"""The addresses of flags and opportunities."""

from django.urls import URLPattern, path

from steadyhand.web.views import flags

urlpatterns: list[URLPattern] = [
    path("flags/", flags.index, name="flags"),
    path("flags/new/", flags.new, name="flag-new"),
    path("flags/<int:pk>/", flags.show, name="flag"),
    path("flags/<int:pk>/settlement/", flags.settlement, name="flag-settlement"),
    path("flags/<int:pk>/actions/", flags.actions, name="flag-actions"),
    path("flags/<int:pk>/withdrawal/", flags.withdrawal, name="flag-withdrawal"),
    path("flags/<int:pk>/reopening/", flags.reopening, name="flag-reopening"),
    path("opportunities/<int:pk>/dropping/", flags.opportunity_dropping, name="opportunity-dropping"),
]
