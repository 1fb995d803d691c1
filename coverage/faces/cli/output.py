"""Print an answer or write it to a file, in the format asked for."""

import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coverage.faces.cli.flags import Written
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.file_format import in_order
from coverage.faces.files.json_file import json_bytes
from coverage.faces.files.sources import ListSource
from coverage.faces.words.columns import Listing
from coverage.ground import machine_faults
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Leaving", "Makers", "deliver", "json_bytes", "makers", "plain", "records", "write_file"]

_TRAVEL = ("_min", "_km")
_TRAVEL_DECIMALS = 3

Content = bytes | Iterable[bytes]
"""A file as a whole, or piece by piece where it may be large."""

Leaving = Callable[[str], None]
"""Is told the format of an answer that leaves the program."""

Makers = Mapping[str, Callable[[], Content]]


def plain(value: object, decimals: int = 6) -> object:
    """Turn a value of an answer into what JSON can say; infinity and unknown become null."""
    if isinstance(value, pd.Timestamp):
        return None if pd.isna(value) else value.date().isoformat()
    if isinstance(value, (np.integer, np.bool_)):
        return value.item()
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if not math.isfinite(number):
            return None
        return int(number) if number.is_integer() else round(number, decimals)
    if value is pd.NaT:
        return None
    return value


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Turn a table into JSON rows."""
    return [
        {str(key): plain(value, _TRAVEL_DECIMALS if str(key).endswith(_TRAVEL) else 6) for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def makers(
    listing: Listing,
    lang: Language,
    *,
    text: Callable[[], str],
    answer: Callable[[], object],
    sheet: Listing | None = None,
    areas: "Callable[[], gpd.GeoDataFrame] | None" = None,
) -> Makers:
    """Say how each format of an answer is made; nothing is made before it is asked for."""
    return FORMATS.files("list", ListSource(listing, sheet, areas, text, answer), lang)


def deliver(given: Written, lang: Language, made: Makers, leaving: Leaving | None = None) -> None:
    """Write to ``-o`` by its ending (or ``--format``) and print what else was asked for.

    Parameters
    ----------
    leaving
        Told, before a file or anything but text to read leaves the program.

    Raises
    ------
    InputError
        If the format is not to be had for this answer, or the file cannot be written.
    """
    asked, path = given.format, given.output
    if path is None:
        kind = asked or "text"
        if not FORMATS.typed(kind).text:
            raise InputError(Message.of("cli.needs_output", kind=kind))
        content = _made(kind, made)
        if leaving is not None and kind != "text":
            leaving(kind)
        _print(content)
        return
    kind = _of_file(path, asked, made)
    content = _made(kind, made)
    if leaving is not None:
        leaving(kind)
    write_file(path, content)
    print(say("cli.written", lang, path=str(path)), file=sys.stderr)
    if asked not in (None, kind):
        _print(_made(str(asked), made))


def _of_file(path: Path, asked: str | None, made: Makers) -> str:
    """Tell the format of a file by its ending; among those that share it, and where it has none, by what was asked."""
    owner = FORMATS.at_ending(path)
    if owner is None:
        if asked is None:
            endings = dict.fromkeys(f".{FORMATS.typed(kind).ending}" for kind in made)
            raise InputError(Message.of("cli.unknown_ending", path=path.name, endings=", ".join(endings)))
        return asked
    wanted = owner if asked is None else FORMATS.typed(asked)
    if wanted.ending == owner.ending:
        return wanted.word
    if not wanted.text:
        raise InputError(Message.of("cli.needs_output", kind=asked))
    return owner.word


def _print(content: Content) -> None:
    for piece in _pieces(content):
        sys.stdout.buffer.write(piece)


def _pieces(content: Content) -> Iterable[bytes]:
    return (content,) if isinstance(content, bytes) else content


def _made(kind: str, made: Makers) -> Content:
    if kind not in made:
        raise InputError(Message.of("cli.no_such_format", kind=kind, kinds=", ".join(in_order(made))))
    return made[kind]()


def write_file(path: Path, content: Content) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".jangkau-")
        try:
            with os.fdopen(handle, "wb") as file:
                for piece in _pieces(content):
                    file.write(piece)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(Message.of("cli.no_folder", path=str(path), folder=str(path.absolute().parent))) from error
    except OSError as error:
        fault = machine_faults.told(error, path)
        raise InputError(Message.of("cli.cannot_write", path=str(path), fault=fault)) from error
