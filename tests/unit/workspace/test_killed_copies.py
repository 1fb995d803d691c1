"""A backup, a renewal of an older form and a plan, killed at any moment: nothing is lost, nothing is half there."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyogrio
import pytest

from coverage.places.workspace import Workspace, schema

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the copier forks, so that each work starts warm")
COPIER = Path(__file__).with_name("copier.py")
KILLS = {"backup": 4, "migrate": 3, "plan": 1}
BASE = "a"


@pytest.fixture
def copier(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(COPIER.parents[3]))
    with subprocess.Popen(
        [sys.executable, COPIER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as running:
        yield running
        running.kill()


def run(copier, *words, after=None):
    """Let a work run, to its end or until it is killed so many seconds after its begin; gives how long it ran."""
    copier.stdin.write("\t".join(map(str, words)) + "\n")
    child = int(copier.stdout.readline().removeprefix("child "))
    start = time.perf_counter()
    if after is None:
        assert copier.stdout.readline() == "done\n"
    else:
        time.sleep(after)
    took = time.perf_counter() - start
    os.kill(child, signal.SIGKILL)
    while copier.stdout.readline() != "gone\n":
        pass
    return took


def moments(kills, took):
    return [took * (number + 0.5) / kills for number in range(kills)]


def but_the_log(door, everything):
    return {name: value for name, value in everything(door).items() if name != "log"}


def test_a_killed_backup_is_whole_or_absent(copier, all_layers, everything, tmp_path):
    source = tmp_path / "kerja.gpkg"
    shutil.copy(all_layers, source)
    held = everything(Workspace.open(source))
    took = run(copier, "backup", source, tmp_path / "pertama.gpkg")
    made = 0
    for number, moment in enumerate(moments(KILLS["backup"], took)):
        target = tmp_path / f"cadangan-{number}.gpkg"
        run(copier, "backup", source, target, after=moment)
        if target.exists():
            assert everything(Workspace.open(target)) == held
            made += 1
        assert everything(Workspace.open(source)) == held
    assert made < KILLS["backup"]
    run(copier, "backup", source, tmp_path / "terakhir.gpkg")
    assert everything(Workspace.open(tmp_path / "terakhir.gpkg")) == held


def test_a_killed_renewal_leaves_the_old_form_or_the_new_one(copier, all_layers, everything, tmp_path):
    old = tmp_path / "lama.gpkg"
    for name, kind in pyogrio.list_layers(all_layers):
        if name != "jangkau_log":
            table = pyogrio.read_dataframe(all_layers, layer=name, read_geometry=bool(kind))
            pyogrio.write_dataframe(table, old, layer=name, driver="GPKG")
    held = but_the_log(Workspace.open(old), everything)
    shutil.copy(old, tmp_path / "waktu.gpkg")
    took = run(copier, "migrate", tmp_path / "waktu.gpkg")
    seen = set()
    for number, moment in enumerate(moments(KILLS["migrate"], took)):
        folder = tmp_path / str(number)
        folder.mkdir()
        place = folder / "kerja.gpkg"
        shutil.copy(old, place)
        run(copier, "migrate", place, after=moment)
        door = Workspace.open(place)
        seen.add(door.contents().version)
        now = but_the_log(door, everything)
        assert {name for name in held if now[name] != held[name]} <= {"visits"}
        assert (now["visits"] == held["visits"]) == (door.contents().version == 0)
        for copy in folder.glob("*.versi-*"):
            assert but_the_log(Workspace.open(copy), everything) == held
        run(copier, "migrate", place)
        assert Workspace.open(place).contents().version == schema.version()
    assert 0 in seen


def test_a_killed_plan_changes_no_layer(copier, all_layers, everything, tmp_path):
    place = tmp_path / "kerja.gpkg"
    shutil.copy(all_layers, place)
    held = everything(Workspace.open(place))
    took = run(copier, "plan", place, BASE)
    now = everything(Workspace.open(place))
    assert {name for name in held if now[name] != held[name]} <= {"log"}
    for moment in moments(KILLS["plan"], took):
        run(copier, "plan", place, BASE, after=moment)
        now = everything(Workspace.open(place))
        assert {name for name in held if now[name] != held[name]} <= {"log"}
