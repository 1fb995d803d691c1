"""JSON of an answer: what programs read."""

import json

from coverage.faces.files.sources import ListSource, PlanSource
from coverage.ground.texts import Language

__all__ = ["answer_json", "json_bytes"]


def answer_json(one: ListSource | PlanSource, _: Language) -> bytes:
    """Write the answer of a list or a plan, which is already in a language where it holds sentences.

    Raises
    ------
    ValueError
        If it has none: a fault of the program, not of its user.
    """
    if one.answer is None:
        raise ValueError("there is no answer for programs")
    return json_bytes(one.answer())


def json_bytes(answer: object) -> bytes:
    """Write JSON as UTF-8 with a final line break; anything infinite is a fault."""
    return (json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
