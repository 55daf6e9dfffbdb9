"""The addresses of forms on the client's pages."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.portal.views import forms

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:pk>/", forms.show, name="form"),
    path("<int:pk>/parts/<slug:section>/", forms.part, name="form-part"),
    path("<int:pk>/parts/<slug:section>/handing/", forms.handing, name="form-handing"),
    path("<int:pk>/handed/<int:handed_pk>/removal/", forms.handing_removal, name="form-handing-removal"),
    path("<int:pk>/answers/<slug:question>/", forms.answer, name="form-answer"),
    path("<int:pk>/others/<int:other_pk>/choice/", forms.choice, name="form-choice"),
    path("<int:pk>/files/<int:file_pk>/", forms.file, name="form-file"),
    path("<int:pk>/files/<int:file_pk>/removal/", forms.file_removal, name="form-file-removal"),
    path("<int:pk>/terms/", forms.agreed, name="form-terms"),
    path("<int:pk>/return/", forms.sent_back, name="form-return"),
    path("<int:pk>/reopening/", forms.reopening, name="form-reopening"),
]
