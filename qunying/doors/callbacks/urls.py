"""The one address for callbacks: platform, account, and whatever the platform puts behind it."""

from django.urls import path

from qunying.doors.callbacks.views import take

urlpatterns = [path("callbacks/<slug:platform>/<int:pk>/<path:rest>", take, name="callback")]
