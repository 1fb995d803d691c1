"""Rules of the house that can be counted: short functions, few parameters, no names alike, nothing for tests alone."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "coverage"
BESIDE = ("app.py", "start.py", "scripts/*.py", "benchmarks/*.py", "server/*.py")
"""What uses the package besides itself, tests left out."""
MOST_PARAMETERS, MOST_LINES = 6, 60
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINING = (*FUNCTIONS, ast.ClassDef)
NAMING = (ast.Name, ast.Attribute, ast.Constant)
IMPORTING = (ast.Import, ast.ImportFrom)
REFERENCE = re.compile(r"(\w+)[.:](\w+)|(\w+)")
"""How code is named in a text: `csv_file.list_csv`, `place_commands:run_units`, the name of a field."""


def parsed(*patterns):
    """Give each module, parsed, by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_bytes())
        for pattern in patterns
        for path in sorted(ROOT.glob(pattern))
    }


@pytest.fixture(scope="module")
def package():
    return parsed("coverage/**/*.py")


def docstring(node):
    first = node.body[0]
    return first if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None


def too_large(tree):
    """Name functions with too many parameters, keyword-only ones counted, or too many lines, docstrings left out."""
    methods = {id(one) for room in ast.walk(tree) if isinstance(room, ast.ClassDef) for one in room.body}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, FUNCTIONS):
            continue
        given = node.args
        taken = [one.arg for one in (*given.posonlyargs, *given.args)]
        if id(node) in methods and taken[:1] in (["self"], ["cls"]):
            taken = taken[1:]
        taken += [one.arg for one in (*given.kwonlyargs, given.vararg, given.kwarg) if one is not None]
        told = docstring(node)
        lines = node.end_lineno - node.lineno + 1 - (told.end_lineno - told.lineno + 1 if told else 0)
        if len(taken) > MOST_PARAMETERS or lines > MOST_LINES:
            found.append(node.name)
    return found


def test_functions_are_short_and_take_few_parameters(package):
    assert {name: found for name, tree in package.items() if (found := too_large(tree))} == {}


SEVEN = "a, b, c, d, e, f, g"


@pytest.mark.parametrize(
    "planted",
    [
        f"def big({SEVEN}): pass",
        "async def big(a, b, c, /, d, e, f, g): pass",
        "def big(a, b, c, *, d, e, f, g): pass",
        "def big(a, b, c, d, e, *f, **g): pass",
        f"class One:\n    def big(self, {SEVEN}): pass",
        f"class One:\n    @staticmethod\n    def big({SEVEN}): pass",
        f"def whole():\n    def big({SEVEN}): pass",
        f"if True:\n    def big({SEVEN}): pass",
        "def big():\n" + "    step()\n" * 60,
        'def big():\n    """Say.\n\n    More.\n    """\n' + "    step()\n" * 60,
        "def big(\n    a,\n    b,\n):\n" + "    step()\n" * 57,
    ],
)
def test_a_planted_function_that_is_too_large_is_found(planted):
    assert too_large(ast.parse(planted)) == ["big"]


@pytest.mark.parametrize(
    "sound",
    [
        "def small(a, b, c, *, d, e, f): pass",
        "class One:\n    def small(self, a, b, c, d, e, f): pass",
        "class One:\n    @classmethod\n    def small(cls, a, b, c, d, e, f): pass",
        "def small():\n" + "    step()\n" * 59,
        'def small():\n    """Say.\n\n    More.\n    """\n' + "    step()\n" * 59,
    ],
)
def test_a_function_that_is_just_small_enough_is_not(sound):
    assert too_large(ast.parse(sound)) == []


def alike(modules):
    """Name modules that bear the name of a module of another room."""
    rooms = defaultdict(set)
    for module in modules:
        room, _, name = module.rpartition(".")
        rooms[name].add(room)
    return {name for name, where in rooms.items() if len(where) > 1}


def test_no_two_modules_bear_one_name():
    paths = [path.relative_to(ROOT).with_suffix("") for path in PACKAGE.rglob("*.py")]
    assert alike(".".join(path.parts) for path in paths if not path.name.startswith("__")) == set()


def test_modules_of_one_name_in_two_rooms_are_found():
    assert alike(["coverage.ground.registry", "coverage.faces.files.registry", "coverage.ground.codes"]) == {"registry"}


def ordered(room):
    """Tell whether the fields of a class are read by comparing."""
    return any("order=True" in ast.unparse(one) for one in room.decorator_list)


def defined(module, tree):
    """Give what a module defines: names at its top, and methods and fields of its classes that override nothing."""
    for node in tree.body:
        if isinstance(node, DEFINING):
            yield (module, node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((module, one.id) for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
        if isinstance(node, ast.ClassDef) and not node.bases and not ordered(node):
            for one in node.body:
                name = one.name if isinstance(one, FUNCTIONS) else None
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                    name = one.target.id
                if name is not None:
                    yield (module, node.name, name)


def spoken(node, owner):
    """Give each node that may name something and the definition that it stands in; imports and docstrings name none."""
    left = [(node, owner)]
    while left:
        node, owner = left.pop()
        if isinstance(node, DEFINING) and len(owner) < 3:
            owner = (*owner, node.name)
        if isinstance(node, NAMING):
            yield owner, node
        told = docstring(node) if isinstance(node, DEFINING) else None
        children = (one for one in ast.iter_child_nodes(node) if one is not told and not isinstance(one, IMPORTING))
        left.extend((one, owner) for one in children if not exported(one))


def exported(node):
    return isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"


class Uses:
    """Which definition speaks of which: `named` of one, `held` of a name on what nobody knows, `any` of a word."""

    def __init__(self, trees):
        self.modules, self.stems = set(trees), defaultdict(set)
        for module in trees:
            self.stems[module.rpartition(".")[2]].add(module)
        self.things = {thing for module, tree in trees.items() for thing in defined(module, tree)}
        self.imported = {
            (module, one.asname or one.name): (node.module, one.name)
            for module, tree in trees.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for one in node.names
        }
        self.named, self.held, self.any = defaultdict(set), defaultdict(set), defaultdict(set)
        for module, tree in trees.items():
            for owner, node in spoken(tree, (module,)):
                self.note(module, owner, node)

    def meant(self, module, name):
        """Follow imports to where a name is defined."""
        seen = set()
        while (module, name) not in self.things and (module, name) in self.imported and (module, name) not in seen:
            seen.add((module, name))
            module, name = self.imported[module, name]
        return module, name

    def note(self, module, owner, node):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                self.named[self.meant(module, node.id)].add(owner)
        elif isinstance(node, ast.Attribute):
            self.any[node.attr].add(owner)
            holder = ".".join(self.meant(module, getattr(node.value, "id", "")))
            uses = self.named[self.meant(holder, node.attr)] if holder in self.modules else self.held[node.attr]
            uses.add(owner)
        elif isinstance(node.value, str) and (found := REFERENCE.fullmatch(node.value)):
            stem, of_stem, word = found.groups("")
            self.any[of_stem or word].add(owner)
            for one in self.stems[stem]:
                self.named[one, of_stem].add(owner)

    def of(self, thing):
        """Of a method or field any attribute or text may speak; of a name at the top, where nobody knows of what."""
        return self.any[thing[-1]] if len(thing) > 2 else self.named[thing] | self.held[thing[-1]]


def only_tested(package, beside):
    """Name what the package defines and neither it nor what stands beside it uses, however long the chain."""
    uses = Uses(package | beside)
    things = {thing for thing in uses.things if thing[0] in package and not thing[-1].startswith("__")}
    dead = set()
    while gone := {
        thing
        for thing in things - dead
        if all(owner[: len(thing)] == thing or dead & {owner[:2], owner[:3]} for owner in uses.of(thing))
    }:
        dead |= gone
    return dead


def test_nothing_is_there_for_tests_alone(package):
    assert only_tested(package, parsed(*BESIDE)) == set()


USED = "from coverage.ground.a import used\nused()\n"


@pytest.mark.parametrize(
    ("planted", "beside", "found"),
    [
        ("def used(): pass\ndef alone(): pass", USED, {("alone",)}),
        ("def used(): pass\ndef alone(): alone()", USED, {("alone",)}),
        ("def used(): pass\ndef alone(): far()\ndef far(): pass", USED, {("alone",), ("far",)}),
        ("__all__ = ['alone', 'used']\ndef used(): pass\nalone = 1", USED, {("alone",)}),
        ("def used(): pass\nclass Alone:\n    one: int", USED, {("Alone",), ("Alone", "one")}),
        ("class used:\n    one: int\n    def two(self): pass", USED + "used().one\n", {("used", "two")}),
        ("def used(): pass\ndef alone(): pass", USED + "from coverage.ground.b import alone\nalone()\n", {("alone",)}),
        ("def used(): pass\ndef alone():\n    'alone'", USED, {("alone",)}),
        ("class used(Base):\n    def called_by_base(self): pass", USED, set()),
        ("def used(): pass\ndef by_text(): pass", USED + "WHERE = 'a:by_text'\n", set()),
        ("def used(): pass\ndef by_module(): pass", USED + "from coverage.ground import a\na.by_module()\n", set()),
        ("def used(): pass\ndef loaded(): pass", USED + "import_module('a').loaded()\n", set()),
        ("class used:\n    one: int", USED + "getattr(used(), 'one')\n", set()),
    ],
)
def test_what_only_tests_could_use_is_found(planted, beside, found):
    package = {"coverage.ground.a": ast.parse(planted), "coverage.ground.b": ast.parse("def alone(): pass")}
    dead = only_tested(package, {"scripts.one": ast.parse(beside)})
    assert {thing[1:] for thing in dead if thing[0] == "coverage.ground.a"} == found


def bound(tree):
    """Give the names that a module binds at its top."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, DEFINING):
            found.add(node.name)
        elif isinstance(node, IMPORTING):
            found |= {one.asname or one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def lost(package, beside):
    """Name what is imported of the package and is not there: nothing but a run of a script would tell."""
    return {
        (room, node.module, one.name)
        for room, tree in beside.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "coverage"
        for one in node.names
        if f"{node.module}.{one.name}" not in package
        and (node.module not in package or one.name not in bound(package[node.module]))
    }


def test_scripts_benchmarks_and_tests_import_what_is_there(package):
    assert lost(package, parsed(*BESIDE, "tests/**/*.py")) == set()


@pytest.mark.parametrize(
    ("planted", "is_lost"),
    [
        ("from coverage.ground.a import used", False),
        ("from coverage.ground import a", False),
        ("from coverage.ground.a import gone", True),
        ("from coverage.ground import gone", True),
        ("def run():\n    from coverage.gone import used", True),
        ("from numpy import used", False),
    ],
)
def test_an_import_of_what_is_gone_is_found(planted, is_lost):
    package = {"coverage.ground": ast.parse(""), "coverage.ground.a": ast.parse("def used(): pass")}
    assert bool(lost(package, {"scripts.one": ast.parse(planted)})) == is_lost
