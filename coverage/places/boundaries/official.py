"""The official polygons of a region: downloaded, read, mended, matched with the villages, and stored whole."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.boundaries import store
from coverage.places.boundaries.fetch import Stop, Watch, download
from coverage.places.boundaries.matching import match
from coverage.places.boundaries.repair import mend, overlaps
from coverage.places.boundaries.sql_dump import Unreadable, read_dump
from coverage.places.boundaries.upstream import (
    DEFAULT_BASE_URL,
    UpstreamFile,
    files_of,
    regencies_without_file,
    source_name,
)
from coverage.places.villages import load_villages, mask_in_region, name_key
from coverage.places.workspace import Workspace, noted


@dataclass(frozen=True)
class FetchReport:
    """What a download brought.

    Attributes
    ----------
    region
        Kode asked for.
    files
        Files read.
    polygons, villages
        Polygons stored, and villages of the village list that have one of them.
    recoded
        ``kode`` of the village list, ``source_kode`` of the official file, ``name``: one village by name and place.
    without_polygon
        ``kode``, ``name`` of villages that no official polygon was found for.
    not_in_list
        ``kode``, ``name`` of official villages that the village list does not have; stored under their own code.
    mended
        ``kode``, ``name``, ``area_change`` of polygons that were not valid.
    renamed
        ``kode``, ``name``, ``source_name`` where the two lists write different names.
    unreadable
        Rows of the files that gave no polygon.
    overlapping
        Pairs of polygons that share more than a hectare.
    without_file
        Kab/kota that the pinned commit has no file for.
    """

    region: str
    files: int
    polygons: int
    villages: int
    recoded: pd.DataFrame
    without_polygon: pd.DataFrame
    not_in_list: pd.DataFrame
    mended: pd.DataFrame
    renamed: pd.DataFrame
    unreadable: tuple[Unreadable, ...]
    overlapping: tuple[tuple[str, str, float], ...]
    without_file: tuple[str, ...]

    def notes(self) -> tuple[Message, ...]:
        """Say what a planner must know of the polygons."""
        notes = [Message.of("boundaries.note_stored", polygons=self.polygons, files=self.files, villages=self.villages)]
        for key, found in (
            ("recoded", self.recoded),
            ("not_in_list", self.not_in_list),
            ("mended", self.mended),
            ("renamed", self.renamed),
        ):
            if not found.empty:
                notes.append(Message.of(f"boundaries.note_{key}", count=len(found), first=_first(found)))
        if self.without_polygon.empty:
            notes.append(Message.of("boundaries.note_all_drawn"))
        else:
            lacking = self.without_polygon
            notes.append(Message.of("boundaries.note_without_polygon", count=len(lacking), first=_first(lacking)))
        notes += [
            Message.of("boundaries.note_unreadable", kode=row.kode, name=row.name, problem=row.problem)
            for row in self.unreadable[:_SHOWN]
        ]
        if self.overlapping:
            notes.append(Message.of("boundaries.note_overlaps", count=len(self.overlapping)))
        if self.without_file:
            notes.append(Message.of("boundaries.note_no_file", regencies=", ".join(self.without_file)))
        return tuple(notes)


_SHOWN = 5


def _first(found: pd.DataFrame) -> str:
    shown = [f"{kode} {name}" for kode, name in found[["kode", "name"]].head(_SHOWN).itertuples(index=False, name=None)]
    return ", ".join(shown) + (", …" if len(found) > _SHOWN else "")


def fetch_boundaries(
    region: str,
    door: Workspace,
    *,
    base_url: str = DEFAULT_BASE_URL,
    watch: Watch = lambda _: None,
    stopped: Stop = lambda: False,
) -> FetchReport:
    """Download the official boundaries of a region and store them in the workspace.

    Parameters
    ----------
    region
        A checked kode or ``ID``.
    door
        The office's workspace; it changes at the very end, whole or not at all.
    base_url, watch, stopped
        As :func:`coverage.places.boundaries.fetch.download`.

    Raises
    ------
    InputError
        As :func:`download`; if a file cannot be read, or the workspace not be written.
    """
    files = files_of(region)
    paths = download(files, base_url=base_url, watch=watch, stopped=stopped)
    rows, unreadable, sources = _read(files, paths, region)
    mended = mend(rows["geometry"].to_numpy(dtype=object))
    usable = pd.Series(mended.shapes).notna().to_numpy()
    unreadable += _left_out(rows[~usable], "boundaries.row_broken")
    rows = rows.assign(geometry=mended.shapes, mended=mended.area_change, state=mended.state)[usable]
    rows = rows.reset_index(drop=True)
    country = load_villages()
    villages = country[mask_in_region(country.index, region)]
    matches = match(rows.assign(district="", regency=""), villages).rows
    taken = (matches["kode"] != "").to_numpy()
    rows["source_kode"] = rows["kode"]
    rows.loc[taken, "kode"] = matches.loc[taken, "kode"].to_numpy()
    # A code of the village list that neither name nor place bears out would draw a village where it is not.
    doubtful = ~taken & rows["kode"].isin(country.index).to_numpy()
    unreadable += _left_out(rows[doubtful], "boundaries.row_elsewhere")
    rows, taken = rows[~doubtful].reset_index(drop=True), taken[~doubtful]
    with noted(file_sha256=_sha256_of(sources)):
        store.save(door, region, rows, tier=store.OFFICIAL, source=source_name(), files=sources)
    return _report(region, rows, taken, villages, files, tuple(unreadable))


def _sha256_of(files: list[store.SourceFile]) -> str:
    """Give the digest of one file; of several, that of their digests in order, each on its line."""
    if len(files) == 1:
        return files[0].sha256
    return hashlib.sha256("".join(f"{file.sha256}\n" for file in files).encode()).hexdigest()


def _left_out(rows: pd.DataFrame, key: str) -> list[Unreadable]:
    return [Unreadable(kode, name, Message.of(key)) for kode, name in zip(rows["kode"], rows["name"], strict=True)]


def _read(
    files: tuple[UpstreamFile, ...], paths: list[Path], region: str
) -> tuple[pd.DataFrame, list[Unreadable], list[store.SourceFile]]:
    tables, unreadable, sources = [], [], []
    for file, path in zip(files, paths, strict=True):
        raw = path.read_bytes()
        dump = read_dump(raw, path.name)
        inside = [codes.contains(region, kode) for kode in dump.rows["kode"]]
        tables.append(dump.rows[inside])
        # A row whose kode cannot be read may be of this region.
        unreadable += [
            row for row in dump.unreadable if not codes.is_code(row.kode) or codes.contains(region, row.kode)
        ]
        sources.append(store.SourceFile(file.path, hashlib.sha256(raw).hexdigest(), sum(inside)))
    return pd.concat(tables, ignore_index=True), unreadable, sources


def _report(
    region: str,
    rows: pd.DataFrame,
    taken: npt.NDArray[np.bool_],
    villages: pd.DataFrame,
    files: tuple[UpstreamFile, ...],
    unreadable: tuple[Unreadable, ...],
) -> FetchReport:
    recoded = rows[taken & (rows["kode"] != rows["source_kode"])]
    drawn = villages.index.isin(rows["kode"])
    lacking = villages.loc[~drawn, ["name"]].rename_axis("kode").reset_index()
    listed = villages["name"].reindex(rows["kode"]).fillna("").to_numpy()
    differs = [
        bool(name) and name_key(name) != name_key(given) for name, given in zip(listed, rows["name"], strict=True)
    ]
    renamed = rows[differs].assign(source_name=rows["name"][differs], name=listed[differs])
    mended = rows[rows["state"] == "mended"].rename(columns={"mended": "area_change"})
    kode = rows["kode"].to_numpy()
    shared = overlaps(rows["geometry"].to_numpy(dtype=object))
    return FetchReport(
        region=region,
        files=len(files),
        polygons=len(rows),
        villages=int(drawn.sum()),
        recoded=recoded[["kode", "source_kode", "name"]].reset_index(drop=True),
        without_polygon=lacking,
        not_in_list=rows.loc[~taken, ["kode", "name"]].reset_index(drop=True),
        mended=mended[["kode", "name", "area_change"]].reset_index(drop=True),
        renamed=renamed[["kode", "name", "source_name"]].reset_index(drop=True),
        unreadable=unreadable,
        overlapping=tuple((str(kode[a]), str(kode[b]), km2) for a, b, km2 in shared),
        without_file=regencies_without_file(region),
    )
