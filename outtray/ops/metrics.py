"""`/metrics` for Prometheus: counters of this process, and gauges of the installation.

Neither names a company, a mailbox or an address. They are told on this machine, and
elsewhere to whoever knows OUTTRAY_METRICS_TOKEN.
"""

from __future__ import annotations

import platform
import secrets
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily

from outtray.delivery import meters
from outtray.ops import gauges, health
from outtray.ops.port import free_address

REFUSAL = (
    "Metrics are told on this machine itself (http://localhost), and elsewhere to whoever "
    "knows OUTTRAY_METRICS_TOKEN: Authorization: Bearer <token>.\n"
)
BUILD_HELP = "1, with the version of Outtray and of Python."
PATIENCE = 10.0  # seconds that an asker of `serve_metrics` gets for his request
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


class _Build:
    """Which Outtray this is."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily("outtray_build_info", BUILD_HELP, labels=["version", "python"])
        family.add_metric([version("outtray"), platform.python_version()], 1)
        yield family


_PROCESS = CollectorRegistry()
_PROCESS.register(_Build())
ProcessCollector(registry=_PROCESS)


def of_process() -> bytes:
    """What this process has counted, and what it uses of the machine."""
    return generate_latest(meters.REGISTRY) + generate_latest(_PROCESS)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters of this process and gauges of the whole installation."""
    if not _may_ask(request):
        return HttpResponse(REFUSAL, status=HTTPStatus.FORBIDDEN, content_type="text/plain")
    told = of_process() + generate_latest(gauges.REGISTRY)
    return HttpResponse(told, content_type=CONTENT_TYPE_LATEST)


def serve_metrics(port: int) -> None:
    """Answer `/metrics` and `/health/live` for a process that serves no pages.

    The counters are its own; what the tables tell is asked from `serve`.
    Without a token it listens on this machine alone. Refuses where the port is taken.
    """
    host = "0.0.0.0" if settings.METRICS_TOKEN else "127.0.0.1"  # noqa: S104 - guarded by the token
    free_address(host, port)
    server = ThreadingHTTPServer((host, port), _Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _Answers(BaseHTTPRequestHandler):
    timeout = PATIENCE

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/health/live":
            self._tell_health()
        elif path != "/metrics":
            self._answer(HTTPStatus.NOT_FOUND, b"", "text/plain")
        elif settings.METRICS_TOKEN and not _knows_token(self.headers.get("Authorization", "")):
            self._answer(HTTPStatus.FORBIDDEN, REFUSAL.encode(), "text/plain")
        else:
            self._answer(HTTPStatus.OK, of_process(), CONTENT_TYPE_LATEST)

    def _tell_health(self) -> None:
        word = health.engine()
        status = HTTPStatus.OK if word == health.OK else HTTPStatus.SERVICE_UNAVAILABLE
        self._answer(status, word.encode(), "text/plain")

    def _answer(self, status: HTTPStatus, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
        """Being asked every few seconds is no news."""


def _may_ask(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return _knows_token(request.headers.get("Authorization", ""))
    return _is_asked_here(request)


def _knows_token(authorization: str) -> bool:
    scheme, _, token = authorization.partition(" ")
    known = secrets.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return scheme.lower() == "bearer" and known


def _is_asked_here(request: HttpRequest) -> bool:
    """From this machine and by its own name: what a proxy brings in comes from elsewhere."""
    if any(header in request.headers for header in _PROXY_HEADERS):
        return False
    host, _ = split_domain_port(request.get_host())
    return _is_loopback(host.strip("[]")) and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
