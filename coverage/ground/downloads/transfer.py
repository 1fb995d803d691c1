"""One file from a server: continued where it stopped if it is still the same file, and checked before it counts.

================  =====================================================================================================
``x.tif``         the whole file; nothing comes under this name before it is checked
``x.part``        what has come so far of it
``x.part.state``  of which address and state that is, so that it is continued with the bytes of no other
================  =====================================================================================================
"""

import hashlib
import http.client
import os
import re
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from coverage import __version__
from coverage.ground.downloads.addresses import ElsewhereError, Redirect, check_address, host_of
from coverage.ground.downloads.patience import (
    PassingError,
    Stop,
    may_pass,
    patiently,
    retry_after_s,
    unless_stopped,
)
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

_CHUNK = 1 << 16
_MB = 1024 * 1024
_WHOLE, _PARTIAL, _NOT_FOUND, _RANGE_UNFIT, _SERVER_FAULT = 200, 206, 404, 416, 500
_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)")
# urllib says by a ValueError that it cannot read an address that a server points to.
_NETWORK = (OSError, http.client.HTTPException, ValueError)
_PAGE = (b"<!doctype html", b"<html", b"<head>")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class RemoteFile:
    """A file on a server: the name it gets in the cache, its address, and its sha256 where one is registered."""

    name: str
    url: str
    sha256: str | None = None


@dataclass(frozen=True)
class Rules:
    """How files of one kind are downloaded.

    Attributes
    ----------
    what, busy, flag
        What they are, in the middle of a sentence; sentence for who starts a second download of them at the same time;
        flag that names another server.
    max_bytes
        A larger file is not taken.
    pauses_s, timeout_s, lock_s
        Seconds before each further try; that a server may be silent; to wait for another download of them.
    hosts
        Hosts besides the one of the address that a server may point to.
    """

    what: Message
    busy: Message
    flag: str
    max_bytes: int
    pauses_s: tuple[float, ...]
    timeout_s: float = 30.0
    lock_s: float = 2.0
    hosts: frozenset[str] = frozenset()


def sha256_of(path: Path) -> str:
    """Compute the digest of a file; "" if there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Transfer:
    """One file on its way into the cache: what, where to, how, whom to tell bytes of how many, and whether to stop."""

    file: RemoteFile
    path: Path
    rules: Rules
    told: Callable[..., None]
    stopped: Stop

    def run(self) -> None:
        """Fetch the file, unless the cache holds it whole; raises as :func:`patiently`, and an OSError of the disk."""
        check_address(self.file.url)
        self.told()
        whole = self.path.is_file() if self.file.sha256 is None else self._is_registered(self.path)
        if not whole:
            patiently(self._try, self.rules.pauses_s, failed=lambda *_: self.told(), stopped=self.stopped)

    @property
    def _part(self) -> Path:
        return self.path.with_suffix(".part")

    @property
    def _state(self) -> Path:
        return self.path.with_suffix(".part.state")

    def _is_registered(self, path: Path) -> bool:
        return self.file.sha256 is not None and sha256_of(path) == self.file.sha256

    def _throw_away(self) -> None:
        self._part.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)

    def _try(self) -> None:
        start, state = self._begun()
        if not self._is_registered(self._part):
            self._receive(start, state)
            wrong = self._wrong()
            if wrong is not None:
                self._throw_away()
                # What was continued may have been begun from another file: once more from its start.
                raise PassingError(wrong) if start else InputError(wrong)
        self._part.replace(self.path)
        self._throw_away()

    def _wrong(self) -> Message | None:
        """Say what is wrong with what came."""
        if self._is_registered(self._part):
            return None
        with self._part.open("rb") as file:
            head = file.read(512).lstrip().lower()
        if head.startswith(b"<") and any(sign in head for sign in _PAGE):
            return self._said("web_page", what=self.rules.what)
        if self.file.sha256 is None:
            return None
        return self._said("wrong_sha256", url=self.file.url, flag=self.rules.flag)

    def _receive(self, start: int, state: str) -> None:
        headers = {"User-Agent": f"jangkau/{__version__}", "Accept-Encoding": "identity"}
        if start:
            headers |= {"Range": f"bytes={start}-"} | ({"If-Range": state} if state else {})
        request = urllib.request.Request(self.file.url, headers=headers)  # noqa: S310 - the scheme is checked
        line = urllib.request.build_opener(Redirect({host_of(self.file.url), *self.rules.hosts}))

        def ask() -> http.client.HTTPResponse:
            answer: http.client.HTTPResponse = line.open(request, timeout=self.rules.timeout_s)
            if self.stopped():
                # Nobody waits for it any more.
                answer.close()
            return answer

        answer = self._asked(ask)
        try:
            there, total = self._copy(answer, *self._offered(answer, start, state))
        finally:
            # Where it was stopped, a thread still reads from it, and closing waits for that.
            threading.Thread(target=answer.close, daemon=True).start()
        if total is not None and there != total:
            raise self._broken_off(f"{there}/{total} byte")

    def _copy(self, answer: http.client.HTTPResponse, there: int, total: int | None) -> tuple[int, int | None]:
        self._check_size(total or 0)
        if not there:
            # In this order: no bytes of an earlier state may ever lie under the name of this one.
            self._throw_away()
            self._part.touch()
            with self._state.open("wb") as file:
                file.write(f"{self.file.url}\n{_state_of(answer)}".encode())
        with self._part.open("ab") as part:
            while piece := self._asked(partial(answer.read1, _CHUNK)):
                there += len(piece)
                self._check_size(there)
                part.write(piece)
                self.told(there, total)
            part.flush()
            os.fsync(part.fileno())
        return there, total

    def _begun(self) -> tuple[int, str]:
        """Tell from which byte on to ask, and for which state of the file; 0 where nothing can be continued."""
        try:
            with self._state.open("rb") as file:
                url, state = file.read().decode().split("\n")
        except (OSError, ValueError):
            url = state = ""
        state = state if url == self.file.url else ""
        # A registered sha256 shows in the end whether both parts are of one file; else only its state can.
        can = self._part.is_file() and (state or self.file.sha256 is not None)
        return (self._part.stat().st_size, state) if can else (0, "")

    def _offered(self, answer: http.client.HTTPResponse, start: int, state: str) -> tuple[int, int | None]:
        """Tell at which byte of the file an answer begins, and how long the file is, if the server says so."""
        if answer.status == _WHOLE:
            if start and answer.headers.get_content_type() == "text/html":
                # A network that asks for a login must not cost what has come.
                raise InputError(self._said("web_page", what=self.rules.what))
            if self.file.sha256 is None and answer.length is None and not answer.chunked:
                raise InputError(self._said("no_length", url=self.file.url))
            return 0, answer.length
        named = answer.headers.get("Content-Range")
        piece = _RANGE.fullmatch(named or "")
        fits = int(piece[1]) == start if piece else not named and self.file.sha256 is not None
        # A server need not name the state again; one that names another has given a piece of another file.
        same = not state or _state_of(answer) in {"", state}
        if answer.status != _PARTIAL or not (start and fits and same):
            self._throw_away()
            raise self._broken_off(f"HTTP {answer.status}")
        if piece and piece[2] != "*":
            return start, int(piece[2])
        return start, None if answer.length is None else start + answer.length

    def _check_size(self, size: int) -> None:
        if size > self.rules.max_bytes:
            self._throw_away()
            raise InputError(self._said("too_large", limit=self.rules.max_bytes // _MB, what=self.rules.what))

    def _asked(self, work: Callable[[], _Found]) -> _Found:
        """Ask the network; its faults are told apart from those of the disk, and both are an OSError."""
        try:
            return unless_stopped(work, self.stopped)
        except ElsewhereError as error:
            values = {"host": host_of(self.file.url), "other": str(error), "flag": self.rules.flag}
            raise InputError(self._said("elsewhere", **values)) from error
        except urllib.error.HTTPError as error:
            error.close()
            raise self._refused(error.code, retry_after_s(error.headers.get("Retry-After"))) from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, ssl.SSLError):
                raise self._broken_off(str(error.reason)) from error
            # Nothing has come yet, whatever the system calls it, in English.
            values = {"host": host_of(self.file.url), "flag": self.rules.flag}
            raise PassingError(self._said("no_connection", **values)) from error
        except _NETWORK as error:
            raise self._broken_off(str(error) or type(error).__name__) from error

    def _refused(self, code: int, after_s: float) -> Exception:
        if code == _RANGE_UNFIT:
            self._throw_away()
        if code == _RANGE_UNFIT or code >= _SERVER_FAULT:
            return self._broken_off(f"HTTP {code}", after_s)
        key, more = ("not_on_server", {}) if code == _NOT_FOUND else ("refused", {"code": str(code)})
        said = self._said(key, url=self.file.url, flag=self.rules.flag, **more)
        return PassingError(said, after_s) if may_pass(code) else InputError(said)

    def _broken_off(self, detail: str, after_s: float = 0.0) -> PassingError:
        return PassingError(self._said("broken_off", url=self.file.url, detail=detail), after_s)

    def _said(self, key: str, **values: object) -> Message:
        return Message.of(f"downloads.{key}", file=self.path.name, **values)


def _state_of(answer: http.client.HTTPResponse) -> str:
    """Give what a server calls the state of a file: a strong ETag, else its date (RFC 9110, 13.1.5); "" for none."""
    tag = (answer.headers.get("ETag") or "").strip()
    return tag if tag.startswith('"') else (answer.headers.get("Last-Modified") or "").strip()
