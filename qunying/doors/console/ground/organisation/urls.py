"""Addresses of the pages of units, staff and roles."""

from __future__ import annotations

from django.urls import path

from qunying.doors.console.ground.organisation import bulk, invitations, keys, logos, people, roles, units

urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/export/", units.export, name="units_export"),
    path("units/new/", units.new_unit, name="unit_new"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/rename/", units.rename, name="unit_rename"),
    path("units/<int:pk>/logo/", logos.put, name="unit_logo"),
    path("units/<int:pk>/logo/remove/", logos.remove, name="unit_logo_remove"),
    path("units/<int:pk>/move/", units.move, name="unit_move"),
    path("units/<int:pk>/remove/", units.remove, name="unit_remove"),
    path("staff/", people.staff_list, name="staff"),
    path("staff/export/", people.export, name="staff_export"),
    path("staff/bulk/", bulk.change, name="staff_bulk"),
    path("staff/undo/", bulk.undo, name="staff_undo"),
    path("staff/new/", people.new_person, name="staff_new"),
    path("staff/invitations/", invitations.invitations, name="invitations"),
    path("staff/invitations/export/", invitations.export, name="invitations_export"),
    path("staff/invitations/new/", invitations.new_invitation, name="invitation_new"),
    path("staff/invitations/<int:pk>/revoke/", invitations.revoke, name="invitation_revoke"),
    path("join/<str:secret>/", invitations.join, name="join"),
    path("staff/<int:pk>/", people.person, name="person"),
    path("staff/<int:pk>/rename/", people.rename, name="person_rename"),
    path("staff/<int:pk>/password/", people.password, name="person_password"),
    path("staff/<int:pk>/standing/", people.standing, name="person_standing"),
    path("staff/<int:pk>/second-step/", people.second_step, name="person_second_step"),
    path("staff/<int:pk>/unlock/", people.unlock, name="person_unlock"),
    path("staff/<int:pk>/sign-out/", people.sign_out, name="person_sign_out"),
    path("staff/<int:pk>/roles/", people.grant, name="person_grant"),
    path("staff/<int:pk>/roles/<int:grant_pk>/revoke/", people.revoke, name="person_revoke"),
    path("roles/", roles.roles, name="roles"),
    path("roles/<slug:name>/", roles.role, name="role"),
    path("roles/<slug:name>/copy/", roles.copy, name="role_copy"),
    path("roles/<slug:name>/rename/", roles.rename, name="role_rename"),
    path("roles/<slug:name>/second-step/", roles.second_step, name="role_second_step"),
    path("roles/<slug:name>/reset/", roles.reset, name="role_reset"),
    path("roles/<slug:name>/remove/", roles.remove, name="role_remove"),
    path("keys/", keys.keys, name="keys"),
    path("keys/export/", keys.export, name="keys_export"),
    path("keys/new/", keys.new_key, name="key_new"),
    path("keys/<int:pk>/revoke/", keys.revoke, name="key_revoke"),
]
