"""The product's addresses with single sign-on switched on."""

from django.urls import include, path

from steadyhand.web.signin_urls import single_sign_on

urlpatterns = [path("account/", include(single_sign_on)), path("", include("steadyhand.urls"))]
