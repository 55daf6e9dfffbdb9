"""Meetings, what they are prepared with and leave behind; reports asked of departments."""

from django.urls import path

from steadyhand.web.views import meeting_links, meeting_parts, meetings, report_requests

one = "meetings/<int:pk>/"

urlpatterns = [
    path("meetings/", meetings.index, name="meetings"),
    path("meetings/new/", meetings.new, name="meeting-new"),
    path("meetings/choices/", meetings.choices, name="meeting-choices"),
    path(one, meetings.show, name="meeting"),
    path(f"{one}moves/", meetings.moves, name="meeting-moves"),
    path(f"{one}details/", meetings.details, name="meeting-details"),
    path(f"{one}cancellation/", meetings.cancellation, name="meeting-cancellation"),
    path(f"{one}cancellation/removal/", meetings.revival, name="meeting-revival"),
    path(f"{one}beginning/", meetings.beginning, name="meeting-beginning"),
    path(f"{one}closing/", meetings.closing, name="meeting-closing"),
    path(f"{one}closing/removal/", meetings.reopening, name="meeting-reopening"),
    path(f"{one}invitations/", meetings.invitations, name="meeting-invitations"),
    path(f"{one}circulation/", meetings.circulation, name="meeting-circulation"),
    path(f"{one}circulation/removal/", meetings.circulation_removal, name="meeting-circulation-removal"),
    path(f"{one}minutes.pdf", meetings.minutes_file, name="meeting-minutes-file"),
    path(f"{one}minutes/", meeting_parts.entries, name="meeting-minutes"),
    path(
        f"{one}proposals/<int:proposal_pk>/acceptance/",
        meetings.proposal_acceptance,
        name="meeting-proposal-acceptance",
    ),
    path(
        f"{one}proposals/<int:proposal_pk>/declining/",
        meetings.proposal_declining,
        name="meeting-proposal-declining",
    ),
    path(f"{one}attendees/", meeting_parts.attendees, name="meeting-attendees"),
    path(f"{one}attendees/agreement/", meeting_parts.agreement, name="meeting-agreement"),
    path(
        f"{one}attendees/<int:part_pk>/removal/",
        meeting_parts.attendee_removal,
        name="meeting-attendee-removal",
    ),
    path(
        f"{one}attendees/<int:part_pk>/answer/", meeting_parts.attendee_answer, name="meeting-attendee-answer"
    ),
    path(f"{one}agenda/", meeting_parts.items, name="meeting-agenda"),
    path(f"{one}agenda/sending/", meetings.agenda_sending, name="meeting-agenda-sending"),
    path(f"{one}agenda/<int:part_pk>/", meeting_parts.item, name="meeting-item"),
    path(f"{one}agenda/<int:part_pk>/place/", meeting_parts.item_place, name="meeting-item-place"),
    path(f"{one}agenda/<int:part_pk>/removal/", meeting_parts.item_removal, name="meeting-item-removal"),
    path(f"{one}preparations/", meeting_parts.preparations, name="meeting-preparations"),
    path(f"{one}departments/", meeting_parts.departments, name="meeting-departments"),
    path(f"{one}bookings/", meeting_parts.bookings, name="meeting-bookings"),
    path(
        f"{one}bookings/<int:part_pk>/confirmation/",
        meeting_parts.booking_confirmation,
        name="meeting-booking-confirmation",
    ),
    path(
        f"{one}bookings/<int:part_pk>/confirmation/removal/",
        meeting_parts.booking_unconfirmation,
        name="meeting-booking-unconfirmation",
    ),
    path(
        f"{one}bookings/<int:part_pk>/removal/", meeting_parts.booking_removal, name="meeting-booking-removal"
    ),
    path(f"{one}decisions/", meeting_parts.decisions, name="meeting-decisions"),
    path(
        f"{one}decisions/<int:part_pk>/removal/",
        meeting_parts.decision_removal,
        name="meeting-decision-removal",
    ),
    path(f"{one}actions/", meeting_parts.actions, name="meeting-actions"),
    path(f"{one}actions/<int:part_pk>/removal/", meeting_parts.action_removal, name="meeting-action-removal"),
    path("clients/<slug:ref>/first-month/", meetings.first_month_page, name="client-first-month"),
    path("preparations/<int:pk>/", meetings.of_preparation, name="preparation"),
    path("bookings/<int:pk>/", meetings.of_booking, name="booking"),
    path("requests/", report_requests.index, name="requests"),
    path("requests/new/", report_requests.new, name="request-new"),
    path("requests/<int:pk>/", report_requests.show, name="request"),
    path("requests/<int:pk>/handing-in/", report_requests.handing_in, name="request-handing-in"),
    path(
        "requests/<int:pk>/handing-in/removal/",
        report_requests.handing_in_removal,
        name="request-handing-in-removal",
    ),
    path("requests/<int:pk>/dropping/", report_requests.dropping, name="request-dropping"),
    path("meet/<str:secret>/", meeting_links.show, name="meeting-link"),
    path("meet/<str:secret>/points/", meeting_links.points, name="meeting-link-points"),
    path("meet/<str:secret>/declining/", meeting_links.declining, name="meeting-link-declining"),
]
