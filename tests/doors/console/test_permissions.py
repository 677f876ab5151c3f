"""Every route × every member of the cast: what each is answered, written down; a new route without a line fails.

A person outside the unit is told 404, as if the thing did not exist; one inside whose role does not
reach is told 403 or, where the role sees nothing of the kind, 404; who is not signed in is led to sign-in.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from qunying.act.suggestions.models import Suggestion
from qunying.check.alerts.models import Alert
from qunying.check.reports.models import MadeReport, ReportSchedule
from qunying.do.recruitment.services import book_cost
from qunying.ground.access.models import ApiKey, Invitation
from qunying.ground.events.models import Event, ParkedEvent
from qunying.ground.groups.models import Membership
from qunying.ground.groups.services_stewards import appoint_steward, recognise_member
from qunying.ground.imports.models import ImportRun
from qunying.ground.jobs.models import Job
from qunying.ground.members.models import Member, MemberTag, Tag, TagDimension
from qunying.ground.members.services_private import set_private_field
from qunying.ground.merges.models import Likeness
from qunying.ground.merges.services import merge_members
from qunying.ground.segments.services import create_segment
from qunying.ground.subjects.services import take_request
from qunying.ground.webhooks.models import Endpoint
from qunying.ground.webhooks.sealing import seal_secret
from qunying.plan.playbooks.services import draft_playbook
from qunying.plan.playbooks.services_shelf import put_playbook
from qunying.plan.playbooks.shelf import playbook_named
from qunying.plan.schedule.services import add_work
from tests.support.cast import TESTS
from tests.support.content import CONTENT_ROUTES, make_entry
from tests.support.goals import make_goal
from tests.support.platforms import PLATFORM_ROUTES, platform_things
from tests.support.reach import REACH_ROUTES, reach_things
from tests.support.recruitment import make_channel, put_up
from tests.support.routes_recruitment import RECRUITMENT_ROUTES
from tests.support.words import WORD_ROUTES, make_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from django.urls import URLResolver
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
CAST = ("director", "lead", "specialist", "reviewer", "outsider", "anonymous")
SLUG = {"slug": "flowers"}
HERE = {"all": True, "parts": [{"is": "state", "state": "present"}]}
DRAFT = SLUG | {"token": "nobody"}
OWN_BOOK = "name: own-book\nversion: 1\ntitle: 自己的方案\nfor: 小店\ndescription: 一句话\n"

ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "set_theme": ("post", {}, "302 302 302 302 302 302"),
    "switch_list": ("get", {}, "200 200 200 200 200 enter"),
    "account_login": ("get", {}, "302 302 302 302 302 200"),
    "account_logout": ("get", {}, "200 200 200 200 200 enter"),
    "account_inactive": ("get", {}, "200 200 200 200 200 200"),
    "account_reauthenticate": ("get", {}, "200 200 200 200 200 enter"),
    "account_change_password": ("get", {}, "200 200 200 200 200 enter"),
    "mfa_index": ("get", {}, "200 200 200 200 200 enter"),
    "mfa_authenticate": ("get", {}, "302 302 302 302 302 enter"),
    "mfa_reauthenticate": ("get", {}, "302 302 302 302 302 enter"),
    "mfa_activate_totp": ("get", {}, "302 302 302 302 302 enter"),
    "mfa_deactivate_totp": ("get", {}, "404 404 404 404 404 enter"),
    "mfa_view_recovery_codes": ("get", {}, "404 404 404 404 404 enter"),
    "mfa_generate_recovery_codes": ("get", {}, "302 302 302 302 302 enter"),
    "mfa_login_webauthn": ("get", {}, "302 302 302 302 302 enter"),
    "mfa_reauthenticate_webauthn": ("get", {}, "302 302 302 302 302 enter"),
    "mfa_add_webauthn": ("get", {}, "302 302 302 302 302 enter"),
    "mfa_edit_webauthn": ("get", {"pk": "passkey"}, "302 302 302 302 302 enter"),
    "mfa_remove_webauthn": ("get", {"pk": "passkey"}, "302 302 302 302 302 enter"),
    "sessions": ("get", {}, "200 200 200 200 200 enter"),
    "sessions_end_others": ("post", {}, "302 302 302 302 302 enter"),
    "session_end": ("post", {"pk": "session"}, "302 302 302 302 302 enter"),
    "profile": ("get", {}, "200 200 200 200 200 enter"),
    "set_language": ("post", {}, "302 302 302 302 302 302"),
    "communities": ("get", {}, "200 200 200 200 200 enter"),
    "communities_export": ("get", {}, "200 200 403 403 200 enter"),
    "community_new": ("get", {}, "200 200 403 403 200 enter"),
    "community_settings": ("get", SLUG, "200 200 403 403 404 enter"),
    "groups": ("get", SLUG, "200 200 200 200 404 enter"),
    "groups_export": ("get", SLUG, "200 200 403 403 404 enter"),
    "group_new": ("get", SLUG, "200 200 403 403 404 enter"),
    "group_edit": ("get", SLUG | {"pk": "group"}, "200 200 403 403 404 enter"),
    "members": ("get", SLUG, "200 200 200 200 404 enter"),
    "members_bulk": ("post", SLUG, "302 302 302 403 404 enter"),
    "members_undo": ("post", SLUG, "302 302 302 403 404 enter"),
    "members_export": ("get", SLUG, "200 200 403 403 404 enter"),
    "members_bots": ("get", SLUG, "200 200 200 403 404 enter"),
    "members_deny_bots": ("post", SLUG, "302 302 302 403 404 enter"),
    "member": ("get", {"pk": "member"}, "200 200 200 200 404 enter"),
    "member_timeline": ("get", {"pk": "member"}, "200 200 200 200 404 enter"),
    "member_rename": ("post", {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_mark": ("post", {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_tag": ("post", {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_untag": ("post", {"pk": "member", "tag_pk": "tag"}, "302 302 302 403 404 enter"),
    "member_note": ("post", {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_private": ("post", {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_private_clear": ("post", {"pk": "member", "name": "phone"}, "302 302 302 403 404 enter"),
    "member_unmask": ("post", {"pk": "member", "name": "phone"}, "302 302 403 403 404 enter"),
    "merges": ("get", {}, "200 200 200 403 200 enter"),
    "merges_look": ("post", {}, "302 302 302 403 302 enter"),
    "merges_rules": ("post", {}, "302 403 403 403 403 enter"),
    "likeness_dismiss": ("post", {"pk": "likeness"}, "302 302 302 404 404 enter"),
    "likeness_reopen": ("post", {"pk": "likeness"}, "404 404 404 404 404 enter"),
    "merge_undo": ("post", {"pk": "merge"}, "302 302 302 403 404 enter"),
    "member_merge": ("get", {"pk": "member"}, "200 200 200 403 404 enter"),
    "member_merge_with": ("post", {"pk": "member", "other_pk": "other"}, "302 302 302 403 404 enter"),
    "steward_appoint": ("post", SLUG, "302 302 403 403 404 enter"),
    "steward_dismiss": ("post", SLUG | {"pk": "steward"}, "302 302 403 403 404 enter"),
    "member_recognise": ("post", SLUG | {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_withdraw": ("post", {"pk": "member", "recognition_pk": "recognition"}, "302 302 302 403 404 enter"),
    "member_role": ("post", {"pk": "member", "membership_pk": "membership"}, "302 302 302 403 404 enter"),
    "segments": ("get", {}, "200 200 200 200 200 enter"),
    "segments_export": ("get", {}, "200 200 403 403 200 enter"),
    "segment_new": ("get", {}, "200 200 200 403 200 enter"),
    "segment_draft": ("post", {}, "400 400 400 403 400 enter"),
    "segment": ("get", {"pk": "segment"}, "200 200 200 200 404 enter"),
    "segment_edit": ("get", {"pk": "segment"}, "200 200 200 404 404 enter"),
    "segment_tag": ("post", {"pk": "segment"}, "302 302 302 404 404 enter"),
    "segment_remove": ("post", {"pk": "segment"}, "302 302 302 404 404 enter"),
    "tags": ("get", {}, "200 200 200 200 200 enter"),
    "tags_export": ("get", {}, "200 200 403 403 200 enter"),
    "tags_ship": ("post", {}, "302 403 403 403 403 enter"),
    "tags_dimension": ("post", {"pk": "dimension"}, "302 403 403 403 403 enter"),
    "tags_tag": ("post", {"pk": "tag"}, "302 403 403 403 403 enter"),
    "privacy_requests": ("get", {}, "200 403 403 403 200 enter"),
    "privacy_requests_export": ("get", {}, "200 403 403 403 200 enter"),
    "privacy_request": ("get", {"pk": "asked"}, "200 404 404 404 404 enter"),
    "privacy_correct": ("post", {"pk": "asked"}, "302 404 404 404 404 enter"),
    "privacy_erase": ("post", {"pk": "asked"}, "302 404 404 404 404 enter"),
    "privacy_close": ("post", {"pk": "asked"}, "302 404 404 404 404 enter"),
    "member_privacy": ("get", {"pk": "member"}, "200 200 200 200 404 enter"),
    "member_consent": ("post", {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_age": ("post", {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_freeze": ("post", {"pk": "member"}, "302 403 403 403 404 enter"),
    "member_request": ("post", {"pk": "member"}, "302 302 302 403 404 enter"),
    "member_export": ("post", {"pk": "member"}, "302 403 403 403 404 enter"),
    "keeping": ("get", {}, "200 403 403 403 200 enter"),
    "keeping_set": ("post", {}, "404 403 403 403 403 enter"),
    "keys_rotate": ("post", {}, "302 403 403 403 403 enter"),
    "imports": ("get", SLUG, "200 200 200 404 404 enter"),
    "imports_export": ("get", SLUG, "200 200 403 404 404 enter"),
    "import_new": ("get", SLUG, "200 200 200 404 404 enter"),
    "import_files": ("get", DRAFT, "404 404 404 404 404 enter"),
    "import_drop": ("post", SLUG | {"token": "nobody", "pk": "run"}, "404 404 404 404 404 enter"),
    "import_format": ("get", DRAFT, "404 404 404 404 404 enter"),
    "import_columns": ("get", DRAFT, "404 404 404 404 404 enter"),
    "import_try": ("post", DRAFT, "404 404 404 404 404 enter"),
    "import_run": ("get", {"pk": "run"}, "200 200 200 404 404 enter"),
    "import_progress": ("get", {"pk": "run"}, "200 200 200 404 404 enter"),
    "import_go": ("post", {"pk": "run"}, "302 302 302 404 404 enter"),
    "import_cancel": ("post", {"pk": "run"}, "302 302 302 404 404 enter"),
    "import_rejected": ("get", {"pk": "run"}, "404 404 404 404 404 enter"),
    "overview": ("get", {}, "200 200 200 200 200 enter"),
    "panel": ("get", {"name": "overview-cards"}, "200 200 200 200 404 enter"),
    "figure": ("get", {"metric": "messages"}, "200 200 200 200 404 enter"),
    "community": ("get", SLUG, "200 200 200 200 404 enter"),
    "community_overview": ("get", SLUG, "200 200 200 200 404 enter"),
    "community_panel": ("get", SLUG | {"name": "overview-cards"}, "200 200 200 200 404 enter"),
    "community_figure": ("get", SLUG | {"metric": "messages"}, "200 200 200 200 404 enter"),
    "activity": ("get", {}, "200 200 200 200 200 enter"),
    "community_activity": ("get", SLUG, "200 200 200 200 404 enter"),
    "retention": ("get", {}, "200 200 200 200 200 enter"),
    "community_retention": ("get", SLUG, "200 200 200 200 404 enter"),
    "funnel": ("get", {}, "200 200 200 200 200 enter"),
    "community_funnel": ("get", SLUG, "200 200 200 200 404 enter"),
    "lifecycle": ("get", {}, "200 200 200 200 200 enter"),
    "community_lifecycle": ("get", SLUG, "200 200 200 200 404 enter"),
    "orders": ("get", {}, "200 200 200 200 200 enter"),
    "community_orders": ("get", SLUG, "200 200 200 200 404 enter"),
    "units": ("get", {}, "200 200 200 200 200 enter"),
    "units_export": ("get", {}, "200 200 403 403 200 enter"),
    "unit_new": ("get", {}, "200 403 403 403 200 enter"),
    "unit": ("get", {"pk": "unit"}, "200 200 200 200 404 enter"),
    "unit_rename": ("post", {"pk": "unit"}, "302 403 403 403 404 enter"),
    "unit_logo": ("post", {"pk": "unit"}, "302 403 403 403 404 enter"),
    "unit_logo_remove": ("post", {"pk": "unit"}, "302 403 403 403 404 enter"),
    "unit_move": ("post", {"pk": "unit"}, "400 403 403 403 404 enter"),
    "unit_remove": ("post", {"pk": "unit"}, "400 403 403 403 404 enter"),
    "staff": ("get", {}, "200 200 403 403 200 enter"),
    "staff_export": ("get", {}, "200 200 403 403 200 enter"),
    "staff_bulk": ("post", {}, "302 302 403 403 302 enter"),
    "staff_undo": ("post", {}, "302 302 403 403 302 enter"),
    "staff_new": ("get", {}, "200 200 403 403 200 enter"),
    "invitations": ("get", {}, "200 200 403 403 200 enter"),
    "invitations_export": ("get", {}, "200 200 403 403 200 enter"),
    "invitation_new": ("get", {}, "200 200 403 403 200 enter"),
    "invitation_revoke": ("post", {"pk": "invitation"}, "302 302 403 403 404 enter"),
    "join": ("get", {"secret": "made-up"}, "404 404 404 404 404 404"),
    **RECRUITMENT_ROUTES,
    "person": ("get", {"pk": "person"}, "200 200 403 403 404 enter"),
    "person_rename": ("post", {"pk": "person"}, "302 302 403 403 404 enter"),
    "person_password": ("post", {"pk": "person"}, "302 302 403 403 404 enter"),
    "person_standing": ("post", {"pk": "person"}, "302 302 403 403 404 enter"),
    "person_second_step": ("post", {"pk": "person"}, "302 302 403 403 404 enter"),
    "person_unlock": ("post", {"pk": "person"}, "302 302 403 403 404 enter"),
    "person_sign_out": ("post", {"pk": "person"}, "302 302 403 403 404 enter"),
    "person_grant": ("post", {"pk": "person"}, "400 400 403 403 404 enter"),
    "person_revoke": ("post", {"pk": "person", "grant_pk": "grant"}, "302 302 403 403 404 enter"),
    "roles": ("get", {}, "200 200 200 200 200 enter"),
    "role": ("get", {"name": "editor"}, "200 200 200 200 200 enter"),
    "role_copy": ("post", {"name": "editor"}, "302 403 403 403 403 enter"),
    "role_rename": ("post", {"name": "editor"}, "302 403 403 403 403 enter"),
    "role_second_step": ("post", {"name": "editor"}, "302 403 403 403 403 enter"),
    "role_reset": ("post", {"name": "editor"}, "302 403 403 403 403 enter"),
    "role_remove": ("post", {"name": "editor"}, "302 403 403 403 403 enter"),
    "keys": ("get", {}, "200 200 403 403 200 enter"),
    "keys_export": ("get", {}, "200 200 403 403 200 enter"),
    "key_new": ("get", {}, "302 302 403 403 302 enter"),
    "key_revoke": ("post", {"pk": "key"}, "302 302 403 403 404 enter"),
    **PLATFORM_ROUTES,
    "webhooks": ("get", {}, "200 200 403 403 200 enter"),
    "webhooks_export": ("get", {}, "200 200 403 403 200 enter"),
    "webhook_new": ("get", {}, "302 302 403 403 302 enter"),
    "webhook": ("get", {"pk": "webhook"}, "200 200 403 403 404 enter"),
    "webhook_deliveries_export": ("get", {"pk": "webhook"}, "200 200 403 403 404 enter"),
    "webhook_off": ("post", {"pk": "webhook"}, "302 302 403 403 404 enter"),
    "webhook_on": ("post", {"pk": "webhook"}, "302 302 403 403 404 enter"),
    "webhook_test": ("post", {"pk": "webhook"}, "302 302 403 403 404 enter"),
    "webhook_again": ("post", {"pk": "webhook"}, "302 302 403 403 404 enter"),
    "webhook_again_one": ("post", {"pk": "webhook", "delivery": "webhook_delivery"}, "302 302 403 403 404 enter"),
    "jobs": ("get", {}, "200 200 200 200 200 enter"),
    "jobs_export": ("get", {}, "200 200 403 403 200 enter"),
    "jobs_cancel": ("post", {}, "302 302 302 302 302 enter"),
    "job": ("get", {"pk": "job"}, "200 200 200 404 404 enter"),
    "job_progress": ("get", {"pk": "job"}, "200 200 200 404 404 enter"),
    "job_cancel": ("post", {"pk": "job"}, "302 302 302 404 404 enter"),
    "followers": ("get", {}, "200 403 403 403 200 enter"),
    "followers_export": ("get", {}, "200 403 403 403 200 enter"),
    "parked_export": ("get", {}, "200 403 403 403 200 enter"),
    "parked_retry_many": ("post", {}, "302 403 403 403 302 enter"),
    "follower_replay": ("post", {"name": "warehouse"}, "302 403 403 403 403 enter"),
    "parked_retry": ("post", {"pk": "parked"}, "302 403 403 403 404 enter"),
    "healthz": ("get", {}, "200 200 200 200 200 200"),
    "readyz": ("get", {}, "200 200 200 200 200 200"),
    "metrics": ("get", {}, "200 200 200 200 200 200"),
    "health": ("get", {}, "200 403 403 403 200 enter"),
    "health_export": ("get", {}, "200 403 403 403 200 enter"),
    "health_look": ("post", {}, "302 403 403 403 403 enter"),
    "health_backup": ("post", {}, "302 403 403 403 403 enter"),
    "audit": ("get", {}, "200 403 403 403 200 enter"),
    "audit_export": ("get", {}, "200 403 403 403 200 enter"),
    "audit_verify": ("post", {}, "200 403 403 403 403 enter"),
    "reports": ("get", {}, "200 200 200 200 200 enter"),
    "report": ("get", SLUG, "200 200 200 200 404 enter"),
    "report_schedules": ("get", {}, "200 200 200 200 200 enter"),
    "report_schedule_new": ("get", SLUG, "200 200 403 403 404 enter"),
    "report_pause": ("post", {"pk": "schedule"}, "302 302 403 403 404 enter"),
    "report_resume": ("post", {"pk": "schedule"}, "302 302 403 403 404 enter"),
    "report_make": ("post", {"pk": "schedule"}, "302 302 403 403 404 enter"),
    "report_made": ("get", {"pk": "made"}, "404 404 404 404 404 enter"),
    "report_send": ("post", {"pk": "made"}, "404 404 404 404 404 enter"),
    "report_sheet": ("get", SLUG, "200 200 200 200 404 enter"),
    "supervision": ("get", {}, "200 200 200 200 200 enter"),
    "supervision_export": ("get", {}, "200 200 403 403 200 enter"),
    "supervision_work": ("get", {}, "200 200 200 200 200 enter"),
    "supervision_unit": ("get", {"pk": "unit"}, "200 200 200 200 404 enter"),
    "supervision_unit_export": ("get", {"pk": "unit"}, "200 200 403 403 404 enter"),
    "supervision_unit_work": ("get", {"pk": "unit"}, "200 200 200 200 404 enter"),
    "supervision_tolerance": ("post", {"pk": "unit"}, "302 403 403 403 404 enter"),
    "community_supervision_work": ("get", SLUG, "200 200 200 200 404 enter"),
    **WORD_ROUTES,
    "playbooks": ("get", {}, "200 200 200 200 200 enter"),
    "playbook_choose": ("get", {}, "200 200 200 200 200 enter"),
    "playbook_own": ("get", {}, "200 200 200 200 200 enter"),
    "playbook": ("get", {"name": "club-150"}, "200 200 200 200 200 enter"),
    "playbook_file": ("get", {"name": "club-150"}, "200 200 200 200 200 enter"),
    "playbook_draft": ("post", {"name": "club-150"}, "404 404 404 404 404 enter"),
    "playbook_version": ("get", {"name": "own-book", "number": "1"}, "200 200 200 200 404 enter"),
    "playbook_remove": ("post", {"name": "own-book"}, "302 302 403 403 404 enter"),
    "playbook_restore": ("post", {"name": "own-book"}, "302 302 403 403 404 enter"),
    "playbook_keep": ("post", SLUG, "200 200 403 403 404 enter"),
    "application_changes": ("get", SLUG | {"pk": "application"}, "404 404 404 404 404 enter"),
    "application_update": ("post", SLUG | {"pk": "application"}, "302 302 403 403 404 enter"),
    "application_decline": ("post", SLUG | {"pk": "application"}, "302 302 403 403 404 enter"),
    "community_playbooks": ("get", SLUG, "200 200 200 200 404 enter"),
    "playbook_export": ("get", SLUG, "200 200 200 200 404 enter"),
    "application_origin": ("get", {"pk": "application"}, "302 302 302 302 404 enter"),
    "application": ("get", SLUG | {"pk": "application"}, "200 200 200 200 404 enter"),
    "application_file": ("get", SLUG | {"pk": "application"}, "200 200 200 200 404 enter"),
    "application_review": ("post", SLUG | {"pk": "application"}, "400 400 403 403 404 enter"),
    "application_undo": ("post", SLUG | {"pk": "application"}, "302 302 403 403 404 enter"),
    "application_discard": ("post", SLUG | {"pk": "application"}, "302 302 403 403 404 enter"),
    "today": ("get", {}, "200 200 200 200 200 enter"),
    "today_overnight": ("get", {}, "200 200 200 200 200 enter"),
    "work_new": ("get", {}, "200 200 200 403 403 enter"),
    "work": ("get", {"pk": "work"}, "200 200 200 200 404 enter"),
    "work_done": ("post", {"pk": "work"}, "302 302 302 403 404 enter"),
    "work_reopen": ("post", {"pk": "work"}, "302 302 302 403 404 enter"),
    "work_drop": ("post", {"pk": "work"}, "302 302 302 403 404 enter"),
    "suggestions": ("get", {}, "200 200 200 200 200 enter"),
    "community_suggestions": ("get", SLUG, "200 200 200 200 404 enter"),
    "suggestions_look": ("post", SLUG, "302 302 302 403 404 enter"),
    "suggestion_origin": ("get", {"pk": "suggestion"}, "302 302 302 302 404 enter"),
    "suggestion_accept": ("post", {"pk": "suggestion"}, "302 302 302 403 404 enter"),
    "suggestion_dismiss": ("post", {"pk": "suggestion"}, "302 302 302 403 404 enter"),
    "suggestion_reopen": ("post", {"pk": "suggestion"}, "302 302 302 403 404 enter"),
    "goals": ("get", SLUG, "200 200 200 200 404 enter"),
    "goals_export": ("get", SLUG | {"form": "csv"}, "200 200 403 403 404 enter"),
    "goals_count": ("post", SLUG, "302 302 403 403 404 enter"),
    "goal_new": ("get", SLUG, "200 200 403 403 404 enter"),
    "goal_baseline": ("get", SLUG, "200 200 200 200 404 enter"),
    "goal": ("get", SLUG | {"pk": "goal"}, "200 200 200 200 404 enter"),
    "goal_chart": ("get", SLUG | {"pk": "goal"}, "200 200 200 200 404 enter"),
    "goal_edit": ("get", SLUG | {"pk": "goal"}, "200 200 403 403 404 enter"),
    "goal_revise": ("get", SLUG | {"pk": "goal"}, "200 200 403 403 404 enter"),
    "goal_enter": ("post", SLUG | {"pk": "goal"}, "302 302 403 403 404 enter"),
    "goal_drop": ("post", SLUG | {"pk": "goal"}, "302 302 403 403 404 enter"),
    "goal_take_baseline": ("post", SLUG | {"pk": "goal"}, "302 302 403 403 404 enter"),
    "stage_set": ("post", SLUG, "302 302 403 403 404 enter"),
    "alert_acknowledge": ("post", SLUG | {"pk": "alert"}, "302 302 403 403 404 enter"),
    "report_file": ("get", SLUG | {"name": "2026-W02", "form": "html"}, "200 200 200 200 404 enter"),
    **REACH_ROUTES,
}
ROUTES |= CONTENT_ROUTES
"""Route → method, what its address names, and the answers to the cast in the order of CAST."""


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """Every route of the console, those of included lists, too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.namespace != "api":  # has keys instead of people, and tests of its own
            yield from routes(pattern.url_patterns)


def _schedule(community: Community) -> ReportSchedule:
    return ReportSchedule.objects.create(
        community=community, grain="week", form="html", language="en", since=timezone.now()
    )


def _webhook(units: Units, owner: Staff) -> Endpoint:
    made = Endpoint.objects.create(name="收银", url="https://example.com/", unit=units.shop, owner=owner)
    made.sealed = seal_secret(made, "secret")
    made.save()
    return made


def _made(schedule: ReportSchedule) -> MadeReport:
    """A report whose file has gone: nobody can take it away."""
    return MadeReport.objects.create(
        schedule=schedule,
        community=schedule.community,
        grain="week",
        period="2020-W40",
        form="html",
        language="en",
        size=1,
        made_at=timezone.now(),
    )


@pytest.fixture(autouse=True)
def _quiet(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    cache.clear()


@pytest.fixture
def cast(director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff) -> dict[str, Staff | None]:
    """Everybody, and nobody."""
    return dict(zip(CAST, (director, lead, specialist, reviewer, outsider, None), strict=True))


@pytest.fixture
def things(
    units: Units, community: Community, group: Group, xiaomei: Member, aqiang: Member, specialist: Staff
) -> dict[str, int]:
    """One of everything, all of it in 花店一店 and none of it the cast's own: the ids that addresses name."""
    job = Job.objects.create(kind="tests", actor="system:tests", unit=units.shop)
    behind = Job.objects.create(kind="import", actor="system:tests", unit=units.shop, checkpoint={"files": []})
    tag = Tag.objects.create(dimension=TagDimension.objects.create(name="试"), name="花友")
    MemberTag.objects.create(member=xiaomei, tag=tag, source=MemberTag.Source.HAND)
    set_private_field(xiaomei, name="phone", value="13800138000", by=TESTS)
    seen = date(2026, 3, 2)
    found = {
        "key": "speakers",
        "detector": "speakers",
        "effect": -0.4,
        "q": 0.001,
        "seen_first": seen,
        "seen_last": seen,
    }
    found["params"] = {"now": 3, "usual": 5, "weeks": 8}
    put_playbook(OWN_BOOK, unit=units.shop, by=TESTS)
    goal = make_goal(community)
    third = merge_members(xiaomei, absorbed=Member.objects.create(), by=TESTS)
    pair = Likeness.objects.create(first=xiaomei, second=aqiang, score=0.9)
    put_up(group)
    channel = make_channel(community)
    return {
        "unit": units.shop.pk,
        "goal": goal.pk,
        "alert": Alert.objects.create(goal=goal, level=2, peak=2, value=16, opened=seen, since=seen).pk,
        "person": specialist.pk,
        "grant": specialist.grants.get().pk,
        "invitation": Invitation.objects.create(
            digest=b"", role="editor", unit=units.shop, invited_by=specialist, expires_at=timezone.now()
        ).pk,
        "passkey": 1,
        "session": 1,
        "key": ApiKey.objects.create(name="收银", prefix="tests", digest=b"", unit=units.shop, owner=specialist).pk,
        "webhook": (webhook := _webhook(units, specialist)).pk,
        "webhook_delivery": webhook.deliveries.create(
            message_id="msg", begun_at=timezone.now(), due_at=timezone.now(), ended_at=timezone.now(), state="failed"
        ).pk,
        **platform_things(units, community),
        "group": group.pk,
        "member": xiaomei.pk,
        "asked": take_request(xiaomei, kind="freeze", by=TESTS).pk,
        "other": aqiang.pk,
        "merge": third.pk,
        "steward": appoint_steward(community, level=1, person=xiaomei, by=TESTS).pk,
        "recognition": recognise_member(xiaomei, community=community, kind="leader", by=TESTS).pk,
        "membership": Membership.objects.get(identity__external_id="xiaomei").pk,
        "segment": create_segment(units.shop, name="都在", conditions=HERE, by=TESTS).pk,
        "likeness": pair.pk,
        "tag": tag.pk,
        "dimension": tag.dimension_id,
        "job": job.pk,
        "schedule": (schedule := _schedule(community)).pk,
        "made": _made(schedule).pk,
        "run": ImportRun.objects.create(job=behind, community=community, format="irc").pk,
        "work": add_work("换海报", place=community, due=seen, by=TESTS).pk,
        "suggestion": Suggestion.objects.create(community=community, **found).pk,
        "entry": make_entry(community).pk,
        "application": draft_playbook(community, playbook=playbook_named("club-150"), start=seen, by=TESTS).pk,
        "words": (words := make_words(units.shop, "亲")).pk,
        "word": words.words.get().pk,
        **reach_things(community, group),
        "channel": channel.pk,
        "cost": book_cost(channel, community=community, day=seen, amount=100, by=TESTS).pk,
        "parked": ParkedEvent.objects.create(follower="warehouse", event=Event.objects.earliest("pk"), error="").pk,
    }


def answer(name: str, person: Staff | None, things: dict[str, int]) -> str:
    """What the route answers this person, `enter` where it leads to sign-in; whatever it did is undone."""
    method, named, _answers = ROUTES[name]
    address = reverse(name, kwargs={word: things.get(value, value) for word, value in named.items()})
    client = Client(raise_request_exception=False)
    cache.clear()
    if person is not None:
        client.force_login(person)
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    leads_to_sign_in = response.headers.get("Location", "").startswith(reverse("account_login"))
    return "enter" if leads_to_sign_in else str(response.status_code)


def test_every_route_has_a_line() -> None:
    assert sorted({str(route.name) for route in routes()}) == sorted(ROUTES)


def _by_first_word() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ROUTES:
        found.setdefault(name.split("_")[0], []).append(name)
    return found


@pytest.mark.parametrize("names", [pytest.param(names, id=word) for word, names in _by_first_word().items()])
def test_everybody_is_answered_as_written(
    names: list[str], cast: dict[str, Staff | None], things: dict[str, int]
) -> None:
    # The cast and one of everything take longer to make than a route to answer all of them.
    told = {name: " ".join(answer(name, person, things) for person in cast.values()) for name in names}
    assert told == {name: ROUTES[name][2] for name in names}


def test_nobody_outside_reaches_a_thing_by_its_number() -> None:
    reached = {
        name: answers
        for name, (_method, named, answers) in ROUTES.items()
        if named and name not in OF_NO_UNIT and answers.split()[4] != "404"
    }
    assert reached == {}


def test_nobody_enters_without_signing_in() -> None:
    open_to_all = {name for name, (_method, _named, answers) in ROUTES.items() if answers.split()[5] != "enter"}
    inside = open_to_all - PROBES - FOR_VISITORS
    assert inside == {"account_login", "account_inactive", "join", "set_theme", "set_language"}


PROBES = {"healthz", "readyz", "metrics", "callback"}
"""Routes for machines: they tell no word about anybody, and the figures only this machine or who has the token."""

FOR_VISITORS = {"landing", "landing_picture"}
"""Pages for members and visitors: a code nobody guesses opens them, and they change nothing of anybody's."""

OF_NO_UNIT = {"figure", "panel", "follower_replay", "playbook", "playbook_file", "tags_dimension", "tags_tag"}
OF_NO_UNIT |= {
    "callback",
    "platform_new",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "session_end",
    "role",
    "role_copy",
    "role_rename",
    "role_second_step",
    "role_reset",
    "role_remove",
}
"""Routes whose address names a figure, a part of a page, a follower, a ready plan or a role, which are everybody's."""
