"""What a disk, a file or a server refused, told apart: full, read-only, in use, failing, damaged.

Each kind has a sentence of its own with the remedy that fits it (``texts/*/machine.toml``). Damage is told only where
damage was shown: advice to restore a backup over good data does harm.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coverage.ground.texts import Message

_BY_NUMBER = {
    errno.ENOSPC: "full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "full",
    errno.EROFS: "read_only",
    errno.EACCES: "no_right",
    errno.EPERM: "no_right",
    errno.EBUSY: "busy",
    getattr(errno, "ETXTBSY", errno.EBUSY): "busy",
    errno.EIO: "device",
    errno.ENXIO: "device",
    errno.ENODEV: "device",
    getattr(errno, "ESTALE", errno.EIO): "device",
    getattr(errno, "EREMOTEIO", errno.EIO): "device",
    errno.ENOMEM: "memory",
    errno.EMFILE: "handles",
    errno.ENFILE: "handles",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EFBIG: "too_large",
}
# Windows gives several faults the number of a right that is lacking.
_BY_WINDOWS_NUMBER = {19: "read_only", 32: "busy", 33: "busy", 39: "full", 112: "full", 1117: "device"}
# The longest name that begins an error's name counts.
_BY_SQLITE_NAME = {
    "SQLITE_FULL": "full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "no_right",
    "SQLITE_AUTH": "no_right",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_PROTOCOL": "busy",
    "SQLITE_IOERR": "device",
    "SQLITE_IOERR_NOMEM": "memory",
    "SQLITE_IOERR_CORRUPTFS": "damaged",
    "SQLITE_CANTOPEN": "missing",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_FORMAT": "damaged",
    "SQLITE_NOMEM": "memory",
    "SQLITE_TOOBIG": "too_large",
}
# SQLite has one name for many reasons here; the disk itself tells which.
_UNCLEAR = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY")
# A state of PostgreSQL, or the class that its first two signs name.
_BY_SERVER_STATE = {
    "08": "lost",
    "25006": "read_only",
    "40001": "busy",
    "40P01": "busy",
    "42501": "no_right",
    "53100": "full",
    "53200": "memory",
    "53300": "crowded",
    "55P03": "busy",
    "57014": "slow",
    "57P": "down",
    "58": "device",
    "58P01": "damaged",
    "XX001": "damaged",
    "XX002": "damaged",
}
# What libraries that give no number say of it: GDAL, Arrow.
_BY_WORDS = (
    ("no space left", "full"),
    ("disk is full", "full"),
    ("read-only", "read_only"),
    ("readonly", "read_only"),
    ("permission denied", "no_right"),
    ("is locked", "busy"),
    ("input/output error", "device"),
    ("disk i/o error", "device"),
    ("malformed", "damaged"),
    ("not a database", "damaged"),
)
_LITTLE_BYTES = 128 * 1024
"""With less space than this, SQLite cannot make the files beside a database that it needs to read it."""


_SEEN = "seen_kind"


@contextmanager
def seen_at_once(place: Path) -> Iterator[None]:
    """Note the kind of a fault of SQLite where it happens: what is cleared away after it may give the space back."""
    try:
        yield
    except Exception as error:
        if hasattr(error, "sqlite_errorname"):
            setattr(error, _SEEN, kind_of(error, place))
        raise


def kind_of(error: BaseException, place: Path | None = None) -> str:
    """Tell the kind of a fault of disk or file, by the key of its sentence.

    ``other`` is what none of the known ones is; whoever asked decides whether that is a fault of the program.

    Parameters
    ----------
    error
        From the operating system, SQLite, GDAL or Arrow.
    place
        The file it is about; asked where the error itself leaves open what it was.
    """
    if isinstance(error, MemoryError):
        return "memory"
    seen = getattr(error, _SEEN, None)
    if seen:
        return str(seen)
    name = getattr(error, "sqlite_errorname", None)
    if name:
        told = _longest(str(name), _BY_SQLITE_NAME)
        shown = place is not None and str(name).startswith(_UNCLEAR) and told in {"device", "missing", "read_only"}
        return (shown and place is not None and _kind_of_place(place)) or told
    windows = _BY_WINDOWS_NUMBER.get(getattr(error, "winerror", None) or 0)
    number = getattr(error, "errno", None)
    if windows or number in _BY_NUMBER:
        return windows or _BY_NUMBER[number]
    words = str(error).casefold()
    return next((kind for part, kind in _BY_WORDS if part in words), "other")


def told(error: BaseException, place: Path | None = None) -> Message:
    """Say what it was and how it is mended; continues a sentence that says of what, and what remains."""
    kind = kind_of(error, place)
    if kind == "other":
        return Message.of("machine.other", detail=_detail(error))
    return Message.of(f"machine.{kind}")


def is_of_the_machine(error: BaseException) -> bool:
    """Tell whether an error is the disk's or the computer's, and not a fault of the program."""
    told_by_number = isinstance(error, OSError) and error.errno in _BY_NUMBER
    return (told_by_number and kind_of(error) != "missing") or isinstance(error, MemoryError)


def stopped(error: BaseException) -> Message:
    """Say that a work could not go on, and where, if the error tells."""
    path = getattr(error, "filename", None)
    if path:
        return Message.of("machine.failed_at", path=str(path), fault=told(error))
    return Message.of("machine.failed", fault=told(error))


def server_kind(state: str | None) -> str:
    """Tell the kind of a fault of a PostgreSQL server by its SQLSTATE; "" where none of ours.

    Examples
    --------
    >>> server_kind("53100"), server_kind("57P03"), server_kind("22023")
    ('full', 'down', '')
    """
    found = _longest(state or "", _BY_SERVER_STATE)
    return "" if found == "other" else found


def _longest(name: str, kinds: dict[str, str]) -> str:
    fitting = [start for start in kinds if name.startswith(start)]
    return kinds[max(fitting, key=len)] if fitting else "other"


def _kind_of_place(place: Path) -> str:
    """Ask the disk why a file there cannot be used; "" where it does not tell."""
    folder = place.absolute().parent
    if not folder.is_dir():
        return "missing"
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return "read_only"
    if not all(os.access(one, os.R_OK | os.W_OK) for one in (folder, place) if one.exists()):
        return "no_right"
    return "full" if shutil.disk_usage(folder).free < _LITTLE_BYTES else ""


def _detail(error: BaseException) -> str:
    """Say in a few words what the error says of itself."""
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())
