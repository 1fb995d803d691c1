"""What is said where the disk is full or read-only, for every command that writes; nothing stored is lost or half."""

import os
import re
import shutil
from pathlib import Path

import pytest

from coverage.faces import cli
from coverage.faces.cli import main
from coverage.faces.cli.commands import COMMANDS
from coverage.ground import notices
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

REGION = "16.73"
FIRST, SECOND = "16.73.08.1006", "16.73.08.1005"
WRITES = {
    "import": "import population penduduk.csv",
    "import units": "import units unit.csv",
    "import visits": "import visits kunjungan.csv",
    "import clients": "import clients klien.csv --period 2025",
    "import ferries": "import ferries feri.csv",
    "import targets": "import targets sasaran.csv",
    "import boundaries": f"import boundaries {{lain}}/batas.geojson --region {REGION}",
    "roads import": f"roads import {{lain}}/jalan.geojson --region {REGION}",
    "roads remove": f"roads remove --region {REGION}",
    "visit": f"visit --village {FIRST} --date 2026-01-02",
    "ferry": f"ferry --from {FIRST} --to {SECOND} --sailing-min 10 --trips-per-day 2",
    "speeds": "speeds --set ferry.km_per_h=20",
    "scenario save": "scenario save s.toml",
    "scenario remove": "scenario remove s",
    "targets": f"targets --region {REGION} --period 2024 --set SIL --achieved 2 --target 4",
    "units": f"units --region {REGION} --remove a",
    "workspace": "workspace --backup {disk}/cadangan.gpkg",
}
"""Commands that write into the workspace."""
FILES = {
    "template": "template units --output {disk}/t.xlsx",
    "units": f"units --region {REGION} -o {{disk}}/u.csv",
    "villages": f"villages --region {REGION} -o {{disk}}/v.xlsx",
    "regions": "regions -o {disk}/r.csv",
    "ferries": "ferries --region 74 -o {disk}/f.json",
    "speeds": "speeds --export {disk}/k.toml",
    "workspace": "workspace --format json --output {disk}/w.json",
    "gaps": f"gaps --region {REGION} -o {{disk}}/g.geojson",
    "site --save": f"site --region {REGION} --n 1 --time-limit 5 --save {{disk}}/s.toml",
    "scenario list": "scenario list -o {disk}/s.csv",
    "targets": f"targets --region {REGION} -o {{disk}}/t.csv",
    "roads info": f"roads info --region {REGION} -o {{disk}}/r.json",
}
"""Commands that write an answer to a file."""
DELIVERED = frozenset(
    {"next", "plan", "circuits", "whatif", "site", "access", "scenario run", "scenario compare", "report", "catchment"}
    | {"od", "route"}
)
"""Commands that compute longer and hand their answer to the same function: see the law below."""
NEEDS_A_SERVER = frozenset({"roads fetch", "data fetch boundaries"})
"""Tried with a cache on a full disk in the tests of their downloads."""
TABLES = {
    "penduduk.csv": f"kode;penduduk;tahun\n{FIRST};99;2025\n",
    "unit.csv": f"nama;jenis;kode\nPuskesmas A;puskesmas;{FIRST}\n",
    "kunjungan.csv": f"kode;tanggal\n{FIRST};2026-01-02\n",
    "klien.csv": f"kode;tahun;klien\n{FIRST};2025;30\n{SECOND};2025;40\n",
    "feri.csv": f"dari;ke;waktu tempuh;trip per hari;nama\n{FIRST};{SECOND};20;2;Ketinting\n",
    "sasaran.csv": f"wilayah;periode;indikator;target;capaian\n{REGION};2023;klien_rehabilitasi;10;5\n",
    "s.toml": f'name = "s"\nregion = "{REGION}"\ncutoff_min = 15\n',
}


def test_every_command_is_tried():
    tried = {name.partition(" --")[0] for name in (*WRITES, *FILES)} | NEEDS_A_SERVER | DELIVERED
    assert set(COMMANDS) <= tried


def test_one_function_writes_what_commands_answer():
    """What is held true of some commands is true of all."""
    writing = re.compile(r"write_(bytes|text)\(|\.to_(csv|file|excel|parquet)\(|open\([^)]*[\"'][wax]")
    folder = Path(cli.__file__).parent
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    assert {name for name, source in sources.items() if writing.search(source)} == {"output.py"}
    assert [name for name, source in sources.items() if "fdopen" in source or "mkstemp" in source] == ["output.py"]


@pytest.fixture
def here(all_layers, tmp_path, monkeypatch):
    """A folder with tables to import, and a way to run a command on a workspace on a disk of its own."""
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "rumah"
    home.mkdir()
    (home / "cache").symlink_to(Path(os.environ["JANGKAU_HOME"]) / "cache", target_is_directory=True)
    monkeypatch.setenv("JANGKAU_HOME", str(home))
    notices.take()
    return all_layers.parent


@pytest.fixture
def say(here, capsys):
    """Run a command; gives its exit code and what it says on standard error."""

    def run(command, workspace, disk):
        capsys.readouterr()
        words = command.format(disk=disk.folder, lain=here).split()
        place = [] if words[0] in ("template", "regions") else ["-w", str(workspace)]
        code = main([*words, *place])
        return code, capsys.readouterr().err

    return run


def held(folder):
    """Give all files but what fills the disk, and SQLite's own beside a database, which hold nothing of it then."""
    found = {one.name: one.read_bytes() for one in folder.iterdir() if one.name != "penuh"}
    assert not found.pop("kerja.gpkg-wal", b"")
    found.pop("kerja.gpkg-shm", b"")
    return found


@pytest.mark.parametrize("state", ["full", "read_only"])
def test_every_command_that_writes_into_the_workspace_tells_what_the_disk_is(
    state, say, all_layers, mounted, everything
):
    disk = mounted("600k")
    shutil.copy(all_layers, disk.folder / "kerja.gpkg")
    (disk.folder / "yang lama.csv").write_text("tetap")
    disk.fill() if state == "full" else disk.close()
    before = held(disk.folder)
    words = "ruang disk" if state == "full" else "hanya dapat dibaca"
    for name, command in WRITES.items():
        code, said = say(command, disk.folder / "kerja.gpkg", disk)
        assert (name, code, said.count("\n"), words in said) == (name, 2, 1, True), said
        assert "rusak" not in said.replace("tidak rusak", ""), (name, said)
        assert held(disk.folder) == before, name
    assert everything(Workspace.open(disk.folder / "kerja.gpkg")) == everything(Workspace.open(all_layers))
    if state == "full":
        disk.empty()
        for name, command in WRITES.items():
            assert say(command, disk.folder / "kerja.gpkg", disk)[0] == 0, name


def test_a_copy_that_fills_the_disk_says_so_though_the_disk_is_free_again_afterwards(say, all_layers, mounted):
    """It was called a failing disk, with the advice to look at its cables: the half copy was gone when it was asked."""
    workspace = Path.cwd() / "kerja.gpkg"
    shutil.copy(all_layers, workspace)
    needed = workspace.stat().st_size // 1024
    assert needed > 128
    ended = set()
    for room in (*range(4, 3 * needed, 64), *range(needed - 8, needed + 40, 4)):
        disk = mounted(f"{room}k")
        code, said = say(WRITES["workspace"], workspace, disk)
        assert (code, "ruang disk" in said, held(disk.folder) == {}) in {(2, True, True), (0, False, False)}, (
            room,
            said,
        )
        ended.add(code)
    assert ended == {0, 2}


def test_a_change_that_fills_the_disk_says_so_though_the_disk_is_free_again_afterwards(say, all_layers, mounted):
    table = "".join(f"{kode};{number};2025\n" for number, kode in enumerate(load_villages().index[:6000]))
    Path("penduduk.csv").write_text(f"kode;penduduk;tahun\n{table}")
    needed = all_layers.stat().st_size // 1024
    ended = set()
    for more in (44, 300, 3000):
        disk = mounted(f"{needed + more}k")
        shutil.copy(all_layers, disk.folder / "kerja.gpkg")
        code, said = say(WRITES["import"], disk.folder / "kerja.gpkg", disk)
        # What was begun may lie in the journal, where it is not read.
        rows = len(Workspace.open(disk.folder / "kerja.gpkg").layer("population", ("kode",)))
        assert (code, "ruang disk" in said, rows > 5000) in {(2, True, False), (0, False, True)}, (more, said, rows)
        ended.add(code)
    assert ended == {0, 2}


@pytest.mark.parametrize(("state", "names"), [("full", FILES), ("read_only", ("template", "units", "speeds"))])
def test_every_command_that_writes_a_file_tells_what_the_disk_is_and_leaves_no_half(
    state, names, say, all_layers, mounted
):
    disk = mounted("200k")
    workspace = Path.cwd() / "kerja.gpkg"
    shutil.copy(all_layers, workspace)
    (disk.folder / "r.json").write_text("yang lama")
    disk.fill() if state == "full" else disk.close()
    before = held(disk.folder)
    words = "ruang disk" if state == "full" else "hanya dapat dibaca"
    for name in names:
        code, said = say(FILES[name], workspace, disk)
        last = said.splitlines()[-1] if said else ""
        assert (name, code, words in last) == (name, 2, True), said
        assert held(disk.folder) == before, name
