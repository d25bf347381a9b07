"""Addresses of accounts beside those of sign-in itself."""

from django.urls import path, re_path

from accounts import views
from accounts.audit_pages import pages, readers

app_name = "accounts"

_UUID = r"(?P<public_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_KIND = r"(?P<kind>groups|people|reports)"

urlpatterns = [
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("audit/", pages.events, name="audit"),
    path("audit/events/<int:event_id>/", pages.event, name="audit_event"),
    re_path(rf"^readers/{_KIND}/{_UUID}/$", readers.readers, name="readers"),
    path("accounts/resume/", views.resume, name="resume"),
    path("accounts/resume/sign-in/", views.SignInAgain.as_view(), name="sign_in_again"),
]
