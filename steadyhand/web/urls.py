"""The addresses of the staff pages: nouns; POST makes, DELETE undoes."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from steadyhand.web.converters import DateConverter
from steadyhand.web.views import demo, health, links, people, saved_views, settings, styleguide, welcome

register_converter(DateConverter, "date")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("steadyhand.web.calendar_urls")),
    path("healthz", health.live, name="health-live"),
    path("readyz", health.ready, name="health-ready"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("account/", include("steadyhand.web.signin_urls")),
    path("welcome/", welcome.agency, name="welcome"),
    path("welcome/playbook/", welcome.playbook, name="welcome-playbook"),
    path("welcome/people/", welcome.people, name="welcome-people"),
    path("welcome/next/", welcome.next_step, name="welcome-next"),
    path("join/<str:secret>/", links.join, name="join"),
    path("news/<str:secret>/", links.news, name="news-end"),
    path("sign-in/<str:secret>/", links.sign_in, name="sign-in-link"),
    path("team/roles/", people.roles, name="roles"),
    path("team/people/", people.index, name="people"),
    path("team/people/new/", people.add, name="person-new"),
    path("team/people/<int:pk>/", people.show, name="person"),
    path("team/people/<int:pk>/role/", people.role, name="person-role"),
    path("team/people/<int:pk>/invitation/", people.invitation, name="person-invitation"),
    path("team/people/<int:pk>/leaving/", people.leave, name="person-leaving"),
    path("team/people/<int:pk>/return/", people.come_back, name="person-return"),
    path("team/people/<int:pk>/absences/", people.absences, name="person-absences"),
    path(
        "team/people/<int:pk>/absences/<int:absence_pk>/cancellation/",
        people.absence_cancellation,
        name="person-absence-cancellation",
    ),
    path("clients/", include("steadyhand.web.clients_urls")),
    path("calls/", include("steadyhand.web.calls_urls")),
    path("views/<slug:page>/", saved_views.keep, name="view-keep"),
    path("views/<slug:page>/<int:pk>/removal/", saved_views.removal, name="view-removal"),
    path("settings/", settings.index, name="settings"),
    path("settings/agency/", settings.agency, name="settings-agency"),
    path("settings/closed-days/", settings.closed_days, name="settings-closed-days"),
    path("settings/closed-days/<date:day>/reopening/", settings.reopening, name="settings-reopening"),
    path("settings/demo/", demo.page, name="settings-demo"),
    path("settings/demo/removal/", demo.removal, name="settings-demo-removal"),
    path("settings/rates/", settings.rates, name="settings-rates"),
    path("", include("steadyhand.web.asking_urls")),
    path("", include("steadyhand.web.imports_urls")),
    path("", include("steadyhand.web.messages_urls")),
    path("", include("steadyhand.web.playbook_urls")),
    path("", include("steadyhand.web.receiving_urls")),
    path("", include("steadyhand.web.receiving_urls")),
    path("", include("steadyhand.web.running_urls")),
    path("", include("steadyhand.web.today_urls")),
]
