"""Download the pinned files: with progress, resumed where it stopped, checked by sha256, stopped when asked.

A file lies in the cache only once its bytes are the registered ones; what was broken off stays beside it and is
continued, where the server can do that, else begun anew.
"""

import hashlib
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from coverage import __version__
from coverage.ground import machine_faults
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.boundaries.boundary_upstream import DEFAULT_BASE_URL, UpstreamFile, commit
from coverage.places.workspace import cache_folder

MAX_BYTES = 100 * 1024 * 1024
_CHUNK = 1 << 16
_TIMEOUT_S = 30.0
_LOCK_SECONDS = 2
_PAUSES_S = (0.5, 2.0)
_PARTIAL, _NOT_FOUND, _RANGE_UNFIT, _SERVER_FAULT = 206, 404, 416, 500


@dataclass(frozen=True)
class Progress:
    """How far a download is: files done of all, and the name and bytes of the one under way."""

    done: int
    files: int
    name: str
    read_bytes: int


Watch = Callable[[Progress], None]
Stop = Callable[[], bool]


class _BrokenOffError(Exception):
    """The connection ended before the file did; worth another try."""


def check_base_url(text: str) -> str:
    """Check the address of a mirror.

    Raises
    ------
    InputError
        If it is not an http or https address.
    """
    try:
        parts = urllib.parse.urlsplit(text)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or any(sign.isspace() for sign in text):
        raise InputError(Message.of("boundaries.bad_url", value=text))
    return text


def download(
    files: Sequence[UpstreamFile],
    *,
    base_url: str = DEFAULT_BASE_URL,
    watch: Watch = lambda _: None,
    stopped: Stop = lambda: False,
) -> list[Path]:
    """Bring files into the cache and give their paths, in the same order.

    Parameters
    ----------
    files
        What to fetch; those that the cache holds whole are not fetched again.
    base_url
        Server that has them under the public scheme.
    watch
        Told of progress.
    stopped
        Asked between pieces; once it says yes, the download ends.

    Raises
    ------
    InputError
        If a file cannot be had, is not the registered one, cannot be written, or the download was stopped.
    """
    check_base_url(base_url)
    folder = cache_folder() / "boundaries" / commit()[:12]
    paths = [folder / Path(file.path).name for file in files]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "unduh.lock", timeout=_LOCK_SECONDS):
            for done, (file, path) in enumerate(zip(files, paths, strict=True)):
                _bring(file, base_url, path, _Teller(watch, stopped, done, len(files), path.name))
    except Timeout as error:
        raise InputError(Message.of("boundaries.busy")) from error
    except OSError as error:
        fault = machine_faults.told(error, folder)
        raise InputError(Message.of("boundaries.cannot_write", folder=str(folder), fault=fault)) from error
    watch(Progress(len(files), len(files), "", 0))
    return paths


@dataclass(frozen=True)
class _Teller:
    """Tells how far one file is, and ends the download when it was stopped."""

    watch: Watch
    stopped: Stop
    done: int
    files: int
    name: str

    def __call__(self, read: int) -> None:
        self.watch(Progress(self.done, self.files, self.name, read))
        if self.stopped():
            raise InputError(Message.of("boundaries.stopped", done=self.done, files=self.files))


def _bring(file: UpstreamFile, base_url: str, path: Path, told: Callable[[int], None]) -> None:
    told(0)
    if not (path.is_file() and _sha256(path) == file.sha256):
        _fetch(file, base_url, path, told)


def _fetch(file: UpstreamFile, base_url: str, path: Path, told: Callable[[int], None]) -> None:
    part = path.with_suffix(".part")
    address = file.url(base_url)
    for pause in (*_PAUSES_S, None):
        resumed = part.is_file() and part.stat().st_size > 0
        try:
            _receive(address, part, told)
        except _BrokenOffError as error:
            if pause is None:
                raise InputError(
                    Message.of("boundaries.broken_off", file=path.name, url=address, detail=str(error))
                ) from error
            told(0)
            time.sleep(pause)
            continue
        if _sha256(part) == file.sha256:
            part.replace(path)
            return
        said = _wrong(part, path.name, address)
        part.unlink()
        # What was continued may have been begun from another file: once more from its start.
        if not resumed or pause is None:
            raise InputError(said)


def _wrong(part: Path, name: str, address: str) -> Message:
    with part.open("rb") as held:
        head = held.read(512).lstrip().lower()
    page = head.startswith((b"<!doctype", b"<html", b"<head", b"<?xml"))
    return Message.of("boundaries.web_page" if page else "boundaries.wrong_sha256", file=name, url=address)


def _receive(address: str, part: Path, told: Callable[[int], None]) -> None:
    held = part.stat().st_size if part.is_file() else 0
    headers = {"User-Agent": f"jangkau/{__version__}", "Accept-Encoding": "identity"}
    request = urllib.request.Request(address, headers=headers | ({"Range": f"bytes={held}-"} if held else {}))  # noqa: S310 - the scheme is checked
    try:
        with _opener().open(request, timeout=_TIMEOUT_S) as answer:
            continued = answer.status == _PARTIAL
            length = answer.headers.get("Content-Length")
            expected = int(length) if length and length.isdecimal() else None
            read = _copy(answer, part, "ab" if continued else "wb", told, held if continued else 0)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == _RANGE_UNFIT:
            part.unlink(missing_ok=True)
            raise _BrokenOffError(str(error.code)) from error
        if error.code >= _SERVER_FAULT:
            raise _BrokenOffError(f"HTTP {error.code}") from error
        key = "boundaries.not_on_server" if error.code == _NOT_FOUND else "boundaries.refused"
        raise InputError(Message.of(key, file=part.stem, url=address, code=str(error.code))) from error
    except (http.client.HTTPException, urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise _BrokenOffError(str(reason) or type(error).__name__) from error
    if expected is not None and read < expected:
        raise _BrokenOffError(f"{read}/{expected} byte")


def _opener() -> urllib.request.OpenerDirector:
    """Speak http and https only, also where a server points elsewhere."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _copy(answer: http.client.HTTPResponse, part: Path, mode: str, told: Callable[[int], None], already: int) -> int:
    read = 0
    with part.open(mode) as kept:
        while piece := _piece(answer):
            read += len(piece)
            if already + read > MAX_BYTES:
                raise InputError(Message.of("boundaries.too_large", file=part.stem, limit=MAX_BYTES // 1024 // 1024))
            kept.write(piece)
            told(already + read)
    return read


def _piece(answer: http.client.HTTPResponse) -> bytes:
    """Read on; a fault here is one of the network, a fault of writing one of the disk, and both are an OSError."""
    try:
        return answer.read(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _BrokenOffError(str(error) or type(error).__name__) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
