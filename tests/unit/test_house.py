"""The documents tell of the house as it stands: its picture, its rooms, and every module they name."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = {"coverage.py"}
"""The library that a package named `coverage` hides."""
DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "data" / "README.md"])
MODULES = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("*.py")} | {
    path.relative_to(ROOT).as_posix()
    for folder in ("coverage", "tests", "scripts", "benchmarks", "server")
    for path in (ROOT / folder).rglob("*.py")
}
NAMED = re.compile(r"(?<![\w*./{},-])((?:\w+/)*\w+\.py)\b")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_named_module_is_there(document):
    """A module may be named by the end of its path, as `tables/areas.py`."""
    missing = {
        name
        for name in NAMED.findall(document.read_text(encoding="utf-8"))
        if name not in MODULES | FOREIGN and not any(module.endswith(f"/{name}") for module in MODULES)
    }
    assert not missing


def test_picture_and_tables_are_made_from_the_code_as_it_is():
    """`python scripts/build_house.py` makes both anew."""
    there = importlib.util.spec_from_file_location("build_house", ROOT / "scripts" / "build_house.py")
    house = importlib.util.module_from_spec(there)
    there.loader.exec_module(house)
    rooms = house.rooms()
    text = house.DOCUMENT.read_text(encoding="utf-8")
    assert (house.PICTURE.read_text(encoding="utf-8"), text) == (house.picture(rooms), house.document(text, rooms))
