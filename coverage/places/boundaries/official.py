"""The official polygons of a region: downloaded, read, mended, matched with the villages, and stored whole."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.ground import codes
from coverage.ground.downloads.files import Watch, sha256_of_all
from coverage.ground.downloads.patience import Stop
from coverage.ground.errors import InputError
from coverage.ground.texts import Message, listed
from coverage.places.boundaries import boundary_store
from coverage.places.boundaries.agreement import FAR_KM, agreement
from coverage.places.boundaries.boundary_fetch import download
from coverage.places.boundaries.boundary_upstream import (
    DEFAULT_BASE_URL,
    UpstreamFile,
    files_of,
    regencies_without_file,
    source_name,
)
from coverage.places.boundaries.decisions import NONE
from coverage.places.boundaries.disputed import named_places, replaced_note, shuffled_note
from coverage.places.boundaries.matching import match
from coverage.places.boundaries.repair import mend, overlaps
from coverage.places.boundaries.sql_dump import Unreadable, read_dump
from coverage.places.villages import are_villages, load_villages, mask_in_region, name_key
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
    shuffled
        Polygons not used until somebody decides: code and name agree, but their kecamatan is shuffled; ``kode``,
        ``source_kode``, ``name``, ``district``, ``own_km``, ``fits``, ``fits_name``, ``far_km``.
    exchanged, far
        The same columns of polygons that are used: two that fit each other's point better; more than 1 km off.
    replaced
        ``kode``, ``name``, ``tier``, ``source`` of polygons of an office that these took the place of.
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
    shuffled: pd.DataFrame
    exchanged: pd.DataFrame
    far: pd.DataFrame
    replaced: pd.DataFrame
    mended: pd.DataFrame
    renamed: pd.DataFrame
    unreadable: tuple[Unreadable, ...]
    overlapping: tuple[tuple[str, str, float], ...]
    without_file: tuple[str, ...]

    def notes(self) -> tuple[Message, ...]:
        """Say what a planner must know of the polygons."""
        notes = [Message.of("boundaries.note_stored", polygons=self.polygons, files=self.files, villages=self.villages)]
        if not self.shuffled.empty:
            notes.append(shuffled_note(self.shuffled))
        if not self.replaced.empty:
            notes.append(replaced_note(self.replaced))
        for key, found in (
            ("exchanged", self.exchanged),
            ("far", self.far),
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
        if len(self.unreadable) > _SHOWN:
            notes.append(Message.of("boundaries.note_rows_unreadable", count=len(self.unreadable) - _SHOWN))
        if self.overlapping:
            notes.append(Message.of("boundaries.note_overlaps", count=len(self.overlapping)))
        if self.without_file:
            notes.append(Message.of("boundaries.note_no_file", regencies=", ".join(self.without_file)))
        return tuple(notes)


_SHOWN = 5


def _first(found: pd.DataFrame) -> Message:
    named = [f"{kode} {name}" for kode, name in found[["kode", "name"]].itertuples(index=False, name=None)]
    return listed(named, _SHOWN)


def fetch_boundaries(
    region: str,
    workspace: Workspace,
    *,
    base_url: str = DEFAULT_BASE_URL,
    decisions: Mapping[str, str] | None = None,
    watch: Watch = lambda _: None,
    stopped: Stop = lambda: False,
) -> FetchReport:
    """Download the official boundaries of a region and store them in the workspace.

    Parameters
    ----------
    region
        A checked kode or ``ID``.
    workspace
        The office's workspace; it changes at the very end, whole or not at all.
    decisions
        Kode by code of the official file for polygons that are not used otherwise, as
        :func:`coverage.places.boundaries.decisions.read_code_decisions`.
    base_url, watch, stopped
        As :func:`coverage.places.boundaries.boundary_fetch.download`.

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
    doubtful = ~taken & are_villages(rows["kode"])
    unreadable += _left_out(rows[doubtful], "boundaries.row_elsewhere")
    rows, taken = rows[~doubtful].reset_index(drop=True), taken[~doubtful]
    places = _places(rows, taken, country)
    rows, taken, places = _decide(rows, taken, places, decisions or {}, region)
    replaced = boundary_store.replaced(workspace, rows["kode"])
    with noted(file_sha256=_sha256_of(sources)):
        boundary_store.save(workspace, region, rows, tier=boundary_store.OFFICIAL, source=source_name(), files=sources)
    report = _report(region, rows, taken, villages, files, tuple(unreadable))
    used = places[places["kode"].isin(rows["kode"])]
    return replace(
        report,
        shuffled=places[places["shuffled"]].reset_index(drop=True),
        exchanged=used[used["fits"] != ""].reset_index(drop=True),
        far=used[(used["fits"] == "") & (used["own_km"] > FAR_KM)].reset_index(drop=True),
        replaced=replaced[replaced["tier"] != boundary_store.OFFICIAL].reset_index(drop=True),
    )


def _places(rows: pd.DataFrame, taken: npt.NDArray[np.bool_], country: pd.DataFrame) -> pd.DataFrame:
    """Tell of every polygon that has a village where it lies; as :attr:`FetchReport.shuffled`, with ``shuffled``."""
    mine = rows[taken]
    found = agreement(pd.Index(mine["kode"], name="kode"), mine["geometry"].to_numpy(dtype=object), country)
    found["source_kode"] = mine["source_kode"].to_numpy()
    return named_places(found.reset_index(), country)


def _decide(
    rows: pd.DataFrame, taken: npt.NDArray[np.bool_], places: pd.DataFrame, decisions: Mapping[str, str], region: str
) -> tuple[pd.DataFrame, npt.NDArray[np.bool_], pd.DataFrame]:
    """Leave out what is shuffled, but what was decided takes the kode that somebody gave it."""
    country = load_villages()
    unknown = sorted(set(decisions) - set(rows["source_kode"]))
    faults = [Message.of("boundaries.decided_no_code", code=code, region=region) for code in unknown]
    faults += [
        Message.of("boundaries.decided_no_village", row=code, value=kode, region=region)
        for code, kode in decisions.items()
        if kode != NONE and not (kode in country.index and codes.contains(region, kode))
    ]
    given = rows["source_kode"].map(decisions)
    out = rows["kode"].isin(places.loc[places["shuffled"], "kode"]).to_numpy() & given.isna().to_numpy()
    out |= (given == NONE).to_numpy()
    decided = rows.assign(kode=given.where(given.notna(), rows["kode"]))[~out]
    for kode, group in decided.groupby("kode"):
        if len(group) > 1:
            numbers = ", ".join(group["source_kode"])
            faults.append(Message.of("boundaries.decided_twice", kode=str(kode), rows=numbers))
    if faults:
        raise InputError(*faults)
    still = places.assign(shuffled=places["shuffled"] & ~places["source_kode"].isin(list(decisions)))
    kept = taken | given.notna().to_numpy()
    return decided.reset_index(drop=True), kept[~out], still


def _sha256_of(files: list[boundary_store.SourceFile]) -> str:
    """Give the digest of one file; of several, that of their digests in order, each on its line."""
    if len(files) == 1:
        return files[0].sha256
    return sha256_of_all(file.sha256 for file in files)


def _left_out(rows: pd.DataFrame, key: str) -> list[Unreadable]:
    return [Unreadable(kode, name, Message.of(key)) for kode, name in zip(rows["kode"], rows["name"], strict=True)]


def _read(
    files: tuple[UpstreamFile, ...], paths: list[Path], region: str
) -> tuple[pd.DataFrame, list[Unreadable], list[boundary_store.SourceFile]]:
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
        sources.append(boundary_store.SourceFile(file.path, hashlib.sha256(raw).hexdigest(), sum(inside)))
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
        shuffled=rows.head(0),
        exchanged=rows.head(0),
        far=rows.head(0),
        replaced=rows.head(0),
        mended=mended[["kode", "name", "area_change"]].reset_index(drop=True),
        renamed=renamed[["kode", "name", "source_name"]].reset_index(drop=True),
        unreadable=unreadable,
        overlapping=tuple((str(kode[a]), str(kode[b]), km2) for a, b, km2 in shared),
        without_file=regencies_without_file(region),
    )
