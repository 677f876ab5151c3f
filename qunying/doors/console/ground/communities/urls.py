"""Addresses of the pages of communities and groups."""

from django.urls import path

from qunying.doors.console.ground.communities import stewards, views

urlpatterns = [
    path("communities/", views.communities, name="communities"),
    path("communities-export/", views.export_communities, name="communities_export"),
    path("new-community/", views.new_community, name="community_new"),
    path("communities/<slug:slug>/settings/", views.community_settings, name="community_settings"),
    path("communities/<slug:slug>/groups/", views.groups, name="groups"),
    path("communities/<slug:slug>/groups/export/", views.export_groups, name="groups_export"),
    path("communities/<slug:slug>/groups/new/", views.new_group, name="group_new"),
    path("communities/<slug:slug>/groups/<int:pk>/", views.edit_group, name="group_edit"),
    path("communities/<slug:slug>/stewards/", stewards.appoint, name="steward_appoint"),
    path("communities/<slug:slug>/stewards/<int:pk>/dismiss/", stewards.dismiss, name="steward_dismiss"),
    path("members/<int:pk>/recognise/<slug:slug>/", stewards.recognise, name="member_recognise"),
    path("members/<int:pk>/withdraw/<int:recognition_pk>/", stewards.withdraw, name="member_withdraw"),
    path("members/<int:pk>/role/<int:membership_pk>/", stewards.role, name="member_role"),
]
