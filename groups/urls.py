"""Addresses of groups, people and identifiers."""

from django.urls import URLPattern

app_name = "groups"

urlpatterns: list[URLPattern] = []
