"""Bring files into the cache: one after another, alone, told and stopped, each checked before it counts."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from coverage.ground import machine_faults
from coverage.ground.downloads.patience import Stop, StoppedError
from coverage.ground.downloads.transfer import RemoteFile, Rules, Transfer, sha256_of
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

__all__ = ["Progress", "RemoteFile", "Rules", "Watch", "alone_in", "bring", "sha256_of", "sha256_of_all"]

LOCK = "unduh.lock"


@dataclass(frozen=True)
class Progress:
    """How far a download is.

    Attributes
    ----------
    done, files
        Files done of all.
    name
        The one under way; "" at the end.
    read_bytes, total_bytes
        Bytes that are there of it, those of earlier tries included; of how many (None: the server does not say).
    """

    done: int
    files: int
    name: str
    read_bytes: int = 0
    total_bytes: int | None = None

    @property
    def share(self) -> float:
        """From 0 to 1, each file counted alike."""
        under_way = self.read_bytes / self.total_bytes if self.total_bytes else 0.0
        return (self.done + under_way) / max(self.files, 1)


Watch = Callable[[Progress], None]


def bring(
    files: Sequence[RemoteFile],
    folder: Path,
    rules: Rules,
    *,
    watch: Watch = lambda _: None,
    stopped: Stop = lambda: False,
) -> list[Path]:
    """Bring files into a folder and give their paths, in the same order.

    Parameters
    ----------
    files
        What to fetch; those that the folder holds whole are not fetched again, nor is any server asked about them.
    folder
        One for each kind and version of files: where no sha256 is registered, what lies there is taken for the file.
    rules
        Limits and words of this kind of files.
    watch
        Told of progress.
    stopped
        Asked all the time; once it says yes, the download ends, even where a server is silent, and what came of the
        file under way stays for the next time.

    Raises
    ------
    InputError
        If a file cannot be had, is not the registered one, cannot be written, or the download was stopped.
    """
    paths = [folder / file.name for file in files]
    now = Progress(0, len(files), "")
    with alone_in(folder, rules.busy, rules.lock_s):
        try:
            for done, (file, path) in enumerate(zip(files, paths, strict=True)):
                now = Progress(done, len(files), path.name)
                Transfer(file, path, rules, partial(_tell, now, watch, stopped), stopped).run()
        except StoppedError as error:
            raise InputError(Message.of("downloads.stopped", done=now.done, files=now.files)) from error
        except OSError as error:
            raise _cannot_write(folder, error) from error
    watch(Progress(len(files), len(files), ""))
    return paths


def _tell(now: Progress, watch: Watch, stopped: Stop, read_bytes: int = 0, total_bytes: int | None = None) -> None:
    watch(replace(now, read_bytes=read_bytes, total_bytes=total_bytes))
    if stopped():
        raise StoppedError


@contextmanager
def alone_in(folder: Path, busy: Message, lock_s: float = 2.0) -> Iterator[None]:
    """Make a folder of the cache and let nobody else download into it meanwhile.

    Raises
    ------
    InputError
        `busy` if somebody else still does after `lock_s` seconds; if the folder cannot be written.
    """
    lock = FileLock(folder / LOCK, timeout=lock_s)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise InputError(busy) from error
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _cannot_write(folder: Path, error: OSError) -> InputError:
    fault = machine_faults.told(error, folder)
    return InputError(Message.of("downloads.cannot_write", folder=str(folder), fault=fault))


def sha256_of_all(sums: Iterable[str]) -> str:
    """Give the digest of several files: of their digests in order, each on its line."""
    return hashlib.sha256("".join(f"{one}\n" for one in sums).encode()).hexdigest()
