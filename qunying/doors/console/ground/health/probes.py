"""The answers for machines: alive, ready, and figures in the form of Prometheus."""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from qunying.ground.backups.models import Backup
from qunying.ground.events.followers import followers
from qunying.ground.events.models import Event, ParkedEvent
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.queries import queues
from qunying.ground.patrol.queries import not_ready, open_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

_LOOPBACK = {"127.0.0.1", "::1"}
_MULTI = "PROMETHEUS_MULTIPROC_DIR"


@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 where requests may come, 503 with short reasons where not: home, database, changes, lag."""
    reasons = not_ready()
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for those with the token, or without one for this machine alone; others are told 404."""
    if not _may_read(request):
        raise Http404
    registry = requests_registry()
    text = generate_latest(registry) + generate_latest(_installation())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and "X-Forwarded-For" not in request.headers


def requests_registry() -> CollectorRegistry:
    """What the web processes of this machine counted, all of them together."""
    if not os.environ.get(_MULTI):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _installation() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Installation())
    return registry


class _Installation:
    """What the database knows, asked when somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _lags()
        jobs = GaugeMetricFamily("qunying_jobs", "Long jobs that are open", labels=["state"])
        for state in (Job.State.WAITING, Job.State.RUNNING):
            jobs.add_metric([str(state)], Job.objects.filter(state=state).count())
        yield jobs
        yield from _queues()
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
        yield GaugeMetricFamily("qunying_newest_fact", "Number of the newest fact in the log", value=newest or 0)
        yield GaugeMetricFamily("qunying_parked_facts", "Facts set aside", value=ParkedEvent.objects.count())
        yield GaugeMetricFamily("qunying_faults", "Faults that stand", value=open_faults().count())
        last = Backup.objects.filter(state=Backup.State.DONE).order_by("-ended_at").first()
        if last is not None and last.ended_at is not None:
            age = (timezone.now() - last.ended_at).total_seconds()
            yield GaugeMetricFamily("qunying_backup_age_seconds", "Since the last good backup", value=age)


def _queues() -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("qunying_queue_waiting", "Tasks no worker has taken up yet", labels=["cluster"])
    oldest = GaugeMetricFamily("qunying_queue_oldest_seconds", "How long the oldest has waited", labels=["cluster"])
    for queue in queues():
        waiting.add_metric([queue.cluster], queue.waiting)
        oldest.add_metric([queue.cluster], queue.oldest.total_seconds())
    yield from (waiting, oldest)


def _lags() -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("qunying_follower_waiting", "Facts not yet read", labels=["follower"])
    oldest = GaugeMetricFamily("qunying_follower_lag_seconds", "How long the oldest has waited", labels=["follower"])
    for follower in followers():
        lag = follower.lag()
        waiting.add_metric([follower.name], lag.waiting)
        oldest.add_metric([follower.name], lag.oldest.total_seconds() if lag.oldest else 0)
    yield from (waiting, oldest)
