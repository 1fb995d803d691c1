"""How long pasted text made to do harm takes to end in a sentence, in seconds by the clock and of the processor.

python benchmarks/hostile_text.py [PART OF A CASE'S NAME]
"""

import os
import random
import sys
import time
from collections.abc import Callable

from coverage.ground.errors import InputError
from coverage.places.importing import Asked, preview
from coverage.places.villages import load_villages

MB = 1024 * 1024
BIG = 19 * MB
ROWS = 49_999
TABLE = b"kode,penduduk\n74.71.01.1005,10\n"
TAILS = {"units": ("id;nama", "u{0};Klinik"), "population": ("penduduk", "100"), "visits": ("tanggal", "04-10-2024")}
TAILS["clients"] = ("tahun", "2024")


def misspelt(kind: str) -> bytes:
    """Make a table in which every name of a village is misspelt."""
    chance = random.Random(7)  # noqa: S311 - a benchmark
    head, tail = TAILS[kind]
    lines = [f"kelurahan;kecamatan;kabupaten/kota;{head}"]
    for at, row in enumerate(load_villages().sample(ROWS, random_state=3).itertuples(index=False)):
        letters = list(str(row.name))
        letters[chance.randrange(len(letters))] = chance.choice("qxz")
        letters.insert(chance.randrange(len(letters)), chance.choice("qxz"))
        lines.append(f"{''.join(letters)};{row.district};{row.regency};{tail.format(at)}")
    return "\n".join(lines).encode()


CASES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "line breaks": ("population", lambda: b"\n" * BIG),
    "line breaks below a table": ("population", lambda: TABLE + b"\n" * BIG),
    "line breaks in a table": ("population", lambda: TABLE + b"\n" * BIG + b"74.71.01.1006,1"),
    "separators in one line": ("population", lambda: b"," * BIG),
    "one quoted cell": ("population", lambda: b'kode,penduduk\n"' + b"a" * BIG + b'",1\n'),
    "a quote never closed": ("population", lambda: TABLE + b'"' + b"a,b\n" * (BIG // 4)),
    "quotes only": ("population", lambda: b'"' * BIG),
    "NUL bytes": ("population", lambda: b"\0" * BIG),
    "UTF-16 without its mark": ("population", lambda: (TABLE * 310_000).decode().encode("utf-16-le")),
    "a million columns": ("population", lambda: b"a," * 1_000_000 + b"\n" + b"1," * 1_000_000),
    "one word of 19 MB": ("population", lambda: b"a" * BIG),
    "GeoJSON of empty features": (
        "population",
        lambda: b'{"type":"FeatureCollection","features":[' + b"{}," * (BIG // 3) + b"{}]}",
    ),
    "forty rows of long headers": ("population", lambda: (b",".join([b"penduduk laki " * 90] * 400) + b"\n") * 36),
    "two million cells": ("population", (("kode," * 40 + "\n") + ("1," * 40 + "\n") * 49_000).encode),
    **{f"50 000 misspelt names, {kind}": (kind, lambda kind=kind: misspelt(kind)) for kind in TAILS},
}


def main(part: str) -> None:
    """Time every case whose name holds `part`."""
    preview("population", TABLE, "t.csv", Asked(year=2024))
    for name, (kind, make) in CASES.items():
        if part not in name:
            continue
        raw = make()
        clock, processor = time.perf_counter(), sum(os.times()[:4])
        try:
            found = preview(kind, raw, "t.csv", Asked(year=2024))
            said = f"{found.imported} rows taken, {len(found.faults)} faults"
        except InputError as error:
            said = str(error)[:70]
        clock, processor = time.perf_counter() - clock, sum(os.times()[:4]) - processor
        print(f"{name:40}{clock:8.1f} s {processor:8.1f} s  {said}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
