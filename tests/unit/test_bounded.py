"""What reads files of unknown origin takes no more than its share of memory and time, on every system."""

import ast
from pathlib import Path

import pytest

from coverage.ground import bounded, vector_child, vector_files
from coverage.ground.errors import InputError
from coverage.places.tables import table_files, workbook_child
from coverage.places.tables.table_files import read_content

ROOT = Path(__file__).resolve().parents[2]
BOUND = bounded.Bound(60, 200 * bounded.MEGABYTE)
HOG = "held = []\nwhile True:\n    held.append(b'x' * 8_000_000)\n"
ways = pytest.mark.parametrize("held_by_system", [True, False], ids=["limit", "watch"])


@pytest.fixture
def hog(tmp_path):
    program = tmp_path / "hog.py"
    program.write_text(HOG)
    return program


@pytest.fixture
def as_system(monkeypatch, held_by_system):
    """Linux holds the child by itself; Windows, which has no `resource`, and macOS do not: there it is watched."""
    monkeypatch.setattr(bounded, "system_holds", lambda: held_by_system)


@ways
def test_a_child_that_eats_memory_is_stopped(hog, as_system):
    with pytest.raises(bounded.StoppedError) as caught:
        bounded.run(hog, [], BOUND)
    assert caught.value.why == "memory"


@ways
def test_the_sentence_names_the_file_and_the_bound_whichever_way_a_child_is_held(hog, as_system, monkeypatch):
    monkeypatch.setattr(workbook_child, "__file__", str(hog))
    monkeypatch.setattr(table_files, "MEMORY_BYTES", 200 * bounded.MEGABYTE)
    monkeypatch.setattr(table_files, "_zipped", lambda *_: "xlsx")
    with pytest.raises(InputError) as caught:
        read_content(b"PK\x03\x04", "besar.xlsx")
    assert str(caught.value).startswith("besar.xlsx memerlukan memori lebih dari 200 MB")


@ways
def test_a_map_is_held_to_its_share_as_a_table_is(hog, as_system, monkeypatch):
    monkeypatch.setattr(vector_child, "__file__", str(hog))
    monkeypatch.setattr(vector_files, "_MEMORY_BYTES", 200 * bounded.MEGABYTE)
    with pytest.raises(InputError) as caught:
        vector_files.read_vector(b'{"type": "FeatureCollection", "features": []}', "peta.geojson", ["kode"])
    assert str(caught.value).startswith("peta.geojson memerlukan memori lebih dari 200 MB")


@ways
def test_what_stays_within_its_share_is_answered(tmp_path, as_system):
    program = tmp_path / "echo.py"
    program.write_text("import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read()[::-1] + sys.argv[1].encode())\n")
    assert bounded.run(program, ["!"], BOUND, given=b"abc") == b"cba!"


@ways
def test_a_child_that_does_not_end_and_one_that_dies_are_told_apart(tmp_path, as_system):
    program = tmp_path / "odd.py"
    for body, seconds, why in (("while True: pass", 0.5, "slow"), ("raise SystemExit(3)", 60, "died")):
        program.write_text(body)
        with pytest.raises(bounded.StoppedError) as caught:
            bounded.run(program, [], bounded.Bound(seconds, BOUND.memory_bytes))
        assert caught.value.why == why


def test_no_other_module_starts_a_process_of_its_own():
    """Readers of files of unknown origin have one room; works that answers need have theirs."""
    starting = set()
    for path in (ROOT / "coverage").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            if {"subprocess", "resource"} & set(names):
                starting.add(path.relative_to(ROOT).as_posix())
    workers = "coverage/faces/heavy/pool.py"
    assert starting == {"coverage/ground/bounded.py", "coverage/ground/bounded_child.py", workers}
