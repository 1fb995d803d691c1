"""An answer as text to be read on a screen."""

from coverage.faces.files.sources import ListSource
from coverage.ground.texts import Language

__all__ = ["answer_text"]


def answer_text(one: ListSource, _: Language) -> bytes:
    """Write the text of a list as UTF-8 with a final line break.

    Raises
    ------
    ValueError
        If it has none: a fault of the program, not of its user.
    """
    if one.text is None:
        raise ValueError("the list has no text")
    return f"{one.text()}\n".encode()
