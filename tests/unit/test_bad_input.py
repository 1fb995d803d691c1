"""Every file of tests/fixtures/bad_input is answered with the sentences that its manifest expects."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from coverage.faces.cli import main
from coverage.faces.files.import_files import marked_bytes
from coverage.ground.errors import InputError
from coverage.places.importing import Asked, preview
from coverage.places.tables.faults import UNTOLD, together

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "bad_input"
MANIFEST = tomllib.loads((FOLDER / "manifest.toml").read_text(encoding="utf-8"))
FILES = sorted(path.name for path in FOLDER.iterdir() if path.is_file() and path.suffix not in {".py", ".toml"})


def asked(name):
    """Give what the manifest says of the file; 2024 is said where the year is not the question."""
    return Asked(region=MANIFEST[name].get("region", "ID"), year=MANIFEST[name].get("year", 2024) or None)


def answer(name):
    raw = (FOLDER / name).read_bytes()
    try:
        found = preview(name.split("_")[0], raw, name, asked(name))
    except InputError as error:
        return 0, [message.text("id") for message in error.messages], error.text("en")
    assert marked_bytes(found, "id").startswith(b"PK")
    said = [fault.message.text("id") for fault in found.faults]
    return found.imported, said, "\n".join(fault.message.text("en") for fault in found.faults)


def test_every_file_is_in_the_manifest_and_there_are_at_least_sixty():
    assert sorted(MANIFEST) == FILES
    assert len([name for name in FILES if MANIFEST[name]["said"]]) >= 60


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_answered_with_row_column_value_and_remedy(name):
    good, said, _ = answer(name)
    assert said == MANIFEST[name]["said"]
    assert good == MANIFEST[name]["good"]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("clients_")])
def test_a_client_file_is_never_quoted(name):
    _, said, english = answer(name)
    told = "\n".join(said) + english
    assert not any(
        secret in told.replace(name, "") for secret in ("KANARI", "Kanari", "7471999", "Rahasia", "<5", "tiga")
    )
    assert all(UNTOLD in line for line in said if ", baris " in line)


def test_nothing_good_is_never_said_without_the_faults(tmp_path, capsys):
    """With ``--yes`` "kesalahan di atas" was said of a file of bad rows alone, with nothing above it."""
    told = 0
    for name in FILES[::3]:
        kind, raw = name.split("_")[0], (FOLDER / name).read_bytes()
        if MANIFEST[name]["good"] or kind == "clients":
            continue
        try:
            found = preview(kind, raw, name, replace(asked(name), year=None))
        except InputError:
            continue
        path = tmp_path / "office.gpkg"
        flags = ["--region", asked(name).region, "-w", str(path), "--yes"]
        assert main(["import", kind, str(FOLDER / name), *flags]) == 2, name
        lines = capsys.readouterr().out.splitlines()
        assert {group.message.text("id") for group in together(found.faults)} <= set(lines), name
        assert not path.exists()
        told += 1
    assert told > 7
