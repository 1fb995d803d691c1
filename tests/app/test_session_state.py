"""What a session holds goes through one door: records made once, at the top of a module, under a name of their own."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coverage.faces import dashboard
from coverage.faces.dashboard.shell import session

ROOT = Path(__file__).resolve().parents[2]
DOOR = Path(session.__file__)
HOMES = {"session", "announcement"}
RECORDS = {"Entry", "EntryPer", "AnswerEntry", "Announcement"}
SOURCES = sorted([ROOT / "app.py", *(ROOT / "coverage").rglob("*.py"), *(ROOT / "server").rglob("*.py")])

OUTLIVING = {
    *(f"plan-{{region}}{part}" for part in ("", "-changes", "-job", "-made-on", "-moves")),
    "plan-base-{region}",
    *(f"plan-{asked}" for asked in ("first", "days", "teams", "hours", "visit", "start")),
    "scenarios",
    "scenarios-chosen",
    "proposal",
    "robustness",
    "site-search",
    "site-trial",
    "report-made",
    "report-job",
}
"""Drafts and the answers found for them; what was only looked at is none."""


@pytest.fixture(scope="module", autouse=True)
def every_module() -> None:
    """Import all of the dashboard, but for what runs it: a record registers when its module is imported."""
    for module in pkgutil.walk_packages(dashboard.__path__, f"{dashboard.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def local_names(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Give the names by which a module knows the records, and the modules that they are made of."""
    records, modules = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            within = (node.module or "").rpartition(".")[2] if isinstance(node, ast.ImportFrom) else ""
            for one in node.names:
                name = one.name.rpartition(".")[2]
                if within in HOMES and name in RECORDS:
                    records.add(one.asname or name)
                elif name in HOMES:
                    modules.add(one.asname or name)
    return records, modules


def makes_record(node: ast.AST | None, known: tuple[set[str], set[str]]) -> bool:
    """Tell whether a call makes a record, as `Entry[int]("name")` or `session.Entry("name")`."""
    records, modules = known
    if not isinstance(node, ast.Call):
        return False
    made = node.func.value if isinstance(node.func, ast.Subscript) else node.func
    if isinstance(made, ast.Attribute):
        return made.attr in RECORDS and isinstance(made.value, ast.Name) and made.value.id in modules
    return isinstance(made, ast.Name) and made.id in records


def named(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def made_by(tree: ast.Module) -> Iterator[ast.Call]:
    """Give the records that a module makes as what a constant of it stands for."""
    known = local_names(tree)
    for line in tree.body:
        if isinstance(line, ast.Assign | ast.AnnAssign) and makes_record(line.value, known):
            yield line.value


def faults(sources: dict[str, str], *, door: str) -> set[tuple[str, int, str]]:
    """Find every line that goes past the door: where, which, and what is wrong with it."""
    found, first_at = set(), {}
    for path, source in sources.items():
        # Who names neither reaches neither; reading all modules would take seconds.
        if not any(word in source for word in ("session_state", *HOMES)):
            continue
        tree = ast.parse(source)
        at_the_top, known = list(made_by(tree)), local_names(tree)
        for node in ast.walk(tree):
            words = {
                ast.Attribute: lambda one: [one.attr],
                ast.Name: lambda one: [one.id],
                ast.alias: lambda one: [*one.name.split("."), one.asname],
                ast.Constant: lambda one: [one.value],
            }.get(type(node), lambda _: [])(node)
            if "session_state" in words and path != door:
                found.add((path, node.lineno, "session_state"))
            if makes_record(node, known) and path != door and node not in at_the_top:
                found.add((path, node.lineno, "made where it runs"))
        for call in at_the_top if path != door else ():
            name = named(call)
            if name is None:
                found.add((path, call.lineno, "no constant name"))
            elif name in first_at:
                found.add((path, call.lineno, f"{name} again"))
            first_at[name] = path
    return found


def test_the_session_state_is_reached_through_one_door_by_records_of_constant_names():
    sources = {str(path): path.read_text(encoding="utf-8") for path in SOURCES}
    assert faults(sources, door=str(DOOR)) == set()
    made = [
        named(call)
        for path, source in sources.items()
        if path != str(DOOR) and any(home in source for home in HOMES)
        for call in made_by(ast.parse(source))
    ]
    assert sorted(made) == sorted(session.names())


PLANTED = """
import streamlit as st
from streamlit import session_state as state
from coverage.faces.dashboard.shell import session
from coverage.faces.dashboard.shell.announcement import Announcement as Said
from coverage.faces.dashboard.shell.session import AnswerEntry, Entry, EntryPer
from coverage.places.workspace import Entry as LogEntry
NAME = "as-written"
HELD = session.Entry[int]("held")
ANOTHER = AnswerEntry[str, int]("held", outlives_reload=True)
COMPUTED = Entry(f"{NAME}-too")
VARIABLE = EntryPer[int](NAME)
LISTED = [Entry("listed")]
st.session_state["held"] = 1
getattr(st, "session_state").clear()
def page():
    return Said("said"), LogEntry("no record of a session")
"""


def test_a_planted_source_is_found_out_line_by_line():
    found = faults({"door.py": "import st\nst.session_state\n", "page.py": PLANTED}, door="door.py")
    assert found == {
        ("page.py", 3, "session_state"),
        ("page.py", 10, "held again"),
        ("page.py", 11, "no constant name"),
        ("page.py", 12, "no constant name"),
        ("page.py", 13, "made where it runs"),
        ("page.py", 14, "session_state"),
        ("page.py", 15, "session_state"),
        ("page.py", 17, "made where it runs"),
    }


def test_drafts_and_what_was_found_for_them_outlive_a_reload_and_nothing_else():
    assert session.names(outliving=True) == OUTLIVING


def keys_of(name: str) -> list[str]:
    """Give keys that a name stands for, among them the shortest and the longest region."""
    return [
        name.replace("{region}", region).replace("{lang}", lang).replace("{map}", drawn)
        for region in ("74", "74.71", "74.71.01.1005")
        for lang in ("id", "en")
        for drawn in ("map", "gap-map")
    ]


def test_a_key_is_of_one_record_only():
    """Where two records could write under the same key, one would read what the other wrote."""
    for name in session.names():
        for key in keys_of(name):
            assert [one for one, (keys, _) in session._registered.items() if keys.fullmatch(key)] == [name]


def test_each_key_outlives_a_reload_as_its_record_says():
    for name in session.names():
        for key in keys_of(name):
            assert session.outlives_reload(key) == (name in OUTLIVING), key
    for key in ("plan", "plan-", "plan-nights", "plan-74-why", "plan-base-id", "plan-74-moves-", "x-proposal"):
        assert not session.outlives_reload(key)


@pytest.fixture
def state(monkeypatch):
    """Stand in for the state of a session, and leave no record behind."""
    held = {}
    monkeypatch.setattr(session.st, "session_state", held)
    monkeypatch.setattr(session, "_registered", dict(session._registered))
    return held


def test_a_value_is_held_handed_over_once_and_forgotten(state):
    entry = session.Entry[int | None]("number-of-test")
    assert (entry.get(), entry.get_or(3), entry.take(), entry.is_there()) == (None, 3, None, False)
    entry.forget()
    assert (entry.first(4), entry.first(5), entry.get(), state) == (4, 4, 4, {"number-of-test": 4})
    entry.put(None)
    assert (entry.is_there(), entry.get_or(3), entry.first(3)) == (True, None, None)
    entry.put(6)
    assert (entry.take(), entry.take(), state) == (6, None, {})


def test_an_answer_answers_its_own_question_only(state):
    answer = session.AnswerEntry[str, int]("answer-of-test")
    assert answer.to("far?") is None
    answer.put(("far?", 0))
    assert (answer.to("far?"), answer.to("near?")) == (0, None)


@pytest.mark.parametrize("name", ["date", "plan-{region}"])
@pytest.mark.parametrize("kind", [session.Entry, session.EntryPer])
def test_a_name_that_is_taken_is_refused(state, name, kind):
    with pytest.raises(ValueError, match="already" if kind is session.Entry or "{" in name else "for each of what"):
        kind[int](name)


@pytest.mark.parametrize("name", ["per-nothing", "per-{page}", "per-{region}-{lang}"])
def test_a_name_that_says_not_for_each_of_what_is_refused(state, name):
    with pytest.raises(ValueError, match="for each of what"):
        session.EntryPer[int](name)


@pytest.mark.parametrize("one", ["", "first", "74-job", "74 ", "ID"])
def test_what_is_no_region_gets_no_key_of_its_own(state, one):
    with pytest.raises(ValueError, match="is none that"):
        session.EntryPer[int]("of-test-{region}").of(one)


def test_a_later_session_takes_over_drafts_where_it_holds_none_of_its_own(state):
    state.update({"plan-74": "left", "scenarios": {"A": 1}, "region": "74"})
    left = session.outliving()
    state.clear()
    state["scenarios"] = {"B": 2}
    session.take_over(left)
    assert state == {"plan-74": "left", "scenarios": {"B": 2}}
