"""The addresses of the work we show, for clients."""

from django.urls import path

from steadyhand.portal.views import work

urlpatterns = [
    path("", work.show, name="work"),
    path("recommendations/<int:pk>/answer/", work.answer, name="work-recommendation-answer"),
]
