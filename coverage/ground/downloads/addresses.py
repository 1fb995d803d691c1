"""Which addresses are asked: http and https, the host that was named, and no other that a server points to."""

import http.client
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO
from urllib.parse import urlsplit

from coverage.ground.downloads.patience import Stop
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

SCHEMES = ("http", "https")
_LOOK_S = 0.1


class ElsewhereError(Exception):
    """A server points to a host that was not allowed."""


def is_address(text: str) -> bool:
    """Tell whether a text is an http or https address with a host.

    Examples
    --------
    >>> is_address("http://192.168.1.10:8000"), is_address("file:///etc/passwd"), is_address("http://a:99999")
    (True, False, False)
    """
    try:
        parts = urlsplit(text)
        return parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def check_address(text: str) -> str:
    """Check the address of a mirror.

    Raises
    ------
    InputError
        If it is not an http or https address.
    """
    if not is_address(text) or any(sign.isspace() for sign in text):
        raise InputError(Message.of("downloads.bad_url", value=text))
    return text


def host_of(url: str) -> str:
    """Give the host of an address, as it is said in sentences.

    Examples
    --------
    >>> host_of("https://Overpass-API.de/api")
    'overpass-api.de'
    """
    return urlsplit(url).hostname or url


class Connections:
    """The connections of one download, cut at once when somebody presses stop: a silent server would hold it up."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self._sockets: list[socket.socket] = []
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            _Http(self._sockets.append),
            _Https(self._sockets.append),
            _Redirect(hosts),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.UnknownHandler(),
        ):
            self._opener.add_handler(handler)

    def open(self, request: urllib.request.Request, timeout_s: float) -> http.client.HTTPResponse:
        """Ask, and follow to allowed hosts.

        Raises
        ------
        ElsewhereError
            If the server points to another host, or from https to http.
        OSError, http.client.HTTPException
            As :func:`urllib.request.urlopen`.
        """
        answer: http.client.HTTPResponse = self._opener.open(request, timeout=timeout_s)
        return answer

    @contextmanager
    def cut_when(self, stopped: Stop) -> Iterator[None]:
        """Cut the connections as soon as `stopped` says yes; whoever reads from them then meets their end."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(_LOOK_S):
                if stopped():
                    for one in tuple(self._sockets):
                        # Of the plain class: TLS would take its own state down under the reader.
                        with suppress(OSError):
                            socket.socket.shutdown(one, socket.SHUT_RDWR)

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


class _Redirect(urllib.request.HTTPRedirectHandler):
    """Follows only where the caller allows it."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self._hosts = hosts

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        before = urlsplit(req.full_url)
        host = host_of(newurl)
        weaker = before.scheme == "https" and urlsplit(newurl).scheme != "https"
        if not is_address(newurl) or weaker or host not in {before.hostname, *self._hosts}:
            fp.close()
            raise ElsewhereError(host)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_Opened = Callable[[socket.socket], None]


class _Connection(http.client.HTTPConnection):
    def __init__(self, host: str, opened: _Opened, timeout: float | None = None) -> None:
        super().__init__(host, timeout=timeout)
        self._opened = opened

    def connect(self) -> None:
        super().connect()
        self._opened(self.sock)


class _SafeConnection(http.client.HTTPSConnection):
    def __init__(self, host: str, opened: _Opened, timeout: float | None = None) -> None:
        super().__init__(host, timeout=timeout)
        self._opened = opened

    def connect(self) -> None:
        super().connect()
        self._opened(self.sock)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, opened: _Opened) -> None:
        super().__init__()
        self._connection = partial(_Connection, opened=opened)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, opened: _Opened) -> None:
        super().__init__()
        self._connection = partial(_SafeConnection, opened=opened)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)
