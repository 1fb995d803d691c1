"""What the words of a call mean, for every command and every flag; nothing is computed here."""

import ast
import gc
import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from coverage.faces.cli import main
from coverage.faces.cli.commands import COMMANDS, chosen, understood
from coverage.faces.cli.help_texts import help_of, told
from coverage.faces.cli.wrong_calls import UsageError, spelled
from coverage.ground.texts import LANGUAGES, say

pytestmark = pytest.mark.usefixtures("flags_known")
ROOT = Path(__file__).resolve().parents[2]
ALL = {typed: chosen(typed.split())[0] for typed in COMMANDS}
GROUPS = {" ".join(words[:depth]) for words in map(str.split, COMMANDS) for depth in range(len(words))}
BEFORE_ANY_COMMAND = {
    "coverage",
    "coverage.faces",
    "coverage.faces.cli",
    "coverage.faces.cli.__main__",
    "coverage.faces.cli.commands",
    "coverage.faces.cli.help_texts",
    "coverage.faces.cli.wrong_calls",
    "coverage.ground",
    "coverage.ground.errors",
    "coverage.ground.free_text",
    "coverage.ground.machine_faults",
    "coverage.ground.notices",
    "coverage.ground.quantities",
    "coverage.ground.texts",
}
"""All of ours that help and version may load."""
HEAVY = {"numpy", "pandas", "geopandas", "shapely", "scipy", "pyproj", "pyarrow", "networkx", "rich", "argparse"}

FOR_GAPS = {
    "_distutils_hack", "attr", "attrs", "babel", "bottleneck", "certifi", "cloudpickle", "coverage", "cyclopts",
    "dateutil", "numexpr", "numpy", "packaging", "pandas", "platformdirs", "pyarrow", "pyproj", "pytz", "six", "tzdata",
}  # fmt: skip
"""All libraries that gaps may load: those of tables, of distances and of the command; none of shapes or matrices."""
NOT_FOR_GAPS = {
    "coverage.answers.pokling",
    "coverage.faces.files.document",
    "coverage.faces.files.itinerary",
    "coverage.places.importing",
    "coverage.places.tables.headers",
    "coverage.travel.hub_labels",
    "pyarrow.dataset",
}
"""Ours, and parts of those libraries, that gaps does without."""


def said(line):
    """Give what is said of a call that does not fit."""
    with pytest.raises(UsageError) as found:
        understood(line.split())
    return [found.value.text(lang).splitlines() for lang in LANGUAGES]


def wrong(key, **values):
    return [say(f"cli.{key}", lang, **values) for lang in LANGUAGES]


def loaded_by(asked, home):
    """Give the modules that a call has loaded when it ends, and what it says."""
    script = (
        "import runpy, sys\n"
        "try: runpy.run_module('coverage.faces.cli', run_name='__main__', alter_sys=True)\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    asking = subprocess.run(
        [sys.executable, "-c", script, *asked.split()],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "JANGKAU_HOME": str(home), "JANGKAU_LANG": "id"},
        check=True,
    )
    return set(asking.stderr.splitlines()[-1].split()), asking.stdout


def test_gaps_load_nothing_of_shapes_and_matrices(tmp_path):
    loaded, said = loaded_by("gaps --region 74.71", tmp_path)
    assert "74.71" in said
    assert loaded & NOT_FOR_GAPS == set()
    assert {name.split(".")[0] for name in loaded} & set(packages_distributions()) <= FOR_GAPS


def test_who_asks_from_a_program_of_his_own_keeps_the_care_of_its_memory(capsys, monkeypatch):
    touched = []
    for name in ("disable", "enable", "freeze"):
        monkeypatch.setattr(gc, name, lambda name=name: touched.append(name))
    assert main(["regions"]) == 0
    assert touched == []
    capsys.readouterr()


@pytest.mark.parametrize("asked", ["--help", "--version", "roads --help", "gapz"])
def test_help_and_version_load_none_of_what_answers_need(asked, tmp_path):
    loaded, _ = loaded_by(asked, tmp_path)
    assert {name for name in loaded if name.split(".")[0] == "coverage"} <= BEFORE_ANY_COMMAND
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("typed", sorted({*COMMANDS, *GROUPS}))
def test_every_command_and_group_helps_in_both_languages(typed, lang):
    text = help_of(typed.split(), lang)
    assert text.startswith(f"{say('cli.usage', lang)}: jangkau {typed}".rstrip())
    if typed in ALL:
        assert all(name in text for one in ALL[typed].arguments for name in one.names if one.index is None)
        assert all(spelled(one) in text for one in ALL[typed].arguments if one.index is not None)
    else:
        below = {name.removeprefix(typed).split()[0] for name in COMMANDS if name.startswith(typed)}
        assert all(f"\n    {name} " in text for name in below)


def test_an_unknown_command_is_told_with_those_there_are():
    for typed in GROUPS:
        lines = said(f"{typed} xyzzy")
        assert all('"xyzzy"' in line[0] for line in lines)
        assert [line[1] for line in lines] == wrong("see_help", command=f"jangkau {typed}".strip())
        with pytest.raises(UsageError) as found:
            help_of([*typed.split(), "xyzzy", "--help"], "id")
        assert found.value.text("id").splitlines() == lines[0]


@pytest.mark.parametrize("typed", sorted(ALL))
def test_what_a_command_cannot_do_without_is_told_all_at_once(typed):
    needed = [spelled(one) for one in ALL[typed].arguments if one.required]
    if needed:
        told = wrong("wrong_required", what=", ".join(needed))
        assert [line[0] for line in said(typed)] == told
        flags = [name for name in needed if name.startswith("-")]
        if flags == needed:
            assert [line[0] for line in said(f"{typed} -- {' '.join(flags)}")] == told
    else:
        assert understood(typed.split()).command.words == tuple(typed.split())


def whole(command):
    """Give a call of a command that can be understood."""
    good = {"--date": "2026-01-02", "--circuits": "1", "KIND": "units"}
    words = list(command.words)
    for one in command.arguments:
        if one.required:
            words += [good.get(one.name, "x")] if one.index is not None else [one.name, good.get(one.name, "x")]
    return words


def say_again(argument):
    """Tell whether its help says that a flag may be given again."""
    return any(word in told(argument, "id") for word in ("boleh diulang", "boleh berulang"))


@pytest.mark.parametrize("typed", sorted(ALL))
def test_every_flag_tells_what_is_wrong_with_it(typed):
    """A flag without its value, with a value that is none of its choices, or given twice."""
    command = ALL[typed]
    understood(whole(command))
    bare = " ".join(word for word in whole(command))
    for unknown in ("--xyzzy", "--xyzzy --zyxxy", "--xyzzy=-1 --zyxxy", "-x"):
        assert [line[0] for line in said(f"{bare} {unknown}")] == wrong("wrong_unknown", what=unknown)
    for one in command.arguments:
        if one.index is not None:
            continue
        switch, several = one.token_count() == (0, False), say_again(one)
        if not switch and not one.required:
            for name in one.names:
                assert [line[0] for line in said(f"{bare} {name}")] == wrong("wrong_no_value", flag=spelled(one))
        choices = one.get_choices() or getattr(one.parameter.converter, "choices", ())
        if choices:
            told = wrong("wrong_choice", flag=spelled(one), value="xyzzy", what=", ".join(choices))
            assert [line[0] for line in said(f"{bare} {one.name} xyzzy")] == told
        if not several and not one.required:
            value = "" if switch else "1"
            twice = f"{bare} {one.name} {value} {one.name} {value}"
            assert [line[0] for line in said(twice)] == wrong("wrong_repeated", flag=one.name)


@pytest.mark.parametrize("typed", sorted(ALL))
def test_no_flag_has_a_name_that_nobody_gave_it(typed):
    """No "--no-..." or "--empty-...", and no flag in place of a word."""
    names = {name for one in ALL[typed].arguments if one.index is None for name in one.names}
    assert {name for name in names if name.startswith(("--no-", "--empty-"))} <= {"--no-siting"}
    assert {name for name in names if not name.startswith("--")} <= {"-w", "-o"}


def test_no_flag_hides_a_name_that_its_group_is_written_with():
    """Python reads the type of a field after its value, from 3.14 on after all of them: `day` would be no reader."""
    hidden = set()
    for path in sorted((ROOT / "coverage" / "faces" / "cli").glob("*.py")):
        for group in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(group, ast.ClassDef):
                fields = [one for one in group.body if isinstance(one, ast.AnnAssign)]
                names = {one.target.id for one in fields}
                used = {part.id for one in fields for part in ast.walk(one.annotation) if isinstance(part, ast.Name)}
                hidden |= {f"{path.name}: {group.name}.{name}" for name in names & used}
    assert hidden == set()


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["gaps", "--region=74", "-oa.csv", "-w", "k.gpkg"], {"region": "74"}),
        (["--lang", "en", "gaps", "--region", "74"], {"region": "74"}),
    ],
)
def test_a_value_may_stand_beside_its_flag_or_after_it(words, values, monkeypatch):
    monkeypatch.setattr("coverage.faces.cli.run", lambda call, lang: given.append((call, lang)))
    given = []
    assert main(words) == 0
    ((call, lang),) = given
    (asked,) = call._bound.args
    assert asked.place.region == values["region"]
    assert lang == ("en" if "en" in words else "id")


def test_words_after_two_dashes_are_no_flags():
    call = understood(["scenario", "remove", "--", "--lang"])
    assert call._bound.args[0] == "--lang"


@pytest.mark.parametrize(("word", "said"), [("-", 2), ("--xyzzy", 2)])
def test_a_dash_stands_for_what_is_pasted_and_other_dashes_for_flags(word, said, capsys):
    code = main(["import", "population", word, "--year", "abc"])
    assert code == said
    assert ("--year" in capsys.readouterr().err) == (word == "-")


def test_a_language_that_is_none_is_told(capsys):
    assert main(["gaps", "--region", "74", "--lang", "fr"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == wrong("wrong_choice", flag="--lang", value="fr", what="id, en")[0]
    assert main(["gaps", "--region", "74", "--lang"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == wrong("wrong_no_value", flag="--lang")[0]


def test_a_password_is_not_repeated(capsys):
    assert main(["gaps", "--region", "74", "--seasn", "x", "postgresql://a:rahasia@b/c"]) == 2
    assert main(["gaps", "postgresql://a:rahasia@b/c", "--region", "74"]) == 2
    assert "rahasia" not in capsys.readouterr().err
