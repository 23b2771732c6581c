"""Figures for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from bot.queries.web.figures import Figures


class Metrics:
    """One server's figures: what it counts itself, and what is stored."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "orchestra_http_requests",
            "Requests by method, route and status",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self.streams = Gauge("orchestra_live_streams", "Open streams", registry=self._registry)
        self._runs = Gauge("orchestra_runs", "Runs", ("state",), registry=self._registry)
        self._waiting = Gauge(
            "orchestra_attempts_waiting", "Attempts that wait", ("agent",), registry=self._registry
        )
        self._breakers = Gauge(
            "orchestra_breaker_open", "1 unless closed", ("agent",), registry=self._registry
        )

    def exposed(self, stored: Figures) -> bytes:
        """All of it in Prometheus' text format."""
        for gauge in (self._runs, self._waiting, self._breakers):
            gauge.clear()
        for state, count in stored.runs.items():
            self._runs.labels(state).set(count)
        for agent, waits, closed in stored.agents:
            self._waiting.labels(agent).set(waits)
            self._breakers.labels(agent).set(0 if closed else 1)
        return generate_latest(self._registry)
