"""What start.py decides, without network, browser or a real environment."""

import ast
import importlib.util
import json
import os
import platform
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "start.py"
PASSES = [sys.executable, "-c", ""]
FAILS = [sys.executable, "-c", "raise SystemExit(3)"]


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start.py, moved to a folder of its own."""
    spec = importlib.util.spec_from_file_location("start", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("a==1\n")
    venv = tmp_path / ".venv"
    venv.mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "STAMP", venv / "jangkau.stamp")
    monkeypatch.setattr(module, "MEASURED", venv / "slipcover.json")
    monkeypatch.setattr(module, "PYTHON", sys.executable)
    return module


@pytest.fixture
def pip(start, monkeypatch):
    """Stands in for the programs start.py runs: keeps their commands; installing ends with `code`."""
    told = SimpleNamespace(commands=[], code=0)

    def run(command, **_):
        told.commands.append([str(part) for part in command])
        code = told.code if "install" in command else 0
        return subprocess.CompletedProcess(command, code, stdout=platform.python_version())

    monkeypatch.setattr(start, "subprocess", SimpleNamespace(run=run))
    return told


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def installs(pip):
    return [command[-1] for command in pip.commands if "install" in command]


def test_a_second_start_installs_nothing(start, pip):
    start.install()
    start.install()
    assert installs(pip) == ["."]


def test_a_failed_installation_is_repeated(start, pip):
    pip.code = 1
    with pytest.raises(start.SetupError):
        start.install()
    assert not start.STAMP.exists()
    pip.code = 0
    start.install()
    assert start.is_installed("")


def test_a_failed_renewal_makes_the_earlier_stamp_worthless(start, pip, tmp_path):
    start.install()
    pins = tmp_path / "constraints.txt"
    pins.write_text("a==2\n")
    pip.code = 1
    with pytest.raises(start.SetupError):
        start.install()
    pins.write_text("a==1\n")
    assert not start.is_installed("")


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_requirement_is_installed_again(start, pip, tmp_path, name):
    start.install()
    (tmp_path / name).write_text("changed\n")
    assert not start.is_installed("")


def test_another_python_or_another_folder_is_installed_again(start, pip, tmp_path, monkeypatch):
    start.install()
    with monkeypatch.context() as patch:
        patch.setattr(start.platform, "python_version", lambda: "3.99.0")
        assert not start.is_installed("")
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (moved / name).write_bytes((tmp_path / name).read_bytes())
    monkeypatch.setattr(start, "ROOT", moved)
    assert not start.is_installed("")


def test_an_environment_whose_python_was_removed_is_installed_again(start, pip, tmp_path, monkeypatch):
    start.install()
    monkeypatch.setattr(start, "PYTHON", str(tmp_path / "none"))
    assert not start.is_installed("")


def test_test_tools_are_added_once_and_serve_the_dashboard_too(start, pip):
    start.install()
    start.install("test")
    start.install("test")
    start.install()
    assert installs(pip) == [".", ".[test]"]


@pytest.mark.parametrize("content", ["", "\xff", "other test"])
def test_a_damaged_stamp_counts_as_none(start, content):
    start.STAMP.write_bytes(content.encode("latin-1"))
    assert not start.is_installed("")


def test_an_environment_of_another_python_is_made_anew(start, pip, monkeypatch):
    made = []
    monkeypatch.setattr(start, "venv_works", lambda: False)
    monkeypatch.setattr(start, "make_venv", lambda: made.append(True))
    start.install()
    assert made == [True]


def test_an_environment_without_python_does_not_work(start, monkeypatch, tmp_path):
    monkeypatch.setattr(start, "PYTHON", str(tmp_path / "none"))
    assert not start.venv_works()


def test_without_ensurepip_the_sentence_names_the_package(start, monkeypatch):
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(start.SetupError, match="sudo apt install python3-venv"):
        start.make_venv()


def test_a_failed_download_is_told_with_a_remedy(start, pip):
    pip.code = 1
    with pytest.raises(start.SetupError, match=r"pesan pip di atas.*internet, sambungkan"):
        start.install()


@pytest.mark.parametrize(("version", "told"), [((3, 10, 12), "3.10.12"), ((3, 8, 0), "3.8.0"), ((2, 7, 18), "2.7.18")])
def test_an_old_python_is_refused_by_number(start, version, told):
    with pytest.raises(start.SetupError, match=rf"Python 3\.11 atau yang lebih baru; .* Python {told}\."):
        start.require_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_a_young_python_is_welcome(start, version):
    start.require_python(version)


def test_the_refusal_reaches_the_user_of_an_old_python(start, monkeypatch, capsys):
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 2, "final", 0))
    assert start.main([]) == 1
    assert "Python 3.9.2" in capsys.readouterr().err


def test_an_old_python_can_read_the_file_as_far_as_the_refusal():
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_every_console_can_print_the_sentences():
    assert SOURCE.read_text(encoding="utf-8").isascii()


def test_only_the_standard_library_is_imported():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_without_a_wish_the_next_free_port_is_taken(start, taken_port, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    monkeypatch.setattr(start, "PORTS", [taken_port, free])
    assert start.choose_port(None) == free


def test_a_wished_port_that_is_taken_ends_with_a_sentence_and_code_2(start, taken_port, capsys):
    assert start.main(["--port", str(taken_port)]) == 2
    assert f"Port {taken_port} tidak dapat dipakai" in capsys.readouterr().err


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_cannot_exist_ends_with_code_2(start, port):
    assert start.main([f"--port={port}"]) == 2


def test_a_wished_port_that_is_free_is_kept(start, taken_port, monkeypatch):
    monkeypatch.setattr(start, "is_free", lambda _: True)
    assert start.choose_port(taken_port) == taken_port


def test_the_exit_code_of_the_server_is_passed_on(start, taken_port):
    package = start.ROOT / "coverage" / "faces" / "dashboard"
    package.mkdir(parents=True)
    for folder in (package, *list(package.parents)[:2]):
        (folder / "__init__.py").touch()
    (package / "__main__.py").write_text("raise SystemExit(4)\n")
    assert start.open_dashboard(taken_port, browser=False) == 4


def test_a_failing_check_fails_the_run_and_hides_no_later_one(start, capfd):
    last = [sys.executable, "-c", "print('still run')"]
    assert start.run_checks({"first": PASSES, "second": FAILS, "third": last}) == 1
    printed = capfd.readouterr().out
    assert "still run" in printed
    assert printed.splitlines()[-3:] == ["lulus  first", "GAGAL  second", "lulus  third"]


def test_checks_that_all_pass_end_well(start):
    assert start.run_checks({"first": PASSES, "second": PASSES}) == 0


def test_what_the_checks_compile_is_kept(start, monkeypatch, capfd):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    start.run_checks({"first": [sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"]})
    assert "False" in capfd.readouterr().out


def test_pytest_gets_the_arguments_after_test(start, pip, monkeypatch):
    monkeypatch.setattr(start, "run_checks", lambda commands: commands["pytest"][-2:])
    assert start.main(["test", "-k", "word"]) == ["-k", "word"]


def test_the_quick_run_asks_for_the_files_that_are_listed_and_measures_nothing(start, monkeypatch, tmp_path):
    listed = tmp_path / "quick.txt"
    listed.write_text("tests/a.py\ntests/b.py\n")
    monkeypatch.setattr(start, "QUICK", listed)
    command = start.checks(["--fast", "-k", "word"])["pytest"]
    assert command[-4:] == ["tests/a.py", "tests/b.py", "-k", "word"]
    assert "slipcover" not in command
    assert "slipcover" in start.checks([])["pytest"]


def test_every_file_of_the_quick_run_is_there():
    root = SOURCE.parent
    names = (root / "tests" / "quick.txt").read_text(encoding="utf-8").split()
    assert len(names) > 10
    assert all((root / name).is_file() for name in names)


def test_files_with_thin_tests_are_named(start):
    files = {"coverage/a.py": 79.4, f"coverage{os.sep}b.py": 12.0, "app.py": 80.0}
    report = {
        "files": {name: {"summary": {"percent_covered": percent}} for name, percent in files.items()},
        "summary": {"percent_covered": 57.2},
    }
    start.MEASURED.write_text(json.dumps(report))
    assert start.measured_sentence() == (
        "Dijalankan oleh uji (baris dan cabang): 57%. Di bawah 80%: coverage/a.py 79%, coverage/b.py 12%."
    )
