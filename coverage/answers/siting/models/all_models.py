"""The siting models by name: a new one is a module beside this one and its name here.

A module is read when its model is asked for, so that a list of names costs no solver.
"""

from functools import cache
from importlib import import_module

from coverage.answers.siting.models.record import Model
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

__all__ = ["MODELS", "for_instances", "model_named"]

MODELS = (
    "mclp",
    "p-median",
    "p-center",
    "lscp",
    "capacitated",
    "lexicographic",
    "backup-coverage",
)
"""Names in the order in which they are offered; the first is asked where none is named."""


@cache
def model_named(name: str) -> Model:
    """Give the model of a name: the ``MODEL`` of the module called so, with ``_`` for ``-``.

    Raises
    ------
    InputError
        If there is none.
    TypeError
        If the module holds no model of that name: a fault of the program.
    """
    if name not in MODELS:
        raise InputError(Message.of("siting.unknown_model", value=name, choices=", ".join(MODELS)))
    model = import_module(f"{__package__}.{name.replace('-', '_')}").MODEL
    if not isinstance(model, Model) or model.name != name:
        raise TypeError(f"{model} is not the model {name}")
    return model


def for_instances() -> tuple[Model, ...]:
    """Give the models that can be asked about a published p-median instance."""
    return tuple(model for model in map(model_named, MODELS) if model.serves_instances)
