"""Imports into a workspace, each in a process forked from one that has everything loaded, so that it can be killed.

``importer.py PLACE FOLDER URL`` answers each line of its input. ``kind state``: ``child PID``, ``writing`` as it begins
to write, ``gone`` when it ended. ``time kind state``: how long that takes in this process. ``four``: the exit codes of
four that import at once.
"""

import functools
import hashlib
import os
import shutil
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from coverage.places.boundaries import official
from coverage.places.boundaries.boundary_upstream import UpstreamFile
from coverage.places.boundaries.own_file import keep, read_own_file
from coverage.places.importing import Asked, commit, preview
from coverage.places.workspace import Workspace, cache_folder
from coverage.places.workspace.geopackage import GeoPackage
from coverage.places.workspace.postgis import PostGIS
from coverage.travel.roads.importing import import_roads

VILLAGES = [f"74.71.01.{number}" for number in range(1005, 1009)]
door, folder, url = Workspace.open(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
dump = folder / "db/kel/16/wilayah_boundaries_kel_16.73.sql"


def said(text):
    os.write(1, f"{text}\n".encode())


def do(kind, state):
    if kind == "table":
        commit(preview("population", (folder / f"penduduk-{state}.csv").read_bytes(), "p.csv", Asked(year=2024)), door)
    elif kind == "roads":
        import_roads(door, folder / f"jalan-{state}.geojson", "74.72")
    elif kind == "fetch" and state == "1":
        shutil.rmtree(cache_folder(), ignore_errors=True)
        official.fetch_boundaries("16.73", door, base_url=url)
    else:
        region = "16.73" if kind == "fetch" else "74.71"
        keep(read_own_file(folder / f"batas-{region}-{state}.geojson", "b.geojson", region), door)


def forked(run):
    child = os.fork()
    if not child:
        code = 1
        try:
            run()
            code = 0
        finally:
            os._exit(code)
    return child


def until_killed(kind, state):
    do(kind, state)
    signal.pause()


def one_of_four(number):
    village = VILLAGES[number]
    commit(preview("population", f"kode;penduduk\n{village};5\n".encode(), "p.csv", Asked(year=2024)), door)
    clients = f"kode;jumlah;tahun\n{village};{20 + number};{2020 + number}\n".encode()
    commit(preview("clients", clients, "k.csv", Asked()), door)


def told_when_writing(store):
    begin = store.change

    @contextmanager
    def change(self):
        said("writing")
        with begin(self) as held:
            yield held

    store.change = change


digest = hashlib.sha256(dump.read_bytes()).hexdigest()
official.files_of = lambda _: (UpstreamFile("16.73", str(dump.relative_to(folder)), digest),)
for store in (GeoPackage, PostGIS):
    told_when_writing(store)
for line in sys.stdin:
    if line.startswith("time "):
        start = time.perf_counter()
        do(*line.split()[1:])
        said(f"took {time.perf_counter() - start}")
        continue
    if line == "four\n":
        children = [forked(functools.partial(one_of_four, number)) for number in range(4)]
        codes = [os.waitpid(child, 0)[1] for child in children]
        said(f"ended {codes}")
        continue
    child = forked(functools.partial(until_killed, *line.split()))
    said(f"child {child}")
    os.waitpid(child, 0)
    said("gone")
