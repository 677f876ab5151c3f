"""Addresses of the pages on webhooks."""

from django.urls import path

from qunying.doors.console.ground.webhooks import views

urlpatterns = [
    path("webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/export/", views.export, name="webhooks_export"),
    path("webhooks/new/", views.new, name="webhook_new"),
    path("webhooks/<int:pk>/", views.one, name="webhook"),
    path("webhooks/<int:pk>/deliveries/export/", views.export_deliveries, name="webhook_deliveries_export"),
    path("webhooks/<int:pk>/off/", views.off, name="webhook_off"),
    path("webhooks/<int:pk>/on/", views.on, name="webhook_on"),
    path("webhooks/<int:pk>/test/", views.test, name="webhook_test"),
    path("webhooks/<int:pk>/again/", views.again, name="webhook_again"),
    path("webhooks/<int:pk>/again/<int:delivery>/", views.again, name="webhook_again_one"),
]
