"""The addresses of forms for clients: nouns; POST makes."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import onboarding_forms as forms

urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/<slug:ref>/forms/", forms.index, name="client-forms"),
    path("clients/<slug:ref>/forms/new/<slug:form>/", forms.new, name="client-form-new"),
    path("forms/<int:pk>/", forms.show, name="form"),
    path("forms/<int:pk>/taking-over/", forms.taking_over, name="form-taking-over"),
    path("forms/<int:pk>/link/", forms.link, name="form-link"),
    path("forms/<int:pk>/renewal/", forms.renewal, name="form-renewal"),
    path("forms/<int:pk>/reopening/", forms.reopening, name="form-reopening"),
    path("forms/<int:pk>/withdrawal/", forms.withdrawal, name="form-withdrawal"),
    path("forms/<int:pk>/files/<int:file_pk>/", forms.file, name="form-file"),
]
