"""A path that is a pipe or a device is told at once, by every flag and word of the command line that names a file."""

import os
from pathlib import Path
from typing import get_args

import pytest

from coverage.faces.cli import main
from coverage.faces.cli.commands import COMMANDS, chosen
from coverage.faces.cli.flag_values import given_file
from coverage.ground.errors import PlannerError

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
WRITTEN = {"output", "save", "export", "backup", "unsure", "faults", "instance", "workspace"}
"""Files that are written."""
WORDS = {"import boundaries": "{file} --region 74.71", "scenario run": "{file}", "scenario save": "{file}"} | {
    f"import {kind}": "{file} --region 74.71" for kind in ("units", "population", "clients", "visits", "ferries")
}
"""Commands whose word is a file or else a name, so that its kind does not say so."""


def reader_of(argument):
    return getattr(argument.parameter.converter, "read", None)


def test_every_flag_that_reads_a_file_refuses_a_pipe_and_a_device(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipa.csv")
    asked = 0
    for command in (chosen(typed.split())[0] for typed in COMMANDS):
        for argument in command.arguments:
            read = reader_of(argument)
            if read in (Path, given_file) and argument.name.lstrip("-") not in WRITTEN:
                assert read is given_file, (command.typed, argument.name)
                for value in ("pipa.csv", "/dev/zero"):
                    with pytest.raises(PlannerError, match="bukan berkas biasa"):
                        read(value)
                asked += 1
            # A path that is read by its type alone would be read by nobody here.
            assert read is not None or Path not in {argument.hint, *get_args(argument.hint)}
    assert asked > 20


@pytest.mark.parametrize("command", sorted(WORDS))
def test_a_word_that_names_a_pipe_is_one_sentence(command, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    os.mkfifo(tmp_path / "pipa.toml")
    given = WORDS[command].format(file=tmp_path / "pipa.toml").split()
    assert main([*command.split(), *given]) == 2
    said = capsys.readouterr().err
    assert "pipa.toml" in said
    assert "bukan berkas biasa" in said
    assert not list(Path(tmp_path).glob("*.gpkg"))
