"""Addresses of playbooks."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qunying.doors.console.plan.playbooks import applications, keeping, versions, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("playbooks/", views.shelf, name="playbooks"),
    path("playbooks/choose/", views.choose, name="playbook_choose"),
    path("playbooks/own/", views.own, name="playbook_own"),
    path("playbooks/<slug:name>/remove/", keeping.remove, name="playbook_remove"),
    path("playbooks/<slug:name>/restore/", keeping.restore, name="playbook_restore"),
    path("playbooks/<slug:name>/versions/<str:number>.yaml", keeping.version, name="playbook_version"),
    path("playbooks/<slug:name>/", views.one, name="playbook"),
    path("playbooks/<slug:name>.yaml", views.file, name="playbook_file"),
    path("playbooks/<slug:name>/draft/", views.draft, name="playbook_draft"),
    path("playbooks/from/<int:pk>/", applications.origin, name="application_origin"),
    path("communities/<slug:slug>/playbooks/", applications.history, name="community_playbooks"),
    path("communities/<slug:slug>/playbooks/export.yaml", applications.export, name="playbook_export"),
    path("communities/<slug:slug>/playbooks/keep/", keeping.keep, name="playbook_keep"),
    path("communities/<slug:slug>/playbooks/<int:pk>/changes/", versions.changes, name="application_changes"),
    path("communities/<slug:slug>/playbooks/<int:pk>/update/", versions.update, name="application_update"),
    path("communities/<slug:slug>/playbooks/<int:pk>/decline/", versions.decline, name="application_decline"),
    path("communities/<slug:slug>/playbooks/<int:pk>/", applications.one, name="application"),
    path("communities/<slug:slug>/playbooks/<int:pk>.yaml", applications.file, name="application_file"),
    path("communities/<slug:slug>/playbooks/<int:pk>/review/", applications.review, name="application_review"),
    path("communities/<slug:slug>/playbooks/<int:pk>/undo/", applications.undo, name="application_undo"),
    path("communities/<slug:slug>/playbooks/<int:pk>/discard/", applications.discard, name="application_discard"),
]
