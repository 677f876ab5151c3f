"""Addresses of the pages that bring files in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
