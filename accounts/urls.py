"""Addresses of accounts beside those of sign-in itself."""

from django.urls import path, re_path

from accounts import session_views, views
from accounts.audit_pages import pages, readers

app_name = "accounts"

_UUID = r"(?P<public_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_KIND = r"(?P<kind>groups|people|reports)"

urlpatterns = [
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("sessions/", session_views.sessions, name="sessions"),
    path("sessions/end/", session_views.end, name="end_session"),
    path("sessions/end-others/", session_views.end_others, name="end_others"),
    path("sessions/of-account/", session_views.of_account, name="sessions_of"),
    path("sessions/left/", session_views.left, name="session_left"),
    path("accounts/confirm/", views.confirm, name="step_up"),
    path("audit/", pages.events, name="audit"),
    path("audit/events/<int:event_id>/", pages.event, name="audit_event"),
    re_path(rf"^readers/{_KIND}/{_UUID}/$", readers.readers, name="readers"),
    path("accounts/resume/", views.resume, name="resume"),
    path("accounts/resume/sign-in/", views.SignInAgain.as_view(), name="sign_in_again"),
]
