"""Addresses of the pages that bring files in."""

from django.urls import path

from qunying.doors.console.ground.imports import listing, runs, steps

urlpatterns = [
    path("communities/<slug:slug>/imports/", listing.imports, name="imports"),
    path("communities/<slug:slug>/imports/export/", listing.export, name="imports_export"),
    path("communities/<slug:slug>/imports/new/", steps.upload, name="import_new"),
    path("communities/<slug:slug>/imports/<slug:token>/files/", steps.upload, name="import_files"),
    path("communities/<slug:slug>/imports/<slug:token>/files/<int:pk>/drop/", steps.drop_file, name="import_drop"),
    path("communities/<slug:slug>/imports/<slug:token>/format/", steps.recognised, name="import_format"),
    path("communities/<slug:slug>/imports/<slug:token>/columns/", steps.columns, name="import_columns"),
    path("communities/<slug:slug>/imports/<slug:token>/try/", steps.try_out, name="import_try"),
    path("imports/<int:pk>/", runs.one, name="import_run"),
    path("imports/<int:pk>/progress/", runs.progress, name="import_progress"),
    path("imports/<int:pk>/go/", runs.go, name="import_go"),
    path("imports/<int:pk>/cancel/", runs.cancel, name="import_cancel"),
    path("imports/<int:pk>/rejected.csv", runs.rejected, name="import_rejected"),
]
