"""Write the tables of docs/tables.md from the schemas: python scripts/build_tables.py."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coverage.ground.texts import say  # noqa: E402 - the package lies beside this folder
from coverage.places.schemas.all_tables import TABLES  # noqa: E402
from coverage.places.schemas.cell_kinds import text_of  # noqa: E402
from coverage.places.schemas.column import Column  # noqa: E402
from coverage.places.schemas.table_schema import TableSchema  # noqa: E402

DOCUMENT = ROOT / "docs" / "tables.md"
_HEAD = "| column | label | kind | may hold | headed by offices as | shown in |\n|---|---|---|---|---|---|"


def may_hold(schema: TableSchema, column: Column) -> str:
    """Say what a cell may hold, and what a blank one stands for."""
    told = [", ".join(f"`{choice}`" for choice in column.choices if choice)]
    if column.low is not None or column.most is not None:
        low = "" if column.low is None else f"{'above' if column.above else 'from'} {text_of(column.low)}"
        most = "" if column.most is None else f"to {text_of(column.most)}"
        told.append(" ".join(filter(None, (low, most, column.measure))))
    else:
        told.append(column.measure)
    told.append("must be filled" if column.filled else "")
    default = schema.blank(column.name) if column.held else ""
    told.append(f"blank is `{default}`" if column.default is not None else "")
    told.append("came later" if column.later else "")
    return "; ".join(filter(None, told))


def rows(schema: TableSchema) -> Iterator[str]:
    """Give a line for each column of a table."""
    for column in schema:
        label = say(f"columns.{column.name}", "en") if "listing" in column.shown else ""
        heads = ", ".join(column.aliases) if column.read else "not read from files"
        shown = ", ".join(place for place in ("listing", "facts", "route") if place in column.shown)
        name = f"`{column.name}`" if column.held else f"`{column.name}` (only read)"
        yield f"| {name} | {label} | {column.kind} | {may_hold(schema, column)} | {heads} | {shown} |"


def document(text: str) -> str:
    """Put the tables in place of those that stand in the document."""
    for name, schema in TABLES.items():
        head, tail = f"<!-- columns of {name}: made by scripts/build_tables.py -->", f"<!-- end of {name} -->"
        before, rest = text.split(head)
        text = f"{before}{head}\n" + "\n".join([_HEAD, *rows(schema)]) + f"\n{tail}{rest.split(tail)[1]}"
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
