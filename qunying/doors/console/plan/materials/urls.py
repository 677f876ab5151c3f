"""Addresses of the pages of the library and of scripts."""

from django.urls import path

from qunying.doors.console.plan.materials import one, scripts, uploading, views

_ALL = "communities/<slug:slug>/materials/"
_ONE = f"{_ALL}<int:pk>/"
_SCRIPTS = f"{_ALL}scripts/"

urlpatterns = [
    path(_ALL, views.materials, name="materials"),
    path(f"{_ALL}export/", views.export, name="materials_export"),
    path(f"{_ALL}bulk/", views.bulk, name="materials_bulk"),
    path(f"{_ALL}undo/", views.undo, name="materials_undo"),
    path(f"{_ALL}folders/", views.folder, name="materials_folder"),
    path(f"{_ALL}upload/", uploading.upload, name="materials_upload"),
    path(f"{_ALL}new/", uploading.new, name="material_new"),
    path(_ONE, one.material, name="material"),
    path(f"{_ONE}replace/", one.replace, name="material_replace"),
    path(f"{_ONE}put/", one.put, name="material_put"),
    path(f"{_ONE}files/<int:number>/", one.file, name="material_file"),
    path(_SCRIPTS, scripts.scripts, name="scripts"),
    path(f"{_SCRIPTS}export/", scripts.export, name="scripts_export"),
    path(f"{_SCRIPTS}bulk/", scripts.bulk, name="scripts_bulk"),
    path(f"{_SCRIPTS}undo/", scripts.undo, name="scripts_undo"),
    path(f"{_SCRIPTS}new/", scripts.new, name="script_new"),
    path(f"{_SCRIPTS}bring/", scripts.bring, name="scripts_bring"),
    path(f"{_SCRIPTS}<int:pk>/", scripts.edit, name="script"),
    path(f"{_SCRIPTS}<int:pk>/used/", scripts.used, name="script_used"),
]
