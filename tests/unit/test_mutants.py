"""The mutation spot checks still fit the sources; whether each is killed, ``python scripts/mutants.py`` shows."""

import importlib.util
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("mutants_script", ROOT / "scripts" / "mutants.py")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_fault_can_be_planted_and_changes_something(script):
    assert script.unmutated(ROOT, script.MUTANTS) == []
    assert all(mutant.old != mutant.new for mutant in script.MUTANTS)
    assert max(Counter(mutant.name for mutant in script.MUTANTS).values()) == 1


def test_the_tests_of_every_fault_exist(script):
    for mutant in script.MUTANTS:
        for test in mutant.tests:
            file, _, name = test.partition("::")
            source = (ROOT / file).read_text(encoding="utf-8")
            assert not name or f"def {name.partition('[')[0]}(" in source, test


def test_a_fault_that_no_longer_fits_is_told(script):
    gone = replace(script.MUTANTS[0], old="no such line")
    twice = replace(script.MUTANTS[0], old="cutoff_min")
    told = script.unmutated(ROOT, (gone, twice))
    assert len(told) == 2
    assert "stands 0 times" in told[0]
    assert all(mutant.file in line for mutant, line in zip((gone, twice), told, strict=True))
