"""Addresses of the pages of jobs, followers and the audit."""

from __future__ import annotations

from django.urls import path

from qunying.doors.console.ground.system import audit, followers, jobs

urlpatterns = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job_progress"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job_cancel"),
    path("followers/", followers.follower_list, name="followers"),
    path("followers/<slug:name>/replay/", followers.replay, name="follower_replay"),
    path("followers/parked/<int:pk>/retry/", followers.retry, name="parked_retry"),
    path("audit/", audit.audit, name="audit"),
    path("audit/acts.csv", audit.export, name="audit_export"),
    path("audit/verify/", audit.verify, name="audit_verify"),
]
