"""Addresses of what the figures say: prompts, and what one does with them."""

from django.urls import URLPattern, URLResolver, include, path

from steadyhand.web.views import insights

_insights = [
    path("", insights.show, name="client-insights"),
    path("<int:pk>/agenda/", insights.agenda, name="insight-agenda"),
    path("<int:pk>/agenda/removal/", insights.agenda_removal, name="insight-agenda-removal"),
    path("<int:pk>/dismissal/", insights.dismissal, name="insight-dismissal"),
    path("<int:pk>/dismissal/removal/", insights.dismissal_removal, name="insight-dismissal-removal"),
    path("<int:pk>/opportunity/", insights.opportunity, name="insight-opportunity"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/<slug:ref>/insights/", include(_insights)),
]
