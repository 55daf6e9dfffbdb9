"""The addresses of the calendar and its feeds."""

from django.urls import URLPattern, URLResolver, path, re_path

from steadyhand.web.views import calendar, feeds

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/", calendar.now, name="calendar"),
    path("calendar/feeds/", feeds.own, name="feed"),
    path("calendar/feeds/renewal/", feeds.own_renewal, name="feed-renewal"),
    path("calendar/feeds/revocation/", feeds.own_revocation, name="feed-revocation"),
    re_path(r"^calendar/(?P<year>\d{4})-(?P<month>\d{2})/$", calendar.month, name="calendar-month"),
    re_path(r"^calendar/(?P<year>\d{4})-W(?P<week>\d{2})/$", calendar.week, name="calendar-week"),
    path("calendar/<date:day>/", calendar.day, name="calendar-day"),
    path("clients/<slug:ref>/feed/", feeds.of_client, name="client-feed"),
    path("clients/<slug:ref>/feed/renewal/", feeds.client_renewal, name="client-feed-renewal"),
    path("clients/<slug:ref>/feed/revocation/", feeds.client_revocation, name="client-feed-revocation"),
    re_path(r"^feeds/(?P<secret>[\w-]{20,100})\.ics$", feeds.file, name="feed-file"),
]
