"""Download the pinned files of boundaries: what they are called in the cache, from where, and within which limits."""

from collections.abc import Sequence
from pathlib import Path

from coverage.ground.downloads.addresses import check_address
from coverage.ground.downloads.files import RemoteFile, Rules, Watch, bring
from coverage.ground.downloads.patience import Stop
from coverage.ground.texts import Message
from coverage.places.boundaries.boundary_upstream import DEFAULT_BASE_URL, UpstreamFile, commit
from coverage.places.workspace import cache_folder

MAX_BYTES = 100 * 1024 * 1024
_LOCK_SECONDS = 2
_PAUSES_S = (0.5, 2.0)


def download(
    files: Sequence[UpstreamFile],
    *,
    base_url: str = DEFAULT_BASE_URL,
    watch: Watch = lambda _: None,
    stopped: Stop = lambda: False,
) -> list[Path]:
    """Bring files into the cache and give their paths, in the same order.

    Parameters
    ----------
    files
        What to fetch; those that the cache holds whole are not fetched again.
    base_url
        Server that has them under the public scheme; the only one that is asked.
    watch, stopped
        As :func:`coverage.ground.downloads.files.bring`.

    Raises
    ------
    InputError
        If a file cannot be had, is not the registered one, cannot be written, or the download was stopped.
    """
    check_address(base_url)
    rules = Rules(
        what=Message.of("boundaries.what"),
        busy=Message.of("boundaries.busy"),
        flag="--base-url",
        max_bytes=MAX_BYTES,
        pauses_s=_PAUSES_S,
        lock_s=_LOCK_SECONDS,
    )
    wanted = [RemoteFile(Path(file.path).name, file.url(base_url), file.sha256) for file in files]
    return bring(wanted, cache_folder() / "boundaries" / commit()[:12], rules, watch=watch, stopped=stopped)
