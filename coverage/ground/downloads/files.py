"""Bring files into the cache: one after another, under a lock, told and stopped, each checked before it counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from coverage.ground import machine_faults
from coverage.ground.downloads.addresses import check_address
from coverage.ground.downloads.cache_files import LOCK, Record, beside, known_of, part_of, sha256_of, size_of
from coverage.ground.downloads.patience import Patience, Stop, StoppedError, never
from coverage.ground.downloads.transfer import RemoteFile, Rules, Transfer
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

__all__ = ["Patience", "Progress", "RemoteFile", "Rules", "Watch", "bring"]


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
    read_bytes: int
    total_bytes: int | None = None


Watch = Callable[[Progress], None]


def bring(
    files: Sequence[RemoteFile],
    folder: Path,
    rules: Rules,
    *,
    watch: Watch = lambda _: None,
    stopped: Stop = never,
) -> list[Path]:
    """Bring files into a folder and give their paths, in the same order.

    Parameters
    ----------
    files
        What to fetch; those that the folder holds whole are not fetched again. Whole is what has the registered sha256,
        or the recorded one where none was registered.
    folder
        As :func:`coverage.ground.downloads.cache_files.folder_of`.
    rules
        Limits, patience and words of this kind of files.
    watch
        Told of progress.
    stopped
        Asked all the time, also from another thread; once it says yes, the download ends and what came of the file
        under way stays for the next time.

    Raises
    ------
    InputError
        If a file cannot be had, is not the registered one, cannot be written, or the download was stopped.
    """
    for file in files:
        check_address(file.url)
    paths = [folder / file.name for file in files]
    if len({part_of(path) for path in paths}) < len(paths):
        raise ValueError(paths)
    done = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK, timeout=rules.lock_s):
            for done, (file, path) in enumerate(zip(files, paths, strict=True)):
                _bring(file, path, rules, _Teller(watch, stopped, done, len(files), path.name))
    except Timeout as error:
        raise InputError(rules.busy) from error
    except StoppedError as error:
        raise InputError(Message.of("downloads.stopped", done=done, files=len(files))) from error
    except OSError as error:
        fault = machine_faults.told(error, folder)
        raise InputError(Message.of("downloads.cannot_write", folder=str(folder), fault=fault)) from error
    watch(Progress(len(files), len(files), "", 0))
    return paths


@dataclass(frozen=True)
class _Teller:
    """Tells how far one file is, and ends the download when it was stopped."""

    watch: Watch
    stopped: Stop
    done: int
    files: int
    name: str

    def __call__(self, read: int, total: int | None) -> None:
        self.watch(Progress(self.done, self.files, self.name, read, total))
        if self.stopped():
            raise StoppedError


def _bring(file: RemoteFile, path: Path, rules: Rules, told: _Teller) -> None:
    told(0, None)
    if not _is_whole(file, path):
        beside(path).unlink(missing_ok=True)
        Transfer(file, path, rules, told, told.stopped).run()


def _is_whole(file: RemoteFile, path: Path) -> bool:
    if not path.is_file():
        return False
    if file.sha256 is not None:
        return sha256_of(path) == file.sha256
    record = known_of(path, Record)
    return (
        record is not None
        and (record.url, record.size) == (file.url, size_of(path))
        and record.sha256 == sha256_of(path)
    )
