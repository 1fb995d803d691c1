"""How the words of a flag are read: days, numbers, money, files, pairs."""

import datetime as dt
import re
import stat
from contextlib import suppress
from pathlib import Path

from coverage.ground.errors import InputError, PlannerError
from coverage.ground.texts import Message
from coverage.places.workspace import Location, location
from coverage.travel.roads.road_network import CLASSES


# In these words cyclopts would put its own in the place of a ValueError, and InputError is one: what is wrong with a
# value is raised as the error above it, so that its remedy reaches the user.
def read_day(text: str) -> dt.date:
    """Read a day: year-month-day, or day-month-year as Indonesians write it.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return dt.date.fromisoformat(text)
        if local := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text, re.ASCII):
            day, month, year = map(int, local.groups())
            return dt.date(year, month, day)
    except ValueError:
        pass
    raise PlannerError(Message.of("cli.bad_date", value=text))


def read_number(text: str) -> float:
    """Read a number with a decimal comma or point; one that could mean thousands is asked for again.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    # "1.000" is a thousand to who writes a decimal comma, "1,000" to who writes a point.
    if not re.fullmatch(r"-?\d{1,15}([.,]\d{1,9})?", text, re.ASCII) or re.fullmatch(r"-?\d{1,3}[.,]\d{3}", text):
        raise PlannerError(Message.of("cli.bad_number", value=text))
    return float(text.replace(",", "."))


def read_rupiah(text: str) -> float:
    """Read an amount of money: "50000000", "50.000.000" and "Rp 50.000.000,-" are the same.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    bare = re.sub(r"^rp\.?\s*|,\s*[-–]+$|\s", "", text.strip(), flags=re.IGNORECASE)
    if not re.fullmatch(r"\d{1,15}|\d{1,3}(\.\d{3}){1,4}|\d{1,3}(,\d{3}){1,4}", bare, re.ASCII):
        raise PlannerError(Message.of("cli.bad_rupiah", value=text))
    return float(re.sub("[.,]", "", bare))


def given_file(text: str) -> Path:
    """Take the path of a file to read; a pipe or a device, which would be waited for without end, is none.

    Raises
    ------
    PlannerError
        If it is one of those.
    """
    path = Path(text)
    with suppress(OSError, ValueError):
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise PlannerError(Message.of("cli.no_plain_file", value=path.name))
    return path


def read_whole(text: str) -> int:
    """Read a whole number, 0 or more.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise PlannerError(Message.of("cli.bad_whole", value=text))
    return int(text)


def read_limit(text: str) -> int:
    """Read a whole number, 1 or more.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text, re.ASCII):
        raise PlannerError(Message.of("cli.bad_limit", value=text))
    return int(text)


def read_steps(text: str) -> tuple[float, ...]:
    """Read numbers parted by commas.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    return tuple(read_number(part.strip()) for part in text.split(","))


def read_word_class(text: str) -> tuple[str, str]:
    """Read what a word of a road file means: ``WORD=class``.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    word, _, meaning = text.rpartition("=")
    if not word.strip() or meaning.strip() not in CLASSES:
        raise PlannerError(Message.of("roads.bad_class", value=text, classes=", ".join(CLASSES)))
    return word.strip(), meaning.strip()


def read_pair(text: str, wrong: str) -> tuple[str, str]:
    """Read two texts with the first ``=`` between them; ``wrong``: the text for who gave no such pair.

    Raises
    ------
    PlannerError
        If one of them is missing.
    """
    left, _, right = text.partition("=")
    if not (left.strip() and right.strip()):
        raise PlannerError(Message.of(wrong, value=text))
    return left.strip(), right.strip()


def read_move(text: str) -> tuple[str, str]:
    """Read ``UNIT=KODE``; see :func:`read_pair`."""
    return read_pair(text, "cli.bad_move")


def read_workspace(text: str) -> Location:
    """Read where a workspace lies: a file, or the URL of a server.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    try:
        return location(text)
    except InputError as error:
        raise PlannerError(*error.messages) from error
