"""Addresses of the pages of jobs, followers and the audit."""

from __future__ import annotations

from django.urls import path

from qunying.doors.console.ground.system import audit, followers, jobs, parked

urlpatterns = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/export/", jobs.export, name="jobs_export"),
    path("jobs/cancel/", jobs.cancel_many, name="jobs_cancel"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job_progress"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job_cancel"),
    path("followers/", followers.follower_list, name="followers"),
    path("followers/export/", followers.export, name="followers_export"),
    path("followers/parked/export/", parked.export, name="parked_export"),
    path("followers/parked/retry/", parked.retry_many, name="parked_retry_many"),
    path("followers/<slug:name>/replay/", followers.replay, name="follower_replay"),
    path("followers/parked/<int:pk>/retry/", parked.retry, name="parked_retry"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path("audit/verify/", audit.verify, name="audit_verify"),
]
