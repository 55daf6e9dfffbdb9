"""The addresses of figures, for clients."""

from django.urls import path

from steadyhand.portal.views import figures

urlpatterns = [
    path("", figures.index, name="figures"),
    path("<int:pk>/", figures.show, name="figures-of"),
]
