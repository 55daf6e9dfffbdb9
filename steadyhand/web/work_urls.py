"""Addresses of the work shown: a client's links, content, advice and scores, its plan, and the lists."""

from django.urls import URLPattern, URLResolver, include, path

from steadyhand.web.views import work, work_uploads

_work = [
    path("", work.show, name="client-work"),
    path("plan/", work.plan, name="client-work-plan"),
    path("plan/<int:pk>/removal/", work.plan_removal, name="client-work-plan-removal"),
    path("uploads/", work_uploads.uploads, name="client-work-uploads"),
    path("uploads/<str:digest>/", work_uploads.upload, name="client-work-upload"),
    path("<slug:table>/", work.table, name="client-work-table"),
    path("<slug:table>/<int:pk>/", work.entry, name="client-work-entry"),
    path("<slug:table>/<int:pk>/removal/", work.removal, name="client-work-entry-removal"),
    path("<slug:table>/<int:pk>/restoration/", work.restoration, name="client-work-entry-restoration"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/<slug:ref>/work/", include(_work)),
    path("settings/work/", work.lists, name="settings-work"),
    path("settings/work/<slug:list_key>/", work.list_words, name="settings-work-list"),
]
