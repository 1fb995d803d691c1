"""One file from a server: continued where it stopped if it is still the same file, and checked before it counts."""

import http.client
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from coverage import __version__
from coverage.ground.downloads.addresses import Connections, ElsewhereError, host_of
from coverage.ground.downloads.cache_files import (
    Origin,
    Record,
    known_of,
    note,
    part_of,
    sha256_of,
    size_of,
    throw_away,
)
from coverage.ground.downloads.patience import (
    PassingError,
    Patience,
    Stop,
    StoppedError,
    may_pass,
    patiently,
    retry_after_s,
)
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

_CHUNK = 1 << 16
_MB = 1024 * 1024
_WHOLE, _PARTIAL, _NOT_FOUND, _RANGE_UNFIT, _SERVER_FAULT = 200, 206, 404, 416, 500
_NETWORK = (OSError, http.client.HTTPException)
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


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
    what
        What they are, in the middle of a sentence.
    busy
        Sentence for who starts a second download of them at the same time.
    flag
        Flag that names another server.
    max_bytes
        A larger file is not taken.
    patience
        How often and how long to try.
    timeout_s
        How long a server may be silent.
    lock_s
        How long to wait for another download of them.
    hosts
        Hosts besides the one of the address that a server may point to.
    """

    what: Message
    busy: Message
    flag: str
    max_bytes: int
    patience: Patience = field(default_factory=Patience)
    timeout_s: float = 30.0
    lock_s: float = 2.0
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Offer:
    """What an answer says of itself: where its bytes begin in the file, how long that is, and its state."""

    start: int
    total: int | None
    validator: str


@dataclass(frozen=True)
class Transfer:
    """One file on its way into the cache.

    Attributes
    ----------
    file, path, rules
        What, where to, and how.
    told
        Told the bytes that are there, and of how many.
    stopped
        Whether somebody pressed stop; asked from another thread, too.
    """

    file: RemoteFile
    path: Path
    rules: Rules
    told: Callable[[int, int | None], None]
    stopped: Stop

    @property
    def part(self) -> Path:
        """The partial file."""
        return part_of(self.path)

    def run(self) -> None:
        """Fetch the file.

        Raises
        ------
        InputError
            If it cannot be had, or is not the registered one.
        StoppedError
            If somebody pressed stop; the partial file stays.
        OSError
            If it cannot be written.
        """
        patiently(self._try, self.rules.patience, failed=lambda *_: self.told(0, None), stopped=self.stopped)

    def _try(self) -> None:
        if self.file.sha256 is not None and size_of(self.part) and sha256_of(self.part) == self.file.sha256:
            self._keep()
            return
        resumed = size_of(self.part) > 0
        self._receive()
        wrong = self._wrong()
        if wrong is None:
            self._keep()
            return
        throw_away(self.part)
        # What was continued may have been begun from another file: once more from its start.
        raise PassingError(wrong) if resumed else InputError(wrong)

    def _keep(self) -> None:
        if self.file.sha256 is None:
            origin = known_of(self.part, Origin)
            state = "" if origin is None else origin.validator
            note(self.path, Record(self.file.url, state, sha256_of(self.part), size_of(self.part)))
        self.part.replace(self.path)
        throw_away(self.part)

    def _wrong(self) -> Message | None:
        """Say what is wrong with what came."""
        if self.file.sha256 is not None and sha256_of(self.part) == self.file.sha256:
            return None
        with self.part.open("rb") as file:
            head = file.read(512).lstrip().lower()
        if head.startswith((b"<!doctype html", b"<html", b"<head")):
            return self._said("web_page", what=self.rules.what)
        if self.file.sha256 is None:
            return None
        if head.startswith((b"<!doctype", b"<?xml")):
            return self._said("web_page", what=self.rules.what)
        return self._said("wrong_sha256", url=self.file.url, flag=self.rules.flag)

    def _receive(self) -> None:
        start, validator = self._begun()
        headers = {"User-Agent": f"jangkau/{__version__}", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
            if validator:
                headers["If-Range"] = validator
        request = urllib.request.Request(self.file.url, headers=headers)  # noqa: S310 - the scheme is checked
        line = Connections(self.rules.hosts)
        with line.cut_when(self.stopped):
            try:
                answer = line.open(request, self.rules.timeout_s)
            except ElsewhereError as error:
                host = host_of(self.file.url)
                raise InputError(self._said("elsewhere", host=host, other=str(error), flag=self.rules.flag)) from error
            except urllib.error.HTTPError as error:
                error.close()
                # Stopped at its last byte: nothing is left to send of the very state that was asked for.
                if (
                    start
                    and validator
                    and (error.code, error.headers.get("Content-Range"))
                    == (
                        _RANGE_UNFIT,
                        f"bytes */{start}",
                    )
                ):
                    return
                raise self._refused(error) from error
            except _NETWORK as error:
                raise self._broken_off(_reason(error)) from error
            with answer:
                offer = self._offered(answer, start, validator)
                self._check_room(offer)
                self._copy(answer, offer)
        if offer.total is not None and size_of(self.part) != offer.total:
            raise self._broken_off(f"{size_of(self.part)}/{offer.total} byte")

    def _begun(self) -> tuple[int, str]:
        """Tell from which byte on to ask, and for which state of the file; 0 where nothing can be continued."""
        size = size_of(self.part)
        origin = known_of(self.part, Origin)
        validator = origin.validator if origin is not None and origin.url == self.file.url else ""
        # A registered sha256 shows in the end whether both parts are of one file; else only its state can.
        return (size, validator) if validator or self.file.sha256 is not None else (0, "")

    def _offered(self, answer: http.client.HTTPResponse, start: int, validator: str) -> _Offer:
        length = answer.headers.get("Content-Length") or ""
        known = int(length) if length.isascii() and length.isdecimal() else None
        state = _validator(answer.headers)
        if answer.status == _WHOLE:
            if self.file.sha256 is None and known is None and not answer.chunked:
                raise InputError(self._said("no_length", url=self.file.url))
            return _Offer(0, known, state)
        found = _RANGE.fullmatch(answer.headers.get("Content-Range") or "")
        named = found is not None and int(found[1]) == start
        # A server need not name the state again; one that names another has given a piece of another file.
        same = not state or not validator or state == validator
        unnamed = not answer.headers.get("Content-Range") and self.file.sha256 is not None
        if answer.status != _PARTIAL or not start or not same or not (named or unnamed):
            throw_away(self.part)
            raise self._broken_off(f"HTTP {answer.status}")
        total = int(found[2]) if found is not None and found[2] != "*" else None
        return _Offer(start, total if total is not None or known is None else start + known, validator or state)

    def _check_room(self, offer: _Offer) -> None:
        if offer.total is None:
            return
        self._check_size(offer.total)
        needed, free = offer.total - offer.start, shutil.disk_usage(self.path.parent).free
        if needed > free:
            values = {"needed": -(-needed // _MB), "free": free // _MB, "folder": str(self.path.parent)}
            raise InputError(self._said("no_room", **values))

    def _check_size(self, size: int) -> None:
        if size > self.rules.max_bytes:
            throw_away(self.part)
            limit = self.rules.max_bytes // _MB
            raise InputError(self._said("too_large", limit=limit, what=self.rules.what))

    def _copy(self, answer: http.client.HTTPResponse, offer: _Offer) -> None:
        if not offer.start:
            # In this order: no bytes of an earlier state may ever lie under the name of this one.
            throw_away(self.part)
            self.part.open("wb").close()
            note(self.part, Origin(self.file.url, offer.validator))
        there = offer.start
        with self.part.open("ab") as part:
            while piece := self._piece(answer):
                there += len(piece)
                self._check_size(there)
                part.write(piece)
                self.told(there, offer.total)

    def _piece(self, answer: http.client.HTTPResponse) -> bytes:
        """Read on; a fault here is one of the network, a fault of writing one of the disk, and both are an OSError."""
        try:
            piece = answer.read1(_CHUNK)
        except _NETWORK as error:
            raise self._broken_off(str(error) or type(error).__name__) from error
        if not piece and self.stopped():
            raise StoppedError
        return piece

    def _refused(self, error: urllib.error.HTTPError) -> Exception:
        code = error.code
        if code == _RANGE_UNFIT:
            throw_away(self.part)
            return self._broken_off(str(code))
        after_s = retry_after_s(error.headers.get("Retry-After"))
        if code >= _SERVER_FAULT:
            return self._broken_off(f"HTTP {code}", after_s)
        key = "not_on_server" if code == _NOT_FOUND else "refused"
        more = {} if code == _NOT_FOUND else {"code": str(code)}
        said = self._said(key, url=self.file.url, flag=self.rules.flag, **more)
        return PassingError(said, after_s) if may_pass(code) else InputError(said)

    def _broken_off(self, detail: str, after_s: float = 0.0) -> Exception:
        if self.stopped():
            return StoppedError()
        return PassingError(self._said("broken_off", url=self.file.url, detail=detail), after_s)

    def _said(self, key: str, **values: object) -> Message:
        return Message.of(f"downloads.{key}", file=self.path.name, **values)


def _validator(headers: http.client.HTTPMessage) -> str:
    """Give what a server calls the state of a file: a strong ETag, else its date (RFC 9110, 13.1.5)."""
    tag = (headers.get("ETag") or "").strip()
    return tag if tag.startswith('"') else (headers.get("Last-Modified") or "").strip()


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return str(reason) or type(error).__name__
