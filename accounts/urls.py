"""Addresses of accounts beside those of sign-in itself."""

from django.urls import path

from accounts import session_views, views

app_name = "accounts"

urlpatterns = [
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("sessions/", session_views.sessions, name="sessions"),
    path("sessions/end/", session_views.end, name="end_session"),
    path("sessions/end-others/", session_views.end_others, name="end_others"),
    path("sessions/of-account/", session_views.of_account, name="sessions_of"),
    path("sessions/left/", session_views.left, name="session_left"),
    path("accounts/confirm/", views.confirm, name="step_up"),
    path("accounts/resume/", views.resume, name="resume"),
    path("accounts/resume/sign-in/", views.SignInAgain.as_view(), name="sign_in_again"),
]
