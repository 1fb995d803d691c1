"""Jobs wait in line, tell how far they are, stop, and end in a sentence whatever becomes of their process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import psutil
import pytest

from coverage.faces.heavy.pool import PATIENCE_S, Pool, WorkerError, memory_bytes
from coverage.faces.heavy.watch import Stopped
from coverage.faces.heavy.wire import dumped, loaded
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.roles import AT_THE_COMPUTER, ROLES, NotAllowedError, acting

from .conftest import MOST_BYTES, Going, Heard, pids, until

ON_WINDOWS = sys.platform == "win32"


def test_one_worker_does_one_job_after_the_other(pool: Pool, works: ModuleType) -> None:
    assert pool.run(works.echo, (1, "dua"), Heard()) == (1, "dua")
    first = pids(pool)
    matrix = np.asfortranarray(np.arange(600_000.0).reshape(300, 2000))
    (back,) = pool.run(works.echo, (matrix,), Heard())
    assert (back.tobytes(), back.strides, back.flags.writeable) == (matrix.tobytes(), matrix.strides, True)
    assert pids(pool) == first


def test_what_a_library_prints_is_no_answer(pool: Pool, works: ModuleType) -> None:
    assert pool.run(works.speaks, (), Heard()) == "answer"


def test_a_worker_gives_way_to_pages(pool: Pool, works: ModuleType) -> None:
    gives_way = pool.run(works.niceness, (), Heard())
    assert gives_way == psutil.BELOW_NORMAL_PRIORITY_CLASS if ON_WINDOWS else gives_way >= 10


def test_who_waits_is_told_how_many_are_before(pool: Pool, works: ModuleType, gate: str) -> None:
    first = Going(pool, works.waits, gate)
    until(Path(gate + ".begun").exists)
    jobs = [first]
    for before in (1, 2, 3):
        jobs.append(Going(pool, works.echo, before))
        until(lambda before=before: jobs[before].watch.now == Message.of("jobs.waiting", before=before))
    assert jobs[1].watch.now.text("id") == "Menunggu giliran, 1 di depan"
    jobs[2].watch.stop.set()
    assert isinstance(jobs[2].end().error, Stopped)
    until(lambda: jobs[3].watch.now == Message.of("jobs.waiting", before=2))
    assert first.watch.now == Message.of("jobs.opening")
    Path(gate).touch()
    assert [job.end().result for job in jobs] == [gate, (1,), None, (3,)]


def test_two_lanes_compute_two_jobs_at_once(works: ModuleType, tmp_path: Path) -> None:
    two = Pool(2, MOST_BYTES)
    gates = [str(tmp_path / name) for name in ("a", "b")]
    jobs = [Going(two, works.waits, gate) for gate in gates]
    for gate in gates:
        until(Path(gate + ".begun").exists)
    for gate in gates:
        Path(gate).touch()
    assert [job.end().result for job in jobs] == gates
    two.close()


def test_a_work_that_looks_up_stops_and_its_worker_stays(pool: Pool, works: ModuleType, gate: str) -> None:
    job = Going(pool, works.waits, gate)
    until(Path(gate + ".begun").exists)
    worker = pids(pool)
    job.watch.stop.set()
    assert isinstance(job.end().error, Stopped)
    assert pids(pool) == worker
    # That stop was for that job alone.
    Path(gate).touch()
    assert pool.run(works.waits, (gate,), Heard()) == gate


def test_a_work_that_has_heard_may_put_its_best_in_order(pool: Pool, works: ModuleType) -> None:
    job = Going(pool, works.tidies, 1.0, patience_s=0.5)
    until(lambda: job.watch.now == Message.of("jobs.opening"))
    job.watch.stop.set()
    assert job.end().result == "best so far"


def test_a_deaf_work_is_ended_with_its_process(pool: Pool, works: ModuleType, gate: str) -> None:
    job = Going(pool, works.deaf, gate)
    until(Path(gate).exists)
    (worker,) = pids(pool)
    job.watch.stop.set()
    pressed = time.monotonic()
    assert isinstance(job.end().error, Stopped)
    assert time.monotonic() - pressed >= PATIENCE_S
    assert not psutil.pid_exists(worker)
    assert pool.run(works.echo, (1,), Heard()) == (1,)


def test_too_much_memory_ends_in_a_sentence(works: ModuleType) -> None:
    small = Pool(1, 300_000_000)
    with pytest.raises(WorkerError) as told:
        small.run(works.swells, (), Heard())
    assert told.value.messages == (Message.of("jobs.no_memory", limit_gb=0.3),)
    assert "0,3 GB" in told.value.text("id")
    assert small.run(works.echo, (1,), Heard()) == (1,)
    small.close()


def test_a_worker_that_finds_no_memory_says_the_same(pool: Pool, works: ModuleType) -> None:
    with pytest.raises(WorkerError) as told:
        pool.run(works.says_memory, (), Heard())
    assert told.value.messages[0].key == "jobs.no_memory"


@pytest.mark.parametrize("way", ["dies", "shot"])
def test_a_worker_that_dies_ends_in_a_sentence(pool: Pool, works: ModuleType, way: str) -> None:
    given, code = ((7,), 7) if way == "dies" or ON_WINDOWS else ((), -signal.SIGKILL)
    with pytest.raises(WorkerError) as told:
        pool.run(getattr(works, way), given, Heard())
    assert told.value.messages == (Message.of("jobs.ended", code=code),)
    assert pool.run(works.echo, (1,), Heard()) == (1,)


def test_a_worker_that_died_while_nobody_asked_is_replaced(pool: Pool, works: ModuleType) -> None:
    pool.run(works.echo, (), Heard())
    (worker,) = pids(pool)
    psutil.Process(worker).kill()
    psutil.Process(worker).wait(30)
    assert pool.run(works.echo, (1,), Heard()) == (1,)


def test_a_refusal_arrives_as_it_was_raised(pool: Pool, works: ModuleType) -> None:
    with pytest.raises(InputError) as told:
        pool.run(works.refuses, (), Heard())
    assert told.value.messages == (Message.of("report.country"), Message.of("jobs.waiting", before=3))


@pytest.mark.parametrize(("work", "said"), [("faulty", "ZeroDivisionError"), ("gives_a_closure", "Error")])
def test_a_bug_is_raised_with_where_it_is(pool: Pool, works: ModuleType, work: str, said: str) -> None:
    with pytest.raises(RuntimeError, match=said) as told:
        pool.run(getattr(works, work), (), Heard())
    assert "in _done" in str(told.value)


def test_another_home_gets_another_worker(
    pool: Pool, works: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pool.run(works.echo, (), Heard())
    before = pids(pool)
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    assert pool.run(works.home, (), Heard()) == str(tmp_path)
    assert pids(pool) != before


def test_a_worker_of_an_office_writes_nothing_in_anybodys_name(
    pool: Pool, works: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    monkeypatch.setenv(ROLES, str(tmp_path / "roles.toml"))
    with acting(AT_THE_COMPUTER), pytest.raises(NotAllowedError):
        pool.run(works.writes, (), Heard())


def test_what_both_sides_know_is_only_named() -> None:
    large, small = np.zeros(1_000_000), (1, 2)
    parts = dumped({"a": large, "b": [small, "word"]}, {"large": large, "small": small, "word": "word"})
    assert sum(memoryview(part).nbytes for part in parts) < 300
    mine = np.ones(3)
    back = loaded(parts, {"large": mine, "small": small, "word": "other"})
    assert back["a"] is mine
    assert back["b"] == [small, "word"]


@pytest.mark.parametrize(("limit", "taken"), [("1000000000", 10**9), ("max", None), (str(10**18), None), (None, None)])
def test_a_service_with_less_than_the_machine_has_less_to_share(
    tmp_path: Path, limit: str | None, taken: int | None
) -> None:
    if limit is not None:
        group = tmp_path / "sys/fs/cgroup/system.slice/jangkau.service"
        group.mkdir(parents=True)
        (group / "memory.max").write_text(f"{limit}\n")
        (tmp_path / "proc/self").mkdir(parents=True)
        (tmp_path / "proc/self/cgroup").write_text("0::/system.slice/jangkau.service\n")
    assert memory_bytes(tmp_path) == (psutil.virtual_memory().total if taken is None else taken)


SERVER = """
import sys
from coverage.faces.heavy.pool import compute
from coverage.faces.heavy.watch import Watch
from coverage.ground.texts import Message
import works_of_tests, os, threading, time
gate = sys.argv.pop(1)
threading.Thread(
    target=compute, args=(works_of_tests.waits, (gate,), Watch(Message.of("jobs.preparing"))), daemon=True
).start()
while not os.path.exists(gate + ".begun"):
    time.sleep(0.02)
"""
# Only a server that serves hears a sign in its own way.
SERVES = "from coverage.faces.dashboard.__main__ import main; main()"
SLEEPS = "print('URL', flush=True); time.sleep(600)"


@pytest.mark.skipif(ON_WINDOWS, reason="a service of Windows is ended in another way")
@pytest.mark.parametrize(("sign", "does"), [("SIGTERM", SERVES), ("SIGKILL", SLEEPS)])
def test_no_worker_outlives_the_dashboard(works: ModuleType, gate: str, sign: str, does: str) -> None:
    path = os.pathsep.join([str(Path(str(works.__file__)).parent), str(Path(__file__).resolve().parents[3])])
    options = ["--server.headless", "true", "--server.port", "0", "--server.address", "127.0.0.1"]
    with subprocess.Popen(
        [sys.executable, "-c", SERVER + does, gate, *options],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert any("URL" in line for line in server.stdout)
        workers = psutil.Process(server.pid).children(recursive=True)
        assert len(workers) == 1
        server.send_signal(signal.Signals[sign])
        server.wait(30)
        psutil.wait_procs(workers, timeout=30)
        assert [one for one in workers if one.is_running()] == []
