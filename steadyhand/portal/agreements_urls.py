"""The client's addresses of agreements."""

from django.urls import URLPattern, path

from steadyhand.portal.views import agreements

urlpatterns: list[URLPattern] = [
    path("<int:pk>/", agreements.show, name="agreement"),
    path("<int:pk>/comments/", agreements.comments, name="agreement-comments"),
    path("<int:pk>/signature/", agreements.signature, name="agreement-signature"),
    path("<int:pk>/declining/", agreements.declining, name="agreement-declining"),
    path("<int:pk>/sealed.pdf", agreements.paper, name="agreement-paper"),
]
