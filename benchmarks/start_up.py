"""Time how long the command takes to begin, as whole processes, each beside the import of a library it stands on.

    python benchmarks/start_up.py

`jangkau --version` beside `import numpy` (at most 3 times), `jangkau gaps --region 74` beside `import geopandas` (at
most 2 times), each as seconds by the clock and as seconds of computing, which other programs disturb less. The two of a
pair take turns in one run, so that what else the computer does weighs on both alike. Ours may keep compiled files, as
those of the library were kept when it was installed.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROUNDS = 9
COMMAND = (sys.executable, "-m", "coverage.faces.cli")
PAIRS = (
    ("jangkau --version", (*COMMAND, "--version"), "import numpy", 3.0),
    ("jangkau --help", (*COMMAND, "--help"), "import numpy", 3.0),
    ("jangkau gaps --region 74", (*COMMAND, "gaps", "--region", "74"), "import geopandas", 2.0),
)


class Spent(NamedTuple):
    """What a process took: seconds by the clock, and seconds of computing."""

    clock: float
    computing: float


def spent(command: Sequence[str], home: str) -> Spent:
    """Run a process and give its seconds."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, begun = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**kept, "JANGKAU_HOME": home})
    after = os.times()
    computing = after.children_user - before.children_user + after.children_system - before.children_system
    return Spent(time.perf_counter() - begun, computing)


def main() -> None:
    """Print one table."""
    print(f"{Path(sys.executable).name}, {os.cpu_count()} cores, {ROUNDS} rounds in turns; seconds: least, median")
    with tempfile.TemporaryDirectory() as home:
        for name, command, peer, most in PAIRS:
            beside = (sys.executable, "-c", peer)
            # Once each beforehand: files are compiled and in memory, and the cache of the first region is there.
            spent(command, home)
            spent(beside, home)
            ours, theirs = zip(*((spent(command, home), spent(beside, home)) for _ in range(ROUNDS)), strict=True)
            for seconds in Spent._fields:
                one, other = ([getattr(run, seconds) for run in runs] for runs in (ours, theirs))
                low, middle = min(one) / min(other), statistics.median(one) / statistics.median(other)
                print(
                    f"{name:<26} {seconds:<9} {min(one):6.2f} {statistics.median(one):6.2f}   "
                    f"{peer:<17} {min(other):6.2f} {statistics.median(other):6.2f}   "
                    f"ratio {low:.2f} {middle:.2f} (at most {most:g})"
                )


if __name__ == "__main__":
    main()
