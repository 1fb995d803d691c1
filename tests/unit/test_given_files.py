"""A path that is a pipe or a device is told at once, by every flag and word of the command line that names a file."""

import argparse
import os
from pathlib import Path

import pytest

from coverage.faces.cli import build_parser, main

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
WRITTEN = {"output", "save", "export", "backup", "unsure", "faults", "instance", "workspace"}
"""Files that are written."""
WORDS = {"import boundaries": "{file} --region 74.71", "scenario run": "{file}", "scenario save": "{file}"} | {
    f"import {kind}": "{file} --region 74.71" for kind in ("units", "population", "clients", "visits", "ferries")
}
"""Commands whose word is a file or else a name, so that its kind does not say so."""


def leaves(parser, words=()):
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield words, parser
    for action in inner:
        for name, one in action.choices.items():
            yield from leaves(one, (*words, name))


def takes_a_path(action):
    return action.type is not None and getattr(action.type, "__name__", "") in {"Path", "given_file"}


def test_every_flag_that_reads_a_file_refuses_a_pipe_and_a_device(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipa.csv")
    asked = 0
    for words, parser in leaves(build_parser("id")):
        for action in parser._actions:
            if takes_a_path(action) and action.dest not in WRITTEN:
                assert action.type.__name__ == "given_file", (words, action.dest)
                for value in ("pipa.csv", "/dev/zero"):
                    with pytest.raises(Exception, match="bukan berkas biasa"):
                        action.type(value)
                asked += 1
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
