"""The addresses of taking the playbook on."""

from django.urls import path

from steadyhand.web.views import adoption

urlpatterns = [
    path("adoption/", adoption.index, name="adoption"),
    path("adoption/<slug:slug>/tick/", adoption.tick, name="adoption-tick"),
    path("adoption/<slug:slug>/tick/removal/", adoption.tick_removal, name="adoption-tick-removal"),
]
