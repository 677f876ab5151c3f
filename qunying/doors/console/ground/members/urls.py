"""Addresses of the pages of members."""

from django.urls import path

from qunying.doors.console.ground.members import acts, bots, bulk, several, views

urlpatterns = [
    path("communities/<slug:slug>/members/", views.members, name="members"),
    path("communities/<slug:slug>/members/bulk/", bulk.change, name="members_bulk"),
    path("communities/<slug:slug>/members/undo/", bulk.undo, name="members_undo"),
    path("communities/<slug:slug>/members/export/", bulk.export, name="members_export"),
    path("communities/<slug:slug>/members/bots/", bots.bots, name="members_bots"),
    path("communities/<slug:slug>/members/bots/deny/", bots.deny, name="members_deny_bots"),
    path("communities/<slug:slug>/members/several/", several.several, name="members_several"),
    path("communities/<slug:slug>/members/several/export/", several.export, name="members_several_export"),
    path("members/<int:pk>/", views.member, name="member"),
    path("members/<int:pk>/timeline/", views.timeline, name="member_timeline"),
    path("members/<int:pk>/rename/", acts.rename, name="member_rename"),
    path("members/<int:pk>/mark/", acts.mark, name="member_mark"),
    path("members/<int:pk>/tag/", acts.tag, name="member_tag"),
    path("members/<int:pk>/untag/<int:tag_pk>/", acts.untag, name="member_untag"),
    path("members/<int:pk>/note/", acts.note, name="member_note"),
    path("members/<int:pk>/private/", acts.set_private, name="member_private"),
    path("members/<int:pk>/private/<slug:name>/clear/", acts.clear_private, name="member_private_clear"),
    path("members/<int:pk>/private/<slug:name>/unmask/", acts.unmask, name="member_unmask"),
]
