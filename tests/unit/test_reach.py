"""The cutoff is inclusive, and one module alone says so."""

import ast
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import coverage
from coverage.answers.access import steps
from coverage.answers.gaps import state_of
from coverage.faces.maps.map_legend import travel_class, travel_legend
from coverage.travel.reach import STATES, classes, states, within

PACKAGE = Path(coverage.__file__).parent
HOME = PACKAGE / "travel" / "reach.py"
CUTOFF = re.compile(r"cutoff|counted_min", re.IGNORECASE)
LONGEST = re.compile(r"max_travel_min")
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
COMPARING = {
    *("lt", "le", "gt", "ge", "less", "less_equal", "greater", "greater_equal", "between"),
    *("searchsorted", "digitize", "cut", "histogram", "bisect", "bisect_left", "bisect_right"),
}
PASSING = {
    "float",
    "int",
    "min",
    "max",
    "sorted",
    "set",
    "list",
    "tuple",
    "check_cutoff",
    "array",
    "asarray",
    "enumerate",
    "zip",
}


def _called(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _names(node):
    """Names of the values an expression is made of: arguments of a call are not its value, but of those that pass."""
    if isinstance(node, ast.Call) and _called(node) not in PASSING:
        return set()
    mine = {node.id} if isinstance(node, ast.Name) else {node.attr} if isinstance(node, ast.Attribute) else set()
    return mine.union(*(_names(child) for child in ast.iter_child_nodes(node)))


def _passed_on(tree):
    """Names that stand for a cutoff because they were given its value: by `=`, in a loop or a comprehension."""
    given = [(one.targets, one.value) for one in ast.walk(tree) if isinstance(one, ast.Assign)]
    given += [([one.target], one.value) for one in ast.walk(tree) if isinstance(one, ast.AnnAssign | ast.NamedExpr)]
    given += [([one.target], one.iter) for one in ast.walk(tree) if isinstance(one, ast.For | ast.comprehension)]
    held = set()
    for _ in range(3):
        for targets, value in given:
            plain = value is not None and not isinstance(value, ast.Compare | ast.BinOp | ast.BoolOp | ast.UnaryOp)
            if plain and any(name in held or CUTOFF.search(name) for name in _names(value)):
                held |= {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return held


def comparisons(source):
    """Lines of a source that compare something with a cutoff."""
    tree = ast.parse(source)
    found = []
    rooms = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.Lambda)]
    for room in [tree, *rooms]:
        held = _passed_on(room) if room is not tree else set()
        for node in ast.walk(room):
            if isinstance(node, ast.Compare) and any(isinstance(order, ORDERS) for order in node.ops):
                sides = [node.left, *node.comparators]
            elif isinstance(node, ast.Call) and _called(node) in COMPARING:
                sides = [*node.args, *(keyword.value for keyword in node.keywords)]
            else:
                continue
            if any(
                name in held or CUTOFF.search(name) or LONGEST.search(name) for side in sides for name in _names(side)
            ):
                found.append(node.lineno)
    return sorted(set(found))


def test_only_one_module_compares_with_a_cutoff():
    found = {
        str(path.relative_to(PACKAGE)): lines
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != HOME and (lines := comparisons(path.read_text(encoding="utf-8")))
    }
    assert found == {}
    assert comparisons(HOME.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "planted",
    [
        "minutes <= cutoff_min",
        "cutoff_min >= minutes",
        "minutes > cutoff",
        "minutes < self.rules.cutoff_min",
        "table['travel_min'] > rules.max_travel_min",
        "minutes[0] <= float(given.cutoff)",
        "0 < cutoff_min <= 60",
        "minutes <= cutoff_min + 1e-9",
        "minutes - cutoff_min <= 0",
        "table['travel_min'].le(cutoff_min)",
        "np.less_equal(minutes, cutoff_min)",
        "np.digitize(minutes, cutoffs_min)",
        "minutes.between(0, high=cutoff_min)",
        "limit = cutoff_min\n    minutes <= limit",
        "first = limit = question.cutoff_min\n    minutes <= limit",
        "[minutes <= step for step in cutoffs_min]",
        "for step in sorted(cutoffs_min):\n        minutes <= step",
        "(limit := cutoff_min)\n    minutes <= limit",
        "steps = sorted({check_cutoff(one) for one in cutoffs_min})\n    [minutes <= one for one in steps]",
    ],
)
def test_a_comparison_planted_elsewhere_is_found(planted):
    assert comparisons(f"def anything():\n    {planted}\n")


@pytest.mark.parametrize(
    "sound", ["within(minutes, cutoff_min)", "gaps(study, cutoff_min) > 0", "given.cutoff is None", "a <= b"]
)
def test_asking_is_no_comparison(sound):
    assert comparisons(f"def anything():\n    {sound}\n") == []


CUTOFFS = (0.1, 29.999999, 60.0, 90.7, 1440.0)


@pytest.mark.parametrize("cutoff", CUTOFFS)
def test_the_cutoff_itself_is_within_and_the_next_number_is_not(cutoff):
    minutes = np.array([0.0, np.nextafter(cutoff, 0), cutoff, np.nextafter(cutoff, np.inf), np.inf])
    assert within(minutes, cutoff).tolist() == [True, True, True, False, False]
    assert [within(one, cutoff) for one in minutes.tolist()] == [True, True, True, False, False]
    assert states(minutes, cutoff).tolist() == [*[STATES[0]] * 3, STATES[1], STATES[2]]
    assert classes(minutes, (cutoff,)).tolist() == [0, 0, 0, 1, 2]


def test_who_is_not_connected_is_within_no_cutoff():
    assert not within(np.inf, np.inf)
    assert within(np.array([[1e300, np.inf]]), np.inf).tolist() == [[True, False]]


def test_classes_are_what_within_says_of_each_end():
    draw = np.random.default_rng(14)
    for count in range(1, 7):
        ends = np.sort(draw.uniform(1, 200, count))
        minutes = np.concatenate(
            [ends, np.nextafter(ends, 0), np.nextafter(ends, np.inf), draw.uniform(0, 220, 30), [np.inf]]
        )
        expected = [
            len(ends) + 1 if np.isinf(one) else sum(not within(one, end) for end in ends.tolist())
            for one in minutes.tolist()
        ]
        assert classes(minutes, ends).tolist() == expected


def test_all_that_asks_agrees_at_its_edges():
    ends = (30.0, 60.0, 120.0, 180.0)
    keys = [entry.key for entry in travel_legend()]
    for place, end in enumerate(ends):
        assert [travel_class(one) for one in (end, float(np.nextafter(end, np.inf)))] == keys[place : place + 2]
    assert travel_class(np.inf) == keys[-1]
    assert steps(90, (1.0, 0.5, 0.25))(np.array([30, 30.1, 60, 90, 90.1, np.inf])).tolist() == [1, 0.5, 0.5, 0.25, 0, 0]
    named = pd.Series([60.0, 60.1, np.inf], index=["a", "b", "c"])
    assert state_of(named, 60).to_dict() == dict(zip("abc", STATES, strict=True))
