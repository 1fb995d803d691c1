"""Import of an office's tables: preview first, then the good rows in one change."""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places import roles
from coverage.places.importing import (
    import_clients,
    import_ferries,
    import_population,
    import_targets,
    import_units,
    import_visits,
    vulnerability,
)
from coverage.places.importing.preview import Asked, Importer, Preview
from coverage.places.schemas.table_schema import Field
from coverage.places.tables.faults import FIXES, LOOKALIKE, SWAP, SYNONYM
from coverage.places.workspace import Workspace, noted

__all__ = ["KINDS", "KINDS_OF_FIX", "Asked", "Field", "Preview", "commit", "preview", "template"]

_IMPORTERS = {
    "units": Importer(import_units.TEMPLATE, import_units.read, import_units.store, (SWAP, LOOKALIKE, SYNONYM)),
    "visits": Importer(import_visits.TEMPLATE, import_visits.read, import_visits.store, (LOOKALIKE,)),
    "population": Importer(import_population.TEMPLATE, import_population.read, import_population.store, (LOOKALIKE,)),
    "vulnerability": Importer(vulnerability.TEMPLATE, vulnerability.read, vulnerability.store, (LOOKALIKE, SYNONYM)),
    "ferries": Importer(import_ferries.TEMPLATE, import_ferries.read, import_ferries.store),
    "targets": Importer(import_targets.TEMPLATE, import_targets.read, import_targets.store),
    "clients": Importer(import_clients.TEMPLATE, import_clients.read, import_clients.store, (LOOKALIKE,)),
}
KINDS = tuple(_IMPORTERS)
"""The kinds of tables that can be imported."""
KINDS_OF_FIX = {fix: tuple(kind for kind, one in _IMPORTERS.items() if fix in one.fixes) for fix in FIXES}
"""What can be mended when that is asked for, and in which kinds of tables."""


def preview(kind: str, source: bytes, name: str, asked: Asked) -> Preview:
    """Read a table of one kind and find its faults; nothing is written.

    Raises
    ------
    InputError
        If the file is no such table; faults of single cells are in the preview.
    """
    with _no_search_for_garbage():
        found = _IMPORTERS[kind].read(source, name, asked)
    # Of what may tell of persons the log must not hold the digest either: small counts could be tried until they fit.
    return found if found.table is None else replace(found, sha256=hashlib.sha256(source).hexdigest())


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Let a table be read without looking again and again through its hundred thousand cells, none of which goes."""
    gc.disable()
    try:
        yield
    finally:
        # Put on whatever was found: another table may be read meanwhile, and which of the two found it off is not to be
        # told; at worst the other is read more slowly. Left off, it would stay off for good.
        gc.enable()


def commit(found: Preview, workspace: Workspace) -> None:
    """Write the good rows in one change; the same file twice leaves the same state.

    Raises
    ------
    InputError
        If no row is good, a question about a whole column is open, or the workspace cannot be written.
    NotAllowedError
        If who acts may not import: a file changes more at once than a form does.
    """
    roles.require(roles.Role.MANAGER)
    if found.open_question or found.imported == 0:
        raise InputError(Message.of("imports.nothing_good", file=found.file))
    with noted(file_sha256=found.sha256):
        _IMPORTERS[found.kind].store(found, workspace)


def template(kind: str) -> tuple[Field, ...]:
    """Give the columns of a kind's template."""
    return _IMPORTERS[kind].template
