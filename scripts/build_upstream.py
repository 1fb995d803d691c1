"""Write `data/boundaries/upstream.csv`: name and sha256 of every file of the pinned commit of the official boundaries.

Only these facts are kept, nothing of the files themselves. The list is the SHA256SUMS that stands beside a mirror:

    python scripts/build_upstream.py MIRROR/cahyadsn/wilayah_boundaries/COMMIT/SHA256SUMS
"""

import csv
import re
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
LINE = re.compile(r"([0-9a-f]{64})  (db/[a-z]+/[0-9a-z_./]+\.sql)")


def main(sums: Path) -> None:
    """Copy the list, sorted by path."""
    rows = []
    for line in sums.read_text(encoding="utf-8").splitlines():
        found = LINE.fullmatch(line)
        if found is None:
            raise SystemExit(f"not a line of SHA256SUMS: {line!r}")
        rows.append((found[2], found[1]))
    with (DATA / "boundaries" / "upstream.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("path", "sha256"))
        writer.writerows(sorted(rows))
    print(f"{len(rows)} files")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
