"""The addresses of the strategy, for clients."""

from django.urls import path

from steadyhand.portal.views import strategies

urlpatterns = [
    path("<int:pk>/", strategies.show, name="strategy"),
    path("<int:pk>/comments/", strategies.comments, name="strategy-comments"),
    path("<int:pk>/sign-off/", strategies.signing_off, name="strategy-sign-off"),
]
