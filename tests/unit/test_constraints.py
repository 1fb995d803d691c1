"""Everything that gets installed is pinned to one version."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = {canonicalize_name(name): Version(version) for name, version in (line.split("==") for line in LINES)}
PLATFORMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def environments(extra):
    for sys_platform, platform_system, os_name in PLATFORMS:
        for python in PYTHONS:
            yield default_environment() | {
                "sys_platform": sys_platform,
                "platform_system": platform_system,
                "os_name": os_name,
                "python_version": python,
                "python_full_version": f"{python}.0",
                "extra": extra,
            }


def applies(requirement, extras):
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate(env) for extra in extras for env in environments(extra))


def needs(name):
    try:
        return [Requirement(text) for text in distribution(name).requires or []]
    except PackageNotFoundError:  # belongs to another platform
        return []


def direct_requirements():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = project["dependencies"] + [text for group in project["optional-dependencies"].values() for text in group]
    return [Requirement(text) for text in texts]


def test_every_line_pins_one_name_to_one_version():
    assert [line for line in LINES if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", line)] == []
    assert len(PINS) == len(LINES)


def test_lines_are_sorted():
    assert sorted(LINES, key=str.lower) == LINES


def test_every_direct_dependency_is_pinned_inside_its_range():
    pinned = {r: PINS.get(canonicalize_name(r.name)) for r in direct_requirements()}
    assert [str(r) for r, version in pinned.items() if version is None or version not in r.specifier] == []


def test_what_dependencies_need_on_any_platform_is_pinned():
    missing, seen = set(), set()
    waiting = [(canonicalize_name(r.name), frozenset(r.extras) | {""}) for r in direct_requirements()]
    while waiting:
        name, extras = node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if name not in PINS:
            missing.add(name)
            continue
        waiting += [(canonicalize_name(r.name), frozenset(r.extras) | {""}) for r in needs(name) if applies(r, extras)]
    assert missing == set()
