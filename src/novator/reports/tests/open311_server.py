"""
Another city's Open311 server, written from the text of GeoReport v2 alone.

It knows nothing of ours: plain http.server, its own names, its own order of elements.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape


@dataclass
class Town:
    """What the other system holds, how it behaves, and what it was asked."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    has_json: bool = True
    has_pages: bool = True
    gives_tokens: bool = False
    most_rows: int = 1000
    failures: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posted: list[dict[str, list[str]]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False
    address: str = ""


class _Handler(BaseHTTPRequestHandler):
    town: Town

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path, _dot, form = parts.path.removeprefix("/open311/").rpartition(".")
        self.town.asked.append((f"{path}.{form}", query))
        if self.town.failures:
            status, headers = self.town.failures.pop(0)
            self._say(status, [{"code": status, "description": "later"}], "errors", form, headers)
        elif form == "json" and not self.town.has_json:
            self._raw(404, b"<html><body>Not found</body></html>", "text/html", {})
        elif path == "requests":
            self._say(200, self._found(query), "service_requests", form)
        elif path == "servicerequestupdates":
            self._say(200, self._page_of_updates(query), "service_request_updates", form)
        elif path.startswith("tokens/"):
            self._token(path.removeprefix("tokens/"), form)
        else:
            self._say(404, [{"code": 404, "description": "nothing"}], "errors", form)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.town.posted.append(parse_qs(body))
        if self.town.is_cut:
            self.connection.close()
            return
        form = urlsplit(self.path).path.rpartition(".")[2]
        if self.town.failures:
            status, headers = self.town.failures.pop(0)
            fault = [{"code": status, "description": "no such service"}]
            self._say(status, fault, "errors", form, headers)
            return
        number = f"T-{len(self.town.posted)}"
        name = "token" if self.town.gives_tokens else "service_request_id"
        self._say(201, [{name: number, "service_notice": None}], "service_requests", form)

    def _found(self, query: dict[str, str]) -> list[dict[str, Any]]:
        rows = self.town.requests
        if wanted := query.get("service_request_id"):
            return [row for row in rows if row["service_request_id"] in wanted.split(",")]
        low, high = query.get("start_date", ""), query.get("end_date", "9")
        if after := query.get("updated_after"):
            rows = [row for row in rows if row["updated_datetime"] >= after]
        else:
            rows = [row for row in rows if low <= row["requested_datetime"] <= high]
        size = min(int(query.get("page_size", "50")), self.town.most_rows)
        if not self.town.has_pages:
            return rows[: self.town.most_rows]
        start = (int(query.get("page", "1")) - 1) * size
        return rows[start : start + size]

    def _page_of_updates(self, query: dict[str, str]) -> list[dict[str, Any]]:
        size, page = self.town.most_rows, int(query.get("page", "1"))
        start = (page - 1) * size if self.town.has_pages else 0
        return self.town.updates[start : start + size]

    def _token(self, token: str, form: str) -> None:
        if token not in self.town.tokens:
            self._say(404, [{"code": 404, "description": "no token"}], "errors", form)
            return
        row = {"service_request_id": self.town.tokens[token], "token": token}
        self._say(200, [row], "service_requests", form)

    def _say(
        self,
        status: int,
        rows: list[dict[str, Any]],
        root: str,
        form: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        if form == "json":
            body = json.dumps(rows).encode()
            self._raw(status, body, "application/json; charset=utf-8", headers or {})
            return
        item = {"errors": "error", "service_requests": "request"}.get(root, "request_update")
        inner = "".join(
            f"<{item}>"
            + "".join(
                f"<{name}/>" if value is None else f"<{name}>{escape(str(value))}</{name}>"
                for name, value in row.items()
            )
            + f"</{item}>"
            for row in rows
        )
        body = f'<?xml version="1.0" encoding="utf-8"?><{root}>{inner}</{root}>'.encode()
        self._raw(status, body, "text/xml; charset=utf-8", headers or {})

    def _raw(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def town_server() -> Iterator[Town]:
    """A running server on a free port of this machine."""
    town = Town()
    handler = type("Handler", (_Handler,), {"town": town})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    town.address = f"http://127.0.0.1:{server.server_port}/open311"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield town
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def request_row(number: str, **facts: Any) -> dict[str, Any]:
    """One request as the other system tells it."""
    return {
        "service_request_id": number,
        "status": "open",
        "status_notes": None,
        "service_name": "Pothole",
        "service_code": "001",
        "description": f"Hole {number}",
        "requested_datetime": "2026-02-20T10:00:00+03:00",
        "updated_datetime": "2026-02-21T10:00:00+03:00",
        "address": "улица Ленина, 5",
        "lat": 57.001,
        "long": 53.002,
        "media_url": None,
    } | facts
