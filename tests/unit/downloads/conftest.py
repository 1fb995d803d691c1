"""A small server on this machine that does with a file whatever servers do, and counts what it was asked."""

import hashlib
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coverage.ground.downloads.files import RemoteFile, Rules, bring
from coverage.ground.texts import Message

RULES = Rules(
    what=Message.of("boundaries.what"),
    busy=Message.of("boundaries.busy"),
    flag="--base-url",
    max_bytes=10_000_000,
    pauses_s=(0.0, 0.0),
    timeout_s=20.0,
    lock_s=0.01,
)
Manner = Callable[["Handler"], None]


def random_bytes(size: int, seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(size)


@dataclass
class Site:
    """One file, how the next answers go, and which ranges were asked for.

    Attributes
    ----------
    content, tag, date
        The file, its ETag and its Last-Modified ("" none).
    ranges
        Whether a part can be asked for.
    manners
        What is done instead of answering, the next first; None answers.
    """

    content: bytes = field(repr=False)
    tag: str = '"a"'
    date: str = ""
    ranges: bool = True
    manners: list[Manner | None] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def file(self, *, pinned: bool) -> RemoteFile:
        return RemoteFile("jalan.tif", f"{self.url}/jalan.tif", self.sha256 if pinned else None)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        site = self.site
        site.asked.append(self.headers.get("Range"))
        site.paths.append(self.path)
        self.close_connection = True
        manner = site.manners.pop(0) if site.manners else None
        with suppress(BrokenPipeError, ConnectionResetError):
            manner(self) if manner else self.whole_or_part()

    def state(self) -> dict[str, str]:
        return {k: v for k, v in {"ETag": self.site.tag, "Last-Modified": self.site.date}.items() if v}

    def begin(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in {**self.state(), **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def whole_or_part(self, send: int | None = None) -> None:
        """Answer as RFC 9110 asks; only the first `send` bytes of what was announced."""
        site, asked, known = self.site, self.headers.get("Range"), self.headers.get("If-Range")
        start = 0
        if asked and site.ranges and known in (None, site.tag or site.date):
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        size = len(site.content)
        if start >= size and start:
            self.begin(416, {"Content-Range": f"bytes */{size}", "Content-Length": "0"})
            return
        body = site.content[start:]
        part = {"Content-Range": f"bytes {start}-{size - 1}/{size}"} if start else {}
        self.begin(206 if start else 200, {"Content-Length": str(len(body)), **part})
        self.wfile.write(body[:send])


def cut(after: int) -> Manner:
    """Announce all and end after some bytes."""
    return lambda handler: handler.whole_or_part(after)


def silent(handler: Handler) -> None:
    """Send half and then nothing, the line open."""
    handler.whole_or_part(len(handler.site.content) // 2)
    handler.wfile.flush()
    handler.site.released.wait(20)


def mute(handler: Handler) -> None:
    """Take the question and say nothing."""
    handler.site.released.wait(20)


def refuse(code: int, **headers: str) -> Manner:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.begin(code, {"Content-Length": "0", **named})


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    made = Site(random_bytes(300_001, 7))
    handler = type("OfSite", (Handler,), {"site": made})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        made.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.released.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "jalan" / "1"


@pytest.fixture(params=[True, False], ids=["registered", "not-registered"])
def pinned(request: pytest.FixtureRequest) -> bool:
    """Whether the sha256 is known beforehand."""
    return bool(request.param)


@pytest.fixture
def fetch(site: Site, folder: Path, pinned: bool) -> Callable[..., bytes]:  # noqa: FBT001 - a fixture
    def fetched(rules: Rules = RULES, **more: Any) -> bytes:
        (path,) = bring([site.file(pinned=pinned)], folder, rules, **more)
        return path.read_bytes()

    return fetched
