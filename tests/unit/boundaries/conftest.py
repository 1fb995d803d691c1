"""Dumps made by hand, and a server on this machine that behaves as told."""

import hashlib
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from coverage.places.boundaries.boundary_upstream import UpstreamFile, commit
from coverage.places.workspace import Workspace

HEAD = "INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES\n"


def square(lat: float, lon: float, size: float = 0.02) -> str:
    """Write a square around a point as the dumps do, latitude first."""
    h = size / 2
    ring = [(lat - h, lon - h), (lat - h, lon + h), (lat + h, lon + h), (lat + h, lon - h), (lat - h, lon - h)]
    return "[[" + ",".join(f"[{a!r},{b!r}]" for a, b in ring) + "]]"


def row(kode: str, name: str, path: str) -> str:
    return f"\t('{kode}','{name}',-3.9,122.5,'{path}')"


def dump(*rows: str) -> bytes:
    return ("/* made by hand */\n" + HEAD + ",\n".join(rows) + ";\n").encode()


@dataclass
class Server:
    """Serves `files` by path and does what `manner` says to the next answers."""

    files: dict[str, bytes] = field(default_factory=dict)
    manner: list[str] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def offer(self, regency: str, content: bytes) -> UpstreamFile:
        """Put a file where the public server has it, and describe it as the registry would."""
        path = f"db/kel/{regency[:2]}/wilayah_boundaries_kel_{regency}.sql"
        self.files[f"/cahyadsn/wilayah_boundaries/{commit()}/{path}"] = content
        return UpstreamFile(regency, path, hashlib.sha256(content).hexdigest())


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Server

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.served.asked.append((self.path, asked))
        manner = self.served.manner.pop(0) if self.served.manner else "whole"
        content = self.served.files.get(self.path)
        if content is None or manner == "gone":
            self._answer(404, b"")
        elif manner == "fault":
            self._answer(503, b"")
        elif manner == "forbidden":
            self._answer(403, b"")
        elif manner == "page":
            self._answer(200, b"<!DOCTYPE html><html><body>Silakan masuk</body></html>")
        elif manner == "cut":
            self._answer(200, content[: len(content) // 2], length=len(content))
        elif manner == "short":
            self._answer(200, content[:-10])
        elif manner == "changed":
            self._answer(200, content.replace(b"1", b"2"))
        elif asked and manner != "no range":
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            self._answer(206 if start < len(content) else 416, content[start:])
        else:
            self._answer(200, content)

    def _answer(self, code: int, body: bytes, *, length: int | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("coverage.places.boundaries.boundary_fetch._PAUSES_S", (0.0, 0.0))
    served = Server()
    handler = type("Handler", (_Handler,), {"served": served})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        served.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield served
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and cache for each test."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def door(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "kantor.gpkg")


@pytest.fixture
def make_dump() -> Callable[..., bytes]:
    return dump
