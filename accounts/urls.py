"""Addresses of accounts beside those of sign-in itself."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("accounts/confirm/", views.confirm, name="step_up"),
    path("accounts/resume/", views.resume, name="resume"),
    path("accounts/resume/sign-in/", views.SignInAgain.as_view(), name="sign_in_again"),
]
