"""The file that says who has which role on an office's server, and how people sign in there.

It is read anew whenever somebody is asked for, so that who is taken out has no access from then on.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.roles import ROLES, WORDS, NotAllowedError, Person, Role

SECRET = "JANGKAU_PROXY_SECRET"  # noqa: S105 - the name of the variable
"""Environment variable with what only the proxy and this program know."""

PROXY, LOGIN = WAYS = ("proxy", "login")
_KEYS = frozenset({"sign_in", "unknown", "header", "people"})
_HEADER = "X-Forwarded-Email"
_SHORTEST_SECRET = 32
_LONGEST_ACCOUNT = 254


@dataclass(frozen=True)
class People:
    """Who has which role, by account (in small letters), and how they sign in.

    ``sign_in`` is ``proxy``: one in front says who it is, in ``header``, and proves itself with ``secret``; or
    ``login``: Streamlit's own, by OpenID Connect. ``unknown`` is the role of who is not named; None: no access.
    """

    sign_in: str
    roles: Mapping[str, Role]
    unknown: Role | None = None
    header: str = _HEADER
    secret: str = field(default="", repr=False)

    def person(self, account: str) -> Person:
        """Find who has signed in with an account, mostly an e-mail address; capitals do not count.

        Raises
        ------
        NotAllowedError
            If the account is not named and there is no role for such, or it cannot be an account.
        """
        name = account.strip().casefold()
        role = self.roles.get(name, self.unknown)
        if role is None or not name or not name.isprintable() or len(name) > _LONGEST_ACCOUNT:
            raise NotAllowedError(Message.of("roles.no_access", account=name[:_LONGEST_ACCOUNT] or "-"))
        return Person(name, role)


def people() -> People | None:
    """Read who works here; None where no file is named: one computer, without sign-in.

    Raises
    ------
    InputError
        If the file or the secret cannot be used; nobody has access then.
    """
    named = os.environ.get(ROLES)
    return read_people(Path(named), os.environ.get(SECRET, "")) if named else None


def read_people(path: Path, secret: str) -> People:
    """Read a file of roles.

    Raises
    ------
    InputError
        If it cannot be read, names an unknown setting, way or role, names nobody, or lacks the secret of a proxy.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(Message.of("roles.no_file", path=str(path), variable=ROLES)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Message.of("roles.bad_file", path=path.name, detail=str(error))) from error
    listed = found.get("people", {})
    if unknown_keys := sorted(found.keys() - _KEYS):
        raise InputError(
            Message.of("roles.bad_key", path=path.name, key=unknown_keys[0], options=", ".join(sorted(_KEYS)))
        )
    if found.get("sign_in") not in WAYS:
        raise InputError(Message.of("roles.bad_way", path=path.name, options=", ".join(WAYS)))
    if not isinstance(listed, dict) or not listed:
        raise InputError(Message.of("roles.no_people", path=path.name))
    if found["sign_in"] == PROXY and len(secret) < _SHORTEST_SECRET:
        raise InputError(Message.of("roles.no_secret", variable=SECRET, shortest=_SHORTEST_SECRET))
    header = found.get("header", _HEADER)
    if not isinstance(header, str) or not header.replace("-", "").isalnum():
        raise InputError(Message.of("roles.bad_header", path=path.name))
    return People(
        found["sign_in"],
        {account.strip().casefold(): _role(path, account, word) for account, word in listed.items()},
        _role(path, "unknown", found["unknown"]) if "unknown" in found else None,
        header,
        secret,
    )


def _role(path: Path, key: str, word: Any) -> Role:
    if not isinstance(word, str) or word not in WORDS:
        options = ", ".join(WORDS)
        raise InputError(Message.of("roles.bad_role", path=path.name, key=key, word=str(word), options=options))
    return WORDS[word]
