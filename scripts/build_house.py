"""Draw the house from its code: docs/images/house.svg, and the tables of rooms in docs/architecture.md.

python scripts/build_house.py               write both anew
python scripts/build_house.py answers.tours print a room's modules, each with the first sentence of its docstring
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp
import networkx as nx

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "coverage"
LEVELS = ("faces", "answers", "travel", "places", "ground")
DOCUMENT, PICTURE = ROOT / "docs" / "architecture.md", ROOT / "docs" / "images" / "house.svg"
WIDTH, BAND, BOX_W, BOX_H, GAP, LEFT = 1180, 132, 92, 52, 14, 86
FILLS = {"faces": "#e8f1fa", "answers": "#e9f5ec", "travel": "#fdf3e1", "places": "#f6ebf5", "ground": "#eeeeee"}


@dataclass(frozen=True)
class Room:
    """A package: its name below `coverage`, its level, its sentence and its modules by name."""

    name: str
    sentence: str
    modules: tuple[str, ...]

    @property
    def level(self) -> str:
        """First part of its name."""
        return self.name.split(".")[0]


def first_sentence(path: Path) -> str:
    """Give the first sentence of a module's docstring."""
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(told.split("\n\n")[0].split()).rstrip(".").split(". ")[0].rstrip(":").replace("``", "`") + "."


def rooms() -> list[Room]:
    """Give every package that holds modules, from the top of the house to its ground."""
    found = []
    for init in sorted((ROOT / PACKAGE).rglob("__init__.py")):
        folder = init.parent
        name = ".".join(folder.relative_to(ROOT / PACKAGE).parts)
        if not name:
            continue
        modules = tuple(sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("__")))
        if modules or not any(folder.glob("*/__init__.py")):
            found.append(Room(name, first_sentence(init), modules))
    return sorted(found, key=lambda room: (LEVELS.index(room.level), room.name))


def imports(all_rooms: list[Room]) -> set[tuple[str, str]]:
    """Give which room imports which, without what follows from others: the transitive reduction.

    Rooms that import each other show all their lines; between such groups the line with the most imports stands.
    """
    graph = grimp.build_graph(PACKAGE)
    names = sorted((room.name for room in all_rooms), key=len, reverse=True)

    def room_of(module: str) -> str | None:
        inner = module.removeprefix(f"{PACKAGE}.")
        return next((name for name in names if inner == name or inner.startswith(f"{name}.")), None)

    count: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            pair = room_of(module), room_of(other)
            if pair[0] and pair[1] and pair[0] != pair[1]:
                count[pair[0], pair[1]] += 1
    drawn = nx.DiGraph(list(count))
    parts = nx.condensation(drawn)
    part_of = parts.graph["mapping"]
    kept = {(a, b) for a, b in count if part_of[a] == part_of[b]}
    for one, other in nx.transitive_reduction(parts).edges:
        between = [pair for pair in count if (part_of[pair[0]], part_of[pair[1]]) == (one, other)]
        kept.add(max(between, key=lambda pair: (count[pair], pair)))
    return kept


def picture(all_rooms: list[Room]) -> str:
    """Draw the levels as bands, the rooms as boxes, and imports as lines."""
    at: dict[str, tuple[float, float]] = {}
    edges = imports(all_rooms)
    below = nx.DiGraph(edges)
    rank = {room.name: len(nx.descendants(below, room.name)) if room.name in below else 0 for room in all_rooms}
    parts: list[str] = []
    for row, level in enumerate(LEVELS):
        top = row * BAND
        here = sorted(
            (room for room in all_rooms if room.level == level), key=lambda room: (-rank[room.name], room.name)
        )
        parts.append(f'<rect x="0" y="{top}" width="{WIDTH}" height="{BAND - 6}" fill="{FILLS[level]}"/>')
        parts.append(f'<text x="12" y="{top + BAND / 2}" font-weight="bold" font-size="15">{level}</text>')
        step = (WIDTH - LEFT - GAP) / len(here)
        for place, room in enumerate(here):
            at[room.name] = (LEFT + step * (place + 0.5), top + BAND / 2 + 14)
    lines = []
    for a, b in sorted(edges):
        (ax, ay), (bx, by) = at[a], at[b]
        if ay == by:
            # The farther, the higher: lines over the same boxes stay apart.
            bend = ay - BOX_H / 2 - 12 - abs(ax - bx) / 22
            path = f"M{ax:.0f},{ay - BOX_H / 2:.0f} Q{(ax + bx) / 2:.0f},{bend:.0f} {bx:.0f},{by - BOX_H / 2:.0f}"
        else:
            path = f"M{ax:.0f},{ay + BOX_H / 2:.0f} L{bx:.0f},{by - BOX_H / 2:.0f}"
        lines.append(f'<path d="{path}" fill="none" stroke="#667" stroke-width="1" marker-end="url(#tip)"/>')
    boxes = []
    for room in all_rooms:
        x, y = at[room.name]
        short = room.name.split(".")[-1]
        boxes.append(
            f'<g><title>{escape(room.sentence)}</title><rect x="{x - BOX_W / 2:.0f}" y="{y - BOX_H / 2:.0f}" '
            f'width="{BOX_W}" height="{BOX_H}" rx="5" fill="#fff" stroke="#445"/>'
            f'<text x="{x:.0f}" y="{y - 3:.0f}" text-anchor="middle" font-size="13">{escape(short)}</text>'
            f'<text x="{x:.0f}" y="{y + 15:.0f}" text-anchor="middle" font-size="11" fill="#556">'
            f"{len(room.modules)}</text></g>"
        )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {BAND * len(LEVELS) - 6}" '
        'font-family="sans-serif"><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#667"/></marker></defs>'
    )
    return "\n".join([head, *parts, *lines, *boxes, "</svg>", ""])


def table(level: str, all_rooms: list[Room]) -> str:
    """Write the rooms of a level as a table in Markdown."""
    rows = [
        f"| `{room.name.replace('.', '/')}` | {room.sentence} | {', '.join(room.modules) or '-'} |"
        for room in all_rooms
        if room.level == level
    ]
    return "\n".join(["| room | what it is for | modules |", "|---|---|---|", *rows])


def document(text: str, all_rooms: list[Room]) -> str:
    """Put the tables in place of those that stand in the document."""
    for level in LEVELS:
        head, tail = f"<!-- rooms of {level}: made by scripts/build_house.py -->", f"<!-- end of {level} -->"
        before, rest = text.split(head)
        text = f"{before}{head}\n{table(level, all_rooms)}\n{tail}{rest.split(tail)[1]}"
    return text


def listing(name: str) -> Iterator[str]:
    """Give a line for each module of a room."""
    folder = ROOT / PACKAGE / name.replace(".", "/")
    for path in sorted(folder.glob("*.py")):
        yield f"{path.stem:22} {first_sentence(path)}"


def main(words: list[str]) -> None:
    """Print a room, or write picture and tables."""
    if words:
        print("\n".join(listing(words[0])))
        return
    all_rooms = rooms()
    PICTURE.write_text(picture(all_rooms), encoding="utf-8")
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8"), all_rooms), encoding="utf-8")
    print(f"{len(all_rooms)} rooms, {sum(len(room.modules) for room in all_rooms)} modules")


if __name__ == "__main__":
    main(sys.argv[1:])
