"""The room in which files of unknown origin are read: a process of its own with limited memory and time.

Linux holds the child to its share of memory by itself. Windows has no such limit for a process and macOS does not keep
it: there the child is watched, and stopped once it has taken more.
"""

import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from coverage.ground import bounded_child

MEGABYTE = 1024 * 1024

_WATCHED_EVERY_S = 0.02
_SIGNS_OF_NO_MEMORY = (b"MemoryError", b"memory allocation of", b"bad_alloc", b"Cannot allocate memory")


@dataclass(frozen=True)
class Bound:
    """What a child may take: seconds by the clock, and bytes of memory."""

    seconds: float
    memory_bytes: int


class StoppedError(Exception):
    """A child did not come to its end.

    Parameters
    ----------
    why
        ``slow``: it took longer than its time. ``memory``: it needed more than its share. ``died``: anything else.
    """

    def __init__(self, why: Literal["slow", "memory", "died"]) -> None:
        super().__init__(why)
        self.why = why


def system_holds() -> bool:
    """Tell whether the system itself holds a process to its share of memory."""
    return sys.platform.startswith("linux")


def run(
    program: Path,
    arguments: Sequence[str],
    bound: Bound,
    *,
    given: bytes = b"",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> bytes:
    """Run a Python program isolated from the user's modules, and give what it wrote to its standard output.

    Parameters
    ----------
    program, arguments
        A script of ours.
    bound
        Its time and memory.
    given
        Its standard input.
    environment, folder
        Where it runs; those of this process by default.

    Raises
    ------
    StoppedError
        If it takes too long or too much memory, or dies.
    """
    share = bound.memory_bytes if system_holds() else 0
    command = [sys.executable, "-I", "-X", "utf8", bounded_child.__file__, str(share), str(program), *arguments]
    with subprocess.Popen(  # noqa: S603 - our own script
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=None if environment is None else dict(environment),
        cwd=folder,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        watch = None if share else _Watch(child, bound.memory_bytes)
        try:
            answer, said = child.communicate(given, timeout=bound.seconds)
        except subprocess.TimeoutExpired as error:
            raise StoppedError("slow") from error
        finally:
            if watch is not None:
                watch.end()
            child.kill()
    if watch is not None and watch.exceeded:
        raise StoppedError("memory")
    if child.returncode == 0:
        return answer
    short = child.returncode == bounded_child.OUT_OF_MEMORY or any(sign in said for sign in _SIGNS_OF_NO_MEMORY)
    raise StoppedError("memory" if short else "died")


class _Watch:
    """Looks at a child's memory again and again, and stops it once it has taken more than `most` bytes."""

    def __init__(self, child: subprocess.Popen[bytes], most: int) -> None:
        self.exceeded = False
        self._child, self._most = child, most
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        try:
            process = psutil.Process(self._child.pid)
            while not self._over.wait(_WATCHED_EVERY_S):
                held = process.memory_info()
                # Windows: what it has asked for, which may lie in the page file.
                if max(held.rss, getattr(held, "private", 0)) > self._most:
                    self.exceeded = True
                    self._child.kill()
                    return
        except psutil.Error:
            # It has ended by itself.
            return
