"""The name `coverage` is ours alone (docs/adr/0001-package-name.md)."""

import tomllib
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest

import coverage

ROOT = Path(__file__).resolve().parents[2]
CLASHING = ("coverage", "pytest-cov", "numba")


def test_import_coverage_gives_the_planner():
    assert Path(coverage.__file__) == ROOT / "coverage" / "__init__.py"
    assert distribution("jangkau").version == coverage.__version__


@pytest.mark.parametrize("name", CLASHING)
def test_what_the_name_rules_out_is_not_installed(name):
    with pytest.raises(PackageNotFoundError):
        distribution(name)


def test_no_other_distribution_brings_a_package_of_that_name():
    assert set(packages_distributions().get("coverage", [])) <= {"jangkau"}


def test_what_the_name_rules_out_is_not_pinned():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert not {line.split("==")[0].lower() for line in pins} & set(CLASHING)


def test_the_distribution_cannot_be_uploaded():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == "jangkau"
    assert "Private :: Do Not Upload" in project["classifiers"]
