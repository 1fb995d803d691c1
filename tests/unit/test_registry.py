"""A data file that is missing, damaged or not described is named by its entry."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coverage.ground import registry
from coverage.ground.errors import DataError

ROOT = Path(__file__).resolve().parents[2]
ENTRY = """
[units]
path = "facilities/units.csv"
title = "t"
source = "s"
version = "1"
licence = "MIT"
attribution = "a"
sha256 = "{sha256}"
rebuild = "python scripts/build.py"
"""
SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "facilities").mkdir()
    (tmp_path / "facilities" / "units.csv").write_bytes(b"abc")
    (tmp_path / "registry.toml").write_text(ENTRY.format(sha256=SHA256_OF_ABC), encoding="utf-8")
    monkeypatch.setenv("JANGKAU_DATA", str(tmp_path))
    return tmp_path


def test_a_whole_file_is_given(folder):
    assert registry.data_file("units") == folder / "facilities" / "units.csv"


def test_a_flipped_byte_is_named_by_its_entry(folder):
    registry.data_file("units")
    path = folder / "facilities" / "units.csv"
    before = path.stat().st_mtime_ns
    path.write_bytes(b"abd")
    os.utime(path, ns=(before + 1, before + 1))
    with pytest.raises(DataError) as caught:
        registry.data_file("units")
    for lang in ("id", "en"):
        said = caught.value.text(lang)
        assert '"units"' in said
        assert "data/facilities/units.csv" in said
        assert "python scripts/build.py" in said
        assert "\n" not in said


def test_a_missing_file_is_named_by_its_entry(folder):
    (folder / "facilities" / "units.csv").unlink()
    with pytest.raises(DataError, match=r'"units" .*tidak ada'):
        registry.data_file("units")


def test_a_folder_in_the_place_of_a_file_is_named_by_its_entry(folder):
    (folder / "facilities" / "units.csv").unlink()
    (folder / "facilities" / "units.csv").mkdir()
    with pytest.raises(DataError, match='"units"'):
        registry.data_file("units")


def test_an_entry_that_lacks_something_is_named(folder):
    text = ENTRY.format(sha256=SHA256_OF_ABC).replace('licence = "MIT"\n', "")
    (folder / "registry.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r'"units".*licence'):
        registry.entries()


def test_an_entry_with_a_word_too_many_is_named(folder):
    (folder / "registry.toml").write_text(ENTRY.format(sha256=SHA256_OF_ABC) + 'colour = "red"\n', encoding="utf-8")
    with pytest.raises(DataError, match=r'"units".*colour'):
        registry.entries()


@pytest.mark.parametrize("content", [None, b"[units", b"units = 1", b"\x00", b"\xff\xfe"])
def test_an_unreadable_registry_is_told(content, folder):
    path = folder / "registry.toml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"registry\.toml|units"):
        registry.entries()


def test_the_command_names_a_damaged_file_in_one_sentence_and_exits_with_2(tmp_path):
    for path in (ROOT / "data").rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(ROOT / "data")
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path.name == "proximity.parquet":
                whole = bytearray(path.read_bytes())
                whole[len(whole) // 2] ^= 1
                copy.write_bytes(bytes(whole))
            else:
                copy.symlink_to(path)
    asked = [sys.executable, "-m", "coverage.faces.cli", "gaps", "--region", "74"]
    environment = {**os.environ, "JANGKAU_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(asked, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.count("\n") == 1
    assert '"proximity"' in answer.stderr
    assert "network/proximity.parquet" in answer.stderr
