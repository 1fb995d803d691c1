"""Set Jangkau up and open it: ``python3 start.py``; check everything: ``python3 start.py test``.

Needs the standard library only. Its grammar stays readable for Python 3.7, so that an old
Python gets as far as the sentence that says which one is needed.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import importlib.util
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
STAMP = VENV / "jangkau.stamp"
MEASURED = VENV / "slipcover.json"
QUICK = ROOT / "tests" / "quick.txt"
OLDEST = (3, 11)
HOST = "127.0.0.1"
PORTS = range(8501, 8601)
THIN_PERCENT = 80
# slipcover is at work before pytest could rewrite its assertions, which nobody needs.
FAST = "--fast"
HARMLESS = (
    "ignore:Module already imported so cannot be rewritten; slipcover:pytest.PytestAssertRewriteWarning",
    "ignore:Unable to activate pytest branch coverage:RuntimeWarning",
)
# Flushed, so that lines keep their place among those of the programs started here.
say = functools.partial(print, flush=True)


class SetupError(Exception):
    """Something the user can mend, told in one sentence, with the exit code it leads to."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def require_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old for Jangkau."""
    if version[:2] < OLDEST:
        needed, found = (".".join(map(str, numbers)) for numbers in (OLDEST, version[:3]))
        raise SetupError(
            f"Jangkau memerlukan Python {needed} atau yang lebih baru; yang menjalankan perintah ini Python {found}. "
            "Pasang Python terbaru, lalu jalankan lagi perintah ini dengan Python itu."
        )


def digest() -> str:
    """Return the sha256 of all that an installation depends on."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    # The editable install points at this folder: a folder that was moved needs a new one.
    parts += [platform.python_version().encode(), os.fsencode(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_installed(extra: str) -> bool:
    """Tell whether the last installation succeeded, is still current and holds the extra."""
    try:
        known, *extras = STAMP.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return False
    return known == digest() and (not extra or extra in extras) and Path(PYTHON).exists()


def venv_works() -> bool:
    """Tell whether .venv has pip and the Python that runs this file; half-made and outlived ones do not."""
    probe = "import pip, platform; print(platform.python_version())"
    try:
        answer = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == platform.python_version()


def make_venv() -> None:
    """Make .venv, in place of any that is there."""
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "Python di komputer ini belum dapat membuat lingkungan virtual. Di Debian atau Ubuntu jalankan: "
            "sudo apt install python3-venv, lalu jalankan lagi perintah ini."
        )
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode:
        raise SetupError(
            f"Folder {VENV} tidak dapat dibuat. Pastikan folder Jangkau boleh ditulisi dan disk tidak penuh, "
            "lalu jalankan lagi perintah ini."
        )


def install(extra: str = "") -> None:
    """Install Jangkau and what it needs into .venv, unless that was done before."""
    if is_installed(extra):
        return
    say("Menyiapkan Jangkau; pertama kali perlu internet dan beberapa menit.")
    STAMP.unlink(missing_ok=True)
    if not venv_works():
        make_venv()
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "-c", "constraints.txt"]
    if subprocess.run([*pip, "-e", f".[{extra}]" if extra else "."], cwd=ROOT, check=False).returncode:
        raise SetupError(
            "Pemasangan belum berhasil; sebabnya ada di pesan pip di atas. Bila komputer ini tidak tersambung ke "
            "internet, sambungkan dahulu (di kantor mungkin lewat proksi), lalu jalankan lagi perintah ini."
        )
    STAMP.write_text(f"{digest()} {extra}\n", encoding="utf-8")


def is_free(port: int) -> bool:
    """Tell whether a server can listen on the port."""
    if port not in range(1, 65536):
        return False
    with socket.socket() as probe:
        if os.name == "posix":
            # Connections that just ended do not keep a server from listening; on Windows this option would let
            # two servers share the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_port(wanted: int | None) -> int:
    """Return the wanted port or, when none was asked for, the first free one."""
    port = next(filter(is_free, PORTS if wanted is None else [wanted]), None)
    if port is None:
        tried = f"{PORTS[0]} sampai {PORTS[-1]}" if wanted is None else wanted
        raise SetupError(
            f"Port {tried} tidak dapat dipakai; biasanya program lain sedang memakainya. "
            "Tutup program itu, atau pilih port lain dengan --port.",
            code=2,
        )
    return port


def is_listening(port: int) -> bool:
    """Tell whether a server answers on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def open_dashboard(port: int, *, browser: bool) -> int:
    """Run the dashboard until it is stopped, and return the exit code."""
    address = f"http://{HOST}:{port}"
    # Streamlit's own way of opening a browser comes with questions and advertisements in the terminal.
    options = ["--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen([PYTHON, "-m", "coverage.faces.dashboard", *options], cwd=ROOT)
    # Whoever ends this process by its number means the dashboard.
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        while server.poll() is None and not is_listening(port):
            time.sleep(0.2)
        if server.poll() is None:
            say(f"Jangkau terbuka di {address}. Tekan Ctrl+C untuk berhenti.")
            if browser:
                webbrowser.open(address)
        return server.wait()
    except KeyboardInterrupt:
        # The server heard the same Ctrl+C and ends by itself.
        server.wait()
        return 0


def checks(pytest_args: list[str]) -> dict[str, list[str]]:
    """Return the command of each check by name; with ``--fast`` the tests that take little, and nothing measured."""
    rest = [word for word in pytest_args if word != FAST]
    # Only the package is measured; wrapping pytest's rewriting of test files, as slipcover would, fails on pytest 9.
    measure = [PYTHON, "-m", "slipcover", "--dont-wrap-pytest", "--branch", "--source", "coverage"]
    # One worker a core; a file stays with one, because its tests share what was slow to make.
    measure += ["--json", "--out", str(MEASURED), "-m", "pytest", "-n", "auto", "--dist", "loadfile"]
    measure += [word for warning in HARMLESS for word in ("-W", warning)]
    # Named file by file: to collect the others takes longer than these run.
    quick = [PYTHON, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadfile"]
    quick += QUICK.read_text(encoding="utf-8").split() if FAST in pytest_args else []
    return {
        "ruff check": [PYTHON, "-m", "ruff", "check", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "mypy": [PYTHON, "-m", "mypy"],
        "lint-imports": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run(['--no-logo'])"],
        "pytest": [*(quick if FAST in pytest_args else measure), *rest],
    }


def measured_sentence() -> str:
    """Return how much of the code the tests ran, naming the files with thin tests."""
    report = json.loads(MEASURED.read_text(encoding="utf-8"))
    percent = {name: file["summary"]["percent_covered"] for name, file in report["files"].items()}
    thin = [f"{Path(name).as_posix()} {value:.0f}%" for name, value in sorted(percent.items()) if value < THIN_PERCENT]
    total = f"Dijalankan oleh uji (baris dan cabang): {report['summary']['percent_covered']:.0f}%."
    return f"{total} Di bawah {THIN_PERCENT}%: {', '.join(thin)}." if thin else total


def run_checks(commands: dict[str, list[str]]) -> int:
    """Run every check, tell how each ended, and return 1 when any failed."""
    MEASURED.unlink(missing_ok=True)
    # The tests start this program hundreds of times: what is compiled once is kept for the next one.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    passed = {}
    for name, command in commands.items():
        say(f"\n== {name}")
        passed[name] = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0
    say("")
    if MEASURED.exists():
        say(measured_sentence())
    for name, good in passed.items():
        say(f"{'lulus' if good else 'GAGAL'}  {name}")
    return 0 if all(passed.values()) else 1


def main(arguments: list[str]) -> int:
    """Do what the command line asks and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="start.py",
        description="Siapkan dan buka Jangkau.",
        epilog="start.py test [--fast] [pilihan pytest]: pasang alat uji, jalankan semua pemeriksaan (atau yang cepat)",
    )
    parser.add_argument("--port", type=int, help=f"port dasbor (biasanya {PORTS[0]}, atau port bebas berikutnya)")
    parser.add_argument("--no-browser", action="store_true", help="jangan buka peramban")
    try:
        require_python(sys.version_info[:3])
        if arguments[:1] == ["test"]:
            install("test")
            return run_checks(checks(arguments[1:]))
        options = parser.parse_args(arguments)
        port = choose_port(options.port)
        install()
        # Without a screen, webbrowser would start a text browser inside this terminal.
        screen = sys.platform != "linux" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
        return open_dashboard(port, browser=screen and not options.no_browser)
    except SetupError as error:
        print(error, file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
