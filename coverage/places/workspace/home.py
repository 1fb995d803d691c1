"""Where an office's data lies: a GeoPackage file, or a PostGIS server by URL."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import platformdirs

from coverage.ground.errors import InputError
from coverage.ground.texts import Message

DEFAULT_NAME = "kerja.gpkg"
CHOSEN = "JANGKAU_WORKSPACE"
"""Environment variable that names the usual workspace: a file or a URL."""

_SCHEMES = ("postgresql", "postgres")


def home() -> Path:
    """Give the folder of the user's own data: ``JANGKAU_HOME``, else the platform's data folder."""
    chosen = os.environ.get("JANGKAU_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("jangkau", appauthor=False))


def cache_folder() -> Path:
    """Give the folder of computed files that may be deleted at any time."""
    chosen = os.environ.get("JANGKAU_HOME")
    return Path(chosen) / "cache" if chosen else Path(platformdirs.user_cache_dir("jangkau", appauthor=False))


@dataclass(frozen=True)
class Server:
    """A database of a PostgreSQL server; says of itself whatever is not secret.

    Examples
    --------
    >>> str(Server.from_url("postgresql://ani:rahasia@db.kantor:5433/jangkau?sslmode=require"))
    'postgresql://ani@db.kantor:5433/jangkau'
    """

    name: str
    parameters: tuple[tuple[str, str], ...] = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Read ``postgresql://user:password@host:port/database?sslmode=...``.

        Raises
        ------
        InputError
            If it cannot be read, or it is unclear where its password ends; the URL is not echoed.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise InputError(Message.of("workspace.bad_url")) from error
        # An @, / or ? that belongs to the password would leave a piece of it where the database's name is read.
        if "@" in parts.path + parts.query + parts.fragment or not parts.path.strip("/") or parts.fragment:
            raise InputError(Message.of("workspace.bad_url"))
        named = {
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "host": unquote(parts.hostname or ""),
            "port": "" if port is None else str(port),
            "dbname": unquote(parts.path.lstrip("/")),
        }
        more = dict(parse_qsl(parts.query))
        return cls(_shown(parts), tuple((more | {key: text for key, text in named.items() if text}).items()))

    def __str__(self) -> str:
        return self.name


def _shown(parts: SplitResult) -> str:
    user = f"{parts.username}@" if parts.username else ""
    port = "" if parts.port is None else f":{parts.port}"
    return f"{_SCHEMES[0]}://{user}{parts.hostname or ''}{port}{parts.path}"


Location = Path | Server


def location(text: str) -> Location:
    """Read what a user calls a workspace: a URL of a server, else a file.

    Raises
    ------
    InputError
        If it begins like a server's URL and is none.
    """
    return Server.from_url(text) if text.partition("://")[0].lower() in _SCHEMES and "://" in text else Path(text)


def usual() -> Location:
    """Give the workspace of who names none: ``JANGKAU_WORKSPACE``, else ``kerja.gpkg`` in the user's folder."""
    chosen = os.environ.get(CHOSEN)
    return location(chosen) if chosen else home() / DEFAULT_NAME
