"""Mail with clients: writing, sending, reading, and review before it leaves."""

from django.urls import path

from steadyhand.web.views import messages, reviews

urlpatterns = [
    path("messages/", messages.index, name="messages"),
    path("messages/<int:pk>/", messages.show, name="message"),
    path("messages/<int:pk>/html/", messages.as_read, name="message-as-read"),
    path("messages/<int:pk>/sending/", messages.sending, name="message-sending"),
    path("messages/<int:pk>/removal/", messages.removal, name="message-removal"),
    path("messages/<int:pk>/reply/", messages.reply, name="message-reply"),
    path("messages/<int:pk>/again/", messages.again, name="message-again"),
    path("messages/<int:pk>/arrival/", messages.arrival, name="message-arrival"),
    path("clients/<slug:ref>/messages/", messages.of_client, name="client-messages"),
    path("clients/<slug:ref>/messages/new/", messages.new, name="message-new"),
    path("reviews/<int:pk>/", reviews.show, name="review"),
    path("reviews/<int:pk>/approval/", reviews.approval, name="review-approval"),
    path("reviews/<int:pk>/return/", reviews.returning, name="review-return"),
    path("team/reviews/", reviews.people, name="reviews"),
    path("team/reviews/<int:pk>/release/", reviews.release, name="review-release"),
    path("team/reviews/<int:pk>/release/removal/", reviews.release_removal, name="review-release-removal"),
    path("settings/messages/", reviews.rules, name="settings-messages"),
]
