"""The addresses of calls: nouns; POST makes, `removal/` takes back."""

from django.urls import URLPattern, path

from steadyhand.web.views import call_captures, calls

urlpatterns: list[URLPattern] = [
    path("", calls.begin, name="calls"),
    path("<int:pk>/", calls.show, name="call"),
    path("<int:pk>/notes/", calls.notes, name="call-notes"),
    path("<int:pk>/contact/", calls.contact, name="call-contact"),
    path("<int:pk>/ending/", calls.ending, name="call-ending"),
    path("<int:pk>/ending/removal/", calls.resumption, name="call-ending-removal"),
    path("<int:pk>/dropping/", calls.dropping, name="call-dropping"),
    path("<int:pk>/dropping/removal/", calls.undropping, name="call-dropping-removal"),
    path("<int:pk>/follow-up/", calls.follow_up, name="call-follow-up"),
    path("<int:pk>/recording/", calls.recording, name="call-recording"),
    path("<int:pk>/<slug:what>/", call_captures.capture, name="call-capture"),
    path("<int:pk>/<slug:what>/<int:item>/removal/", call_captures.removal, name="call-capture-removal"),
]
