"""Works for real worker processes: a module of its own that workers find on their path."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from coverage.faces.heavy.pool import Pool
from coverage.faces.heavy.watch import Watch
from coverage.ground.texts import Message

MOST_BYTES = 1_500_000_000

WORKS = """
import os, signal, time
from pathlib import Path
import psutil
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

NOW = Message.of("jobs.opening")

def echo(watch, *given):
    return given

def niceness(watch):
    return psutil.Process().nice()

def home(watch):
    return os.environ["JANGKAU_HOME"]

def writes(watch):
    import datetime
    from coverage.places.workspace import Workspace
    Workspace.open().record_visit("74.71.01.1006", datetime.date(2024, 10, 8))

def speaks(watch):
    print("to nobody in particular", flush=True)
    os.system("echo to nobody either")
    return "answer"

def waits(watch, gate):
    Path(gate + ".begun").touch()
    while not Path(gate).exists():
        watch.tell(NOW, 0.5)
        time.sleep(0.02)
    return gate

def deaf(watch, gate):
    Path(gate).touch()
    time.sleep(600)

def tidies(watch, seconds):
    while not watch.note(NOW, 0.5):
        time.sleep(0.02)
    time.sleep(seconds)
    return "best so far"

def swells(watch):
    held = []
    while True:
        held.append(bytearray(os.urandom(1000) * 20_000))
        time.sleep(0.01)

def says_memory(watch):
    raise MemoryError

def dies(watch, code):
    os._exit(code)

def shot(watch):
    os.kill(os.getpid(), signal.SIGKILL)

def faulty(watch):
    return 1 / 0

def refuses(watch):
    raise InputError(Message.of("report.country"), Message.of("jobs.waiting", before=3))

def gives_a_closure(watch):
    return lambda: 1
"""


class Heard(Watch):
    """A watch that remembers all that it was told."""

    def __init__(self) -> None:
        super().__init__(Message.of("jobs.preparing"))
        self.told: list[Message] = []

    def note(self, message: Message, share: float | None = None) -> bool:
        self.told.append(message)
        return super().note(message, share)


class Going:
    """A job that goes on in a thread, as pages start it."""

    def __init__(self, pool: Pool, work: Callable[..., Any], *given: object, **named: Any) -> None:
        self.watch = Heard()
        self.result: Any = None
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(pool, work, given, named), daemon=True)
        self._thread.start()

    def _run(self, pool: Pool, work: Callable[..., Any], given: tuple[object, ...], named: dict[str, Any]) -> None:
        try:
            self.result = pool.run(work, given, self.watch, **named)
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.error = error

    def end(self) -> "Going":
        self._thread.join(60)
        assert not self._thread.is_alive()
        return self


def until(holds: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.02)
    pytest.fail("it did not happen within a minute")


@pytest.fixture(scope="session")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("works")
    (folder / "works_of_tests.py").write_text(WORKS)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield import_module("works_of_tests")
    sys.modules.pop("works_of_tests")


@pytest.fixture(scope="session")
def pool(works: ModuleType) -> Iterator[Pool]:
    """One lane, as on two cores."""
    made = Pool(1, MOST_BYTES)
    yield made
    made.close()


@pytest.fixture
def gate(tmp_path: Path) -> str:
    """A file that lets a waiting work end once it is there."""
    return str(tmp_path / "gate")


def pids(pool: Pool) -> list[int]:
    """Give the numbers of the processes."""
    return [one.pid for one in pool._workers]
