"""Time how long the command takes to begin, as whole processes, each beside the import of a library it stands on.

    python benchmarks/start_up.py

`jangkau --version` beside `import numpy` (at most 3 times), `jangkau gaps --region 74` beside `import geopandas` (at
most 2 times). The two of a pair take turns in one run, so that what else the computer does weighs on both alike.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROUNDS = 9
COMMAND = (sys.executable, "-m", "coverage.faces.cli")
PAIRS = (
    ("jangkau --version", (*COMMAND, "--version"), "import numpy", 3.0),
    ("jangkau --help", (*COMMAND, "--help"), "import numpy", 3.0),
    ("jangkau gaps --region 74", (*COMMAND, "gaps", "--region", "74"), "import geopandas", 2.0),
)


def spent(command: Sequence[str], home: str) -> float:
    """Run a process and give its seconds."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "JANGKAU_HOME": home})
    return time.perf_counter() - begun


def main() -> None:
    """Print one table."""
    print(f"{Path(sys.executable).name}, {os.cpu_count()} cores, {ROUNDS} rounds in turns; seconds: min, median")
    with tempfile.TemporaryDirectory() as home:
        for name, command, peer, most in PAIRS:
            beside = (sys.executable, "-c", peer)
            # Once each beforehand: files are compiled and in memory, and the cache of the first region is there.
            spent(command, home)
            spent(beside, home)
            ours, theirs = zip(*((spent(command, home), spent(beside, home)) for _ in range(ROUNDS)), strict=True)
            low = min(ours) / min(theirs)
            middle = statistics.median(ours) / statistics.median(theirs)
            print(
                f"{name:<26} {min(ours):6.2f} {statistics.median(ours):6.2f}   "
                f"{peer:<17} {min(theirs):6.2f} {statistics.median(theirs):6.2f}   "
                f"ratio {low:.2f} {middle:.2f} (at most {most:g})"
            )


if __name__ == "__main__":
    main()
