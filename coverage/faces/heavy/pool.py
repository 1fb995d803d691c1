"""The workers of a server: how many compute at once, who waits, and how one that does not end is ended.

A worker is started with the first job and kept: its libraries are loaded and the last regions ready. One core is left
to pages; on two cores one job computes and the others wait in line. Workers hear of the end of their server by the end
of their pipe, so none outlives it, however it ended.
"""

import atexit
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from typing import Any, cast

import psutil

from coverage.faces.heavy.studies import Basis
from coverage.faces.heavy.watch import Stopped, Watch
from coverage.faces.heavy.wire import Frame, Kind, dumped, known_of, loaded, received, send
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Message

__all__ = ["MEMORY_SHARE", "PATIENCE_S", "Pool", "WorkerError", "compute", "memory_bytes"]

MEMORY_SHARE = 0.5
"""What all workers together may take of the memory of the machine, or of what a service or container may take of it.

The rest is for pages and the system.
"""

PATIENCE_S = 2.0
"""How long somebody who pressed stop waits for a work that does not look up; then its process is ended."""

_LOOK_S = 0.1
_LINE_S = 0.5
_KEPT_SHARE = 0.5
_GIGABYTE = 10**9
# A work that has heard of the stop puts its best so far in order.
_TIDY_S = 60.0
_ENDED_S = 5.0
_OURS = "JANGKAU_"
_PROGRAM = "coverage.faces.heavy.child"


class WorkerError(PlannerError):
    """A worker ended without an answer; the message says why and what can be done."""


class _Worker:
    """One process: what it is told, and what it says."""

    def __init__(self) -> None:
        self.environment = _environment()
        self.free = True
        # It finds what this process finds, wherever it was started.
        path = os.pathsep.join(str(Path(one).absolute()) for one in sys.path)
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", "-X", "utf8", "-m", _PROGRAM],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._said: queue.Queue[Frame | None] = queue.Queue()
        self._told: queue.Queue[Frame | None] = queue.Queue()
        # A pipe that is full makes whoever writes wait; who looks after the job must not.
        for end in (self._hear, self._pass_on):
            threading.Thread(target=end, daemon=True).start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def tell(self, frame: Frame) -> None:
        """Tell the worker; that it is gone is learnt where its answer is waited for."""
        self._told.put(frame)

    def heard(self) -> Frame | None:
        """Give what it says next, None where it says nothing for a moment.

        Raises
        ------
        WorkerError
            If it has ended.
        """
        try:
            frame = self._said.get(timeout=_LOOK_S)
        except queue.Empty:
            return None
        if frame is None:
            raise WorkerError(Message.of("jobs.ended", code=self.end()))
        return frame

    def memory_bytes(self) -> int:
        """Give what it holds: in memory, or on Windows asked for."""
        try:
            held = psutil.Process(self.pid).memory_info()
        except psutil.Error:
            return 0
        return int(max(held.rss, getattr(held, "private", 0)))

    def alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process.poll() is None

    def end(self) -> int:
        """End it at once where it has not ended by itself, and give its exit code."""
        self._process.kill()
        self._told.put(None)
        return self._process.wait(_ENDED_S)

    def _pass_on(self) -> None:
        with cast("RawIOBase", self._process.stdin) as pipe, suppress(OSError):
            while (frame := self._told.get()) is not None:
                send(pipe, frame)

    def _hear(self) -> None:
        with cast("RawIOBase", self._process.stdout) as pipe, suppress(OSError):
            for frame in received(pipe):
                self._said.put(frame)
        self._said.put(None)


class Pool:
    """A few workers and the line before them.

    Parameters
    ----------
    lanes
        Jobs computed at once.
    most_bytes
        Memory that one worker may take.
    """

    def __init__(self, lanes: int, most_bytes: int) -> None:
        self.lanes, self.most_bytes = lanes, most_bytes
        self._changed = threading.Condition()
        self._line: list[object] = []
        self._computing = 0
        self._workers: list[_Worker] = []
        self._jobs = 0
        self._closed = False

    def run(
        self,
        work: Callable[..., Any],
        arguments: tuple[object, ...],
        watch: Watch,
        basis: Basis | None = None,
        *,
        patience_s: float = PATIENCE_S,
    ) -> Any:
        """Let a worker do a job once it is its turn, and give what it found.

        Parameters
        ----------
        work
            A function of a module; it is called with a watch and the arguments. Arguments and result are pickled.
        arguments
            What it is called with; the region of `basis`, and what that is made of, is only named on the way.
        watch
            Told how far the job is, from its place in line on, and asked whether to stop.
        basis
            The region that the job is about; without one the worker opens none.
        patience_s
            How long after a stop the work may go on without having looked up.

        Raises
        ------
        Stopped
            If it was stopped and had nothing to show.
        PlannerError
            What the work raised, or :class:`WorkerError` where its process ended: out of memory, or by itself.
        RuntimeError
            If the work failed with anything else; its message holds where.
        """
        name = f"{work.__module__}:{work.__qualname__}"
        head = pickle.dumps((name, None if basis is None else basis.key))
        given = dumped(arguments, {} if basis is None else known_of(basis.study))
        number = self._turn(watch)
        worker: _Worker | None = None
        try:
            worker = self._worker()
            worker.tell(Frame(Kind.JOB, number, (head, *given)))
            answer = self._followed(worker, number, watch, patience_s)
        finally:
            self._given_back(worker)
        if answer.kind is Kind.ERROR:
            error = pickle.loads(answer.parts[0])  # noqa: S301 - written by our own worker
            raise self._no_memory() if isinstance(error, MemoryError) else error
        return loaded(answer.parts, {} if basis is None else known_of(basis.study, arguments))

    def close(self) -> None:
        """End all workers; who waits for one is told that it ended."""
        with self._changed:
            self._closed = True
            for worker in self._workers:
                worker.end()

    def _turn(self, watch: Watch) -> int:
        """Wait in line, and give the number of the job."""
        ticket = object()
        with self._changed:
            self._line.append(ticket)
            try:
                while self._line[0] is not ticket or self._computing >= self.lanes:
                    before = self._line.index(ticket) + self._computing
                    watch.tell(Message.of("jobs.waiting", before=before))
                    self._changed.wait(_LINE_S)
                watch.tell(Message.of("jobs.preparing"))
            finally:
                self._line.remove(ticket)
                self._changed.notify_all()
            self._computing += 1
            self._jobs += 1
            return self._jobs

    def _worker(self) -> _Worker:
        """Give a worker that waits for a job, or start one."""
        with self._changed:
            if self._closed:
                raise WorkerError(Message.of("jobs.no_worker"))
            for worker in [one for one in self._workers if one.free]:
                # What decides where a workspace lies was read by the worker when it started.
                if worker.alive() and worker.environment == _environment():
                    worker.free = False
                    return worker
                self._drop(worker)
            try:
                worker = _Worker()
            except OSError as error:
                raise WorkerError(Message.of("jobs.no_worker")) from error
            worker.free = False
            self._workers.append(worker)
            return worker

    def _given_back(self, worker: _Worker | None) -> None:
        with self._changed:
            self._computing -= 1
            # One that was left alone with its job, or holds much, would stand in the way of the next.
            if worker is not None and not (worker.free and worker.memory_bytes() <= self.most_bytes * _KEPT_SHARE):
                self._drop(worker)
            self._changed.notify_all()

    def _drop(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)

    def _followed(self, worker: _Worker, number: int, watch: Watch, patience_s: float) -> Frame:
        """Pass on what a worker says until it answers; end it where it may not go on."""
        asked, until = False, float("inf")
        while True:
            frame = worker.heard()
            if frame is not None and frame.kind in {Kind.RESULT, Kind.ERROR}:
                worker.free = True
                return frame
            if frame is not None and frame.kind is Kind.NOTE:
                watch.note(*pickle.loads(frame.parts[0]))  # noqa: S301 - written by our own worker
            if frame is not None and frame.kind is Kind.HEARD:
                until = time.monotonic() + _TIDY_S
            if watch.stop.is_set() and not asked:
                asked, until = True, time.monotonic() + patience_s
                worker.tell(Frame(Kind.STOP, number))
            if time.monotonic() > until:
                raise Stopped
            if worker.memory_bytes() > self.most_bytes:
                raise self._no_memory()

    def _no_memory(self) -> WorkerError:
        return WorkerError(Message.of("jobs.no_memory", limit_gb=round(self.most_bytes / _GIGABYTE, 1)))


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_OURS)}


def memory_bytes(root: Path = Path("/")) -> int:
    """Give the memory of this machine, or of the group of processes that the system holds this one to."""
    total = int(psutil.virtual_memory().total)
    # No such group, or one without a limit: "max".
    with suppress(OSError, ValueError):
        group = (root / "proc/self/cgroup").read_text(encoding="ascii").rpartition("::")[2].strip()
        limit = (root / "sys/fs/cgroup" / group.lstrip("/") / "memory.max").read_text(encoding="ascii")
        return min(total, int(limit))
    return total


def _of_this_machine() -> Pool:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    lanes = max(1, cores - 1)
    return Pool(lanes, int(memory_bytes() * MEMORY_SHARE / lanes))


_POOL = _of_this_machine()
atexit.register(_POOL.close)

compute = _POOL.run
