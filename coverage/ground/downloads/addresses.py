"""Which addresses are asked: http and https, the host that was named, and no other that a server points to."""

import http.client
import urllib.request
from collections.abc import Collection
from typing import IO
from urllib.parse import urlsplit

from coverage.ground.errors import InputError
from coverage.ground.texts import Message


class ElsewhereError(Exception):
    """A server points to where it was not allowed to: the text, as ``scheme://host``."""


def is_address(text: str) -> bool:
    """Tell whether a text is an http or https address that can be asked: ASCII, with a host and no blanks.

    Examples
    --------
    >>> is_address("http://192.168.1.10:8000"), is_address("file:///etc/passwd"), is_address("http://a:99999")
    (True, False, False)
    """
    try:
        parts = urlsplit(text)
        # Asking a host with an empty or endless label would fail with what is no fault of the network.
        host = (parts.hostname or "").encode("idna")
        usable = parts.scheme in {"http", "https"} and bool(host) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return usable and all("!" <= sign <= "~" for sign in text)


def check_address(text: str) -> str:
    """Give the address of a mirror, or an :class:`InputError` if it is none, or names a user: urllib takes none."""
    if not is_address(text) or "@" in urlsplit(text).netloc:
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


class Redirect(urllib.request.HTTPRedirectHandler):
    """Follows to `hosts` only, by http and https only, and never from https to http."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts

    def http_error_302(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage
    ) -> http.client.HTTPResponse | None:
        """Close the answer before urllib reads all that comes with it, however much, or fails at the address."""
        fp.close()
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Ask where the server points to, or raise an :class:`ElsewhereError`."""
        other = urlsplit(newurl)
        weaker = urlsplit(req.full_url).scheme == "https" and other.scheme != "https"
        if not is_address(newurl) or weaker or other.hostname not in self._hosts:
            raise ElsewhereError(f"{other.scheme}://{host_of(newurl)}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
