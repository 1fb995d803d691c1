"""What goes between a server and its workers: frames of bytes, and values in which what both know is only named.

A frame is a kind, the number of the job, and parts: a pickle and the large arrays beside it, so that a matrix is
neither copied nor looked through on its way. Each side reads only what its own other side has written.
"""

import enum
import pickle
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from io import BytesIO, RawIOBase
from typing import Any

__all__ = ["Frame", "Kind", "Known", "dumped", "known_of", "loaded", "received", "send"]

_HEAD = struct.Struct("<BQI")
_LENGTH = struct.Struct("<Q")
_PROTOCOL = 5
_AT_ONCE = 1 << 20
_ATOMS = (str, bytes, int, float, bool, type(None))


class Kind(enum.IntEnum):
    """What a frame is about."""

    JOB = 1
    STOP = 2
    NOTE = 3
    HEARD = 4
    RESULT = 5
    ERROR = 6


@dataclass(frozen=True)
class Frame:
    """One message of job `number`: a pickle, and the arrays it points to."""

    kind: Kind
    number: int
    parts: tuple[Any, ...] = ()


Known = Mapping[str, object]
"""What both sides hold, by the name that stands for it on the way."""


def known_of(study: Any, arguments: tuple[object, ...] = ()) -> dict[str, object]:
    """Name what both sides hold: a study, what it is made of, and the arguments of a job."""
    known: dict[str, object] = {"study": study}
    known |= {f"study.{one.name}": getattr(study, one.name) for one in fields(study)}
    return known | {f"argument.{place}": value for place, value in enumerate(arguments)}


def dumped(value: object, known: Known) -> tuple[Any, ...]:
    """Write a value; what is `known` is only named."""
    # Two equal atoms may be one object: naming them would gain nothing.
    names = {id(one): name for name, one in reversed(list(known.items())) if not isinstance(one, _ATOMS)}
    arrays: list[pickle.PickleBuffer] = []
    file = BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, one: object) -> str | None:
            return names.get(id(one))

    Pickler(file, _PROTOCOL, buffer_callback=arrays.append).dump(value)
    return file.getbuffer(), *(array.raw() for array in arrays)


def loaded(parts: tuple[Any, ...], known: Known) -> Any:
    """Read a value that the other side has written, with what is known here in its places."""

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, name: str) -> object:
            return known[name]

    return Unpickler(BytesIO(parts[0]), buffers=parts[1:]).load()


def send(pipe: RawIOBase, frame: Frame) -> None:
    """Write a frame whole.

    Raises
    ------
    OSError
        If nobody reads any more.
    """
    _write(pipe, _HEAD.pack(frame.kind, frame.number, len(frame.parts)))
    for part in frame.parts:
        _write(pipe, _LENGTH.pack(memoryview(part).nbytes))
        _write(pipe, part)


def received(pipe: RawIOBase) -> Iterator[Frame]:
    """Read frames until the other side has ended."""
    while (head := _read(pipe, _HEAD.size)) is not None:
        kind, number, count = _HEAD.unpack(head)
        parts = []
        for _ in range(count):
            length = _read(pipe, _LENGTH.size)
            part = None if length is None else _read(pipe, *_LENGTH.unpack(length))
            if part is None:
                return
            parts.append(part)
        yield Frame(Kind(kind), number, tuple(parts))


def _write(pipe: RawIOBase, part: Any) -> None:
    left = memoryview(part).cast("B")
    while left.nbytes:
        left = left[pipe.write(left[:_AT_ONCE]) or 0 :]


def _read(pipe: RawIOBase, length: int) -> bytearray | None:
    """Read so many bytes; None where the other side ended before."""
    whole = bytearray(length)
    left = memoryview(whole)
    while left.nbytes:
        count = pipe.readinto(left[:_AT_ONCE])
        if not count:
            return None
        left = left[count:]
    return whole
