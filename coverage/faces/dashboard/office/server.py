"""What stands around the dashboard on an office's server: who gets in at all, and what a browser may do with a page.

A layer of ASGI around all that Streamlit serves, its downloads and its web socket too; ``server/office.py`` puts it
there.
"""

import hmac
import logging
import sys
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coverage.ground import texts
from coverage.ground.errors import InputError, PlannerError
from coverage.ground.texts import LANGUAGES, say
from coverage.places.people import PROXY, People, people
from coverage.places.roles import ROLES, NotAllowedError, Person

SECRET_HEADER = "X-Jangkau-Proxy"  # noqa: S105 - the name of the header
"""What the proxy proves itself with; the browser never sees it."""

_LOG = logging.getLogger(__name__)
_SOURCES = {
    "default-src": "'self'",
    # Streamlit and its component for maps work with no less: without any one word of these pages break.
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    # The maps are frames within the dashboard.
    "frame-ancestors": "'self'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{kind} {sources}" for kind, sources in _SOURCES.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_NOT_KEPT = {"media", "_stcore"}


def person_of(known: People, headers: Iterable[tuple[str, str]]) -> Person:
    """Find who a proxy says is asking.

    Parameters
    ----------
    known
        Who works here, how they sign in, and the proxy's secret.
    headers
        Names and values of the request; a name may occur twice.

    Raises
    ------
    NotAllowedError
        If it is not the proxy that asks, it names nobody or several, or who it names has no access.
    """
    given = [(name.lower(), value) for name, value in headers]
    secrets = [value for name, value in given if name == SECRET_HEADER.lower()]
    accounts = [value for name, value in given if name == known.header.lower()]
    proved = len(secrets) == 1 and hmac.compare_digest(secrets[0].encode(), known.secret.encode())
    # Without a secret of our own nobody could prove anything.
    if not (known.secret and proved and len(accounts) == 1 and accounts[0].strip()):
        raise NotAllowedError(texts.Message.of("roles.not_signed_in"))
    return known.person(accounts[0])


class Guard:
    """Lets in whom the proxy names, and tells the browser what a page may load; what goes out is not kept by it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message), scope["path"])
            await send(message)

        refused = _refusal(scope)
        if refused is None:
            await self.app(scope, receive, sent)
        else:
            await refused(scope, receive, sent)


def started() -> None:
    """Make sure that an office's server is set up, before it serves anybody.

    Raises
    ------
    SystemExit
        With a sentence, where it is not.
    """
    try:
        if people() is None:
            raise InputError(texts.Message.of("roles.not_configured", variable=ROLES))
    except PlannerError as error:
        sys.exit(error.text())


def _refusal(scope: Scope) -> PlainTextResponse | None:
    """Tell why a request gets no further: 401 nobody signed in, 403 has no access, 503 the settings are faulty."""
    try:
        known = people()
        if known is None:
            return _plain(503, *(say("roles.closed", lang) for lang in LANGUAGES))
        if known.sign_in == PROXY:
            person_of(known, [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])
    except NotAllowedError as error:
        nobody = error.messages[0].key == "roles.not_signed_in"
        return _plain(401 if nobody else 403, *(error.text(lang) for lang in LANGUAGES))
    except PlannerError as error:
        _LOG.error("%s", error.text())
        return _plain(503, *(say("roles.closed", lang) for lang in LANGUAGES))
    return None


def _plain(status: int, *lines: str) -> PlainTextResponse:
    return PlainTextResponse("\n".join(lines) + "\n", status, {"Cache-Control": "no-store"})


def _protect(headers: MutableHeaders, path: str) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value
    # Pages and downloads show the office's data; what comes with the program may stay in the browser.
    parts = path.split("/")
    page = headers.get("content-type", "").startswith("text/html")
    if page or ("static" not in parts and _NOT_KEPT.intersection(parts)):
        headers["Cache-Control"] = "no-store"
