"""An office's own boundary file: recognised, mended, matched with the villages, and stored when asked to."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.geometry import INDONESIA
from coverage.ground.texts import Message, listed
from coverage.ground.vector_files import VectorFile, read_vector
from coverage.places.boundaries import boundary_store
from coverage.places.boundaries.agreement import FAR_KM, agreement
from coverage.places.boundaries.boundary_formats import (
    WANTED,
    CodeSystem,
    code_system,
    kemendagri_codes,
    named_columns,
    recognise,
)
from coverage.places.boundaries.decisions import NONE
from coverage.places.boundaries.disputed import named_places, shuffled_note
from coverage.places.boundaries.elsewhere import lies_elsewhere
from coverage.places.boundaries.matching import match
from coverage.places.boundaries.repair import mend, overlaps
from coverage.places.boundaries.whose import region_of
from coverage.places.villages import load_villages, mask_in_region, regions
from coverage.places.workspace import Workspace, noted

_MOST_TOLD = 20
_NAMED = 5
_EPSG = re.compile(r"EPSG:(\d{4,6})", re.IGNORECASE | re.ASCII)
_DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class OwnFile:
    """A boundary file understood, not yet stored.

    Attributes
    ----------
    name, sha256, kind, layers
        The file, its fingerprint, its format, and the layers read.
    proposed
        By what the file named its region, where none was asked for; "" where one was.
    schema, code_system
        Whose columns they are (``big``, ``hdx``, ``dukcapil``, ``gadm``, ``plain``) and which system the codes are of
        (``kemendagri``, ``bps``, ``none``).
    crs
        The reference system the coordinates were read in.
    region
        Kode of the region it was read for.
    rows
        One row a polygon: ``row`` (its number in the file), ``code``, ``name``, ``district``, ``regency`` as written,
        ``how`` (``code``, ``name``, ``decided``, ``unsure``, ``unmatched``, ``left_out``), ``kode``, ``proposal``,
        ``reason``, ``state`` and ``area_change`` of mending, ``elsewhere`` (of another region), ``geometry``.
    without_polygon
        ``kode``, ``name`` of the region's villages that no polygon was found for.
    overlapping
        Pairs of rows that share more than a hectare.
    places
        Where the polygons with a village lie, as :func:`coverage.places.boundaries.agreement.agreement` with ``name``,
        ``district`` and ``fits_name``; decided ones are believed.
    swapped
        Latitude stood in the place of longitude.
    """

    name: str
    sha256: str
    kind: str
    layers: tuple[str, ...]
    other_layers: tuple[str, ...]
    schema: str
    code_system: CodeSystem
    crs: str
    region: str
    proposed: str
    rows: pd.DataFrame
    without_polygon: pd.DataFrame
    overlapping: tuple[tuple[int, int, float], ...]
    swapped: bool
    places: pd.DataFrame

    def counts(self) -> dict[str, int]:
        """Count the polygons by how they were matched; ``outside`` are those unmatched that lie in other regions."""
        how = self.rows["how"].value_counts()
        names = {
            "matched_by_code": "code",
            "matched_by_name": "name",
            "decided": "decided",
            "unsure": "unsure",
            "unmatched": "unmatched",
            "left_out": "left_out",
        }
        counted = {name: int(how.get(key, 0)) for name, key in names.items()}
        return counted | {"outside": int((self.rows["elsewhere"] & (self.rows["how"] == "unmatched")).sum())}

    def matched(self) -> pd.DataFrame:
        """Give the rows that have a village."""
        return self.rows[self.rows["kode"] != ""]

    def require_matches(self) -> None:
        """Check that there is something to store.

        Raises
        ------
        InputError
            If no polygon has a village.
        """
        if self.matched().empty:
            raise InputError(Message.of("boundaries.none_matched", file=self.name, region=self.region))

    def notes(self) -> tuple[Message, ...]:
        """Say how the file was understood and what was done to it."""
        counts = self.counts()
        system = Message.of(f"boundaries.codes_{self.code_system}")
        schema = Message.of(f"boundaries.schema_{self.schema}")
        layers = listed(self.layers, _MOST_TOLD)
        notes = [
            Message.of("boundaries.note_schema", schema=schema, codes=system, layer=layers, crs=self.crs),
            Message.of("boundaries.note_matches", rows=len(self.rows), **_told_apart(counts)),
        ]
        if self.proposed:
            evidence = Message.of(f"boundaries.evidence_{self.proposed}")
            named = f"{self.region} {regions()['name'][self.region]}"
            notes.append(Message.of("boundaries.note_region", evidence=evidence, region=named))
        if len(self.layers) > 1:
            notes.append(Message.of("boundaries.note_joined_layers", layers=listed(self.layers, _MOST_TOLD)))
        if self.other_layers:
            notes.append(Message.of("boundaries.note_layers", layers=listed(self.other_layers, _MOST_TOLD)))
        notes += self._contradictions()
        if self.swapped:
            notes.append(Message.of("boundaries.note_swapped"))
        notes += self._state_notes()
        if self.overlapping:
            notes.append(Message.of("boundaries.note_overlaps", count=len(self.overlapping)))
        if not self.without_polygon.empty:
            lacking = [f"{kode} {name}" for kode, name in self.without_polygon.itertuples(index=False)]
            first = listed(lacking, _NAMED)
            notes.append(Message.of("boundaries.note_own_without", count=len(self.without_polygon), first=first))
        return tuple(notes)

    def _contradictions(self) -> list[Message]:
        """Tell where code and name contradicted each other, and of polygons off their village's point."""
        notes = []
        names = load_villages()["name"]
        of = self.rows[self.rows["reason"].isin(["name_place", "code_place"])]
        if not of.empty:
            told = [
                Message.of(
                    "boundaries.contradicted_one",
                    row=str(row["row"]),
                    code=row["code"],
                    name=row["name"],
                    kode=row["kode"],
                    taken=names[row["kode"]],
                )
                for row in of.to_dict("records")
            ]
            notes.append(Message.of("boundaries.note_contradicted", count=len(of), first=told))
        if not self.places.empty and self.places["shuffled"].any():
            notes.append(shuffled_note(self.places[self.places["shuffled"]]))
        held = self.places[~self.places["shuffled"].astype(bool)]
        for key, off in (
            ("exchanged", held[held["fits"] != ""]),
            ("far", held[(held["fits"] == "") & (held["own_km"] > FAR_KM)]),
        ):
            how = off["kode"].map(self.matched().set_index("kode")["how"])
            for by, said in (("code", f"boundaries.note_{key}"), ("name", f"boundaries.note_{key}_named")):
                of = off[how == by]
                if not of.empty:
                    named = [f"{kode} {name}" for kode, name in zip(of["kode"], of["name"], strict=True)]
                    values = {"count": len(of), "first": listed(named, _NAMED)}
                    notes.append(Message.of(said, **values))
        return notes

    def _state_notes(self) -> list[Message]:
        notes = []
        for state in ("mended", "closed", "empty", "no_area"):
            of = self.rows[self.rows["state"] == state]
            if not of.empty:
                numbers = listed([str(row) for row in of["row"]], _MOST_TOLD)
                most = float(of["area_change"].max())
                notes.append(Message.of(f"boundaries.note_rows_{state}", count=len(of), rows=numbers, most_share=most))
        return notes


@dataclass(frozen=True)
class ToldOfFile:
    """What the user says of a boundary file where the file leaves it open.

    ``crs``: ``EPSG:number`` of one that does not state it. ``layer``: as of
    :func:`coverage.ground.vector_files.read_vector`. ``system``: whose codes those without dots are.
    """

    crs: str | None = None
    layer: str = ""
    system: CodeSystem | None = None


_NOTHING = ToldOfFile()


def read_own_file(
    source: Path | bytes,
    name: str,
    region: str | None,
    told: ToldOfFile = _NOTHING,
    *,
    decisions: Mapping[int, str] | None = None,
) -> OwnFile:
    """Read a boundary file of any office and match it with the villages of a region.

    Parameters
    ----------
    source, name
        As :func:`coverage.ground.vector_files.read_vector`.
    region
        A checked kode; polygons elsewhere stay unmatched. None: the file names it.
    told
        What the file leaves open.
    decisions
        Kode by row number for pairs that were unsure, as :func:`coverage.places.boundaries.decisions.read_decisions`.

    Raises
    ------
    InputError
        If the file cannot be read, is of no known kind, holds no areas, states no CRS, or has coordinates that are not
        finite or not in Indonesia.
    """
    wanted_crs = _checked_crs(told.crs)
    held = read_vector(source, name, WANTED, layer=told.layer)
    schema = recognise(held.fields)
    if schema is None:
        fields = listed([shown(field) for field in held.fields], _MOST_TOLD)
        raise InputError(Message.of("boundaries.no_schema", file=name, fields=fields))
    shapes, stated, swapped = _in_degrees(held, name, wanted_crs)
    rows = named_columns(held.table, schema).map(shown)
    rows.insert(0, "row", np.arange(1, len(rows) + 1))
    rows["row"] = rows["row"].astype("int64")
    mended = mend(shapes)
    rows = rows.assign(geometry=mended.shapes, state=mended.state, area_change=mended.area_change)
    _refuse_what_is_elsewhere(rows, shapes, name)
    system = told.system or code_system(rows, schema)
    rows["code_kode"] = kemendagri_codes(rows, system)
    rows = _joined_parts(rows)
    usable = rows["geometry"].notna().to_numpy()
    region, proposed = _region(rows, region, name)
    villages = load_villages()
    villages = villages[mask_in_region(villages.index, region)]
    areas = rows[usable]
    found = match(areas.assign(kode=areas["code_kode"]), villages).rows.set_axis(areas.index)
    for column, missing in (("how", "left_out"), ("kode", ""), ("proposal", ""), ("reason", "")):
        rows[column] = found[column].reindex(rows.index).fillna(missing)
    rows["elsewhere"] = lies_elsewhere(rows, region)
    rows, places = _placed(rows, decisions or {})
    own = OwnFile(
        name=name,
        sha256=hashlib.sha256(source if isinstance(source, bytes) else source.read_bytes()).hexdigest(),
        kind=held.kind,
        layers=tuple(shown(layer) for layer in held.read),
        other_layers=tuple(shown(layer) for layer in held.layers if layer not in held.read),
        schema=schema.key,
        code_system=system,
        crs=stated,
        region=region,
        proposed=proposed,
        rows=rows.drop(columns="code_kode"),
        without_polygon=villages.head(0)[["name"]],
        overlapping=_overlaps(areas),
        swapped=swapped,
        places=places,
    )
    return _lacking(_decide(own, decisions or {}, villages), villages)


def _told_apart(counts: Mapping[str, int]) -> dict[str, int]:
    """Take what lies outside the region out of what fits nothing in it."""
    return {**counts, "unmatched": counts["unmatched"] - counts["outside"]}


def _region(rows: pd.DataFrame, region: str | None, name: str) -> tuple[str, str]:
    if region is not None:
        return region, ""
    found = region_of(rows, name)
    if found is None:
        raise InputError(Message.of("boundaries.needs_region"))
    return found.region, found.evidence


def _placed(rows: pd.DataFrame, decisions: Mapping[int, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put in doubt what code and name agree on where the whole kecamatan is shuffled and nothing was decided."""
    taken = rows[rows["kode"] != ""]
    country = load_villages()
    shapes = taken["geometry"].to_numpy(dtype=object)
    found = agreement(pd.Index(taken["kode"], name="kode"), shapes, country).set_axis(taken.index)
    found["shuffled"] &= ~taken["row"].isin(list(decisions))
    off = found.index[found["shuffled"]]
    doubted = rows.copy()
    doubted.loc[off, "proposal"] = found.loc[off, "fits"].where(found["fits"] != "", rows["kode"])
    doubted.loc[off, ["how", "kode", "reason"]] = ["unsure", "", "shuffled"]
    return doubted, named_places(found.assign(kode=taken["kode"]), country)


def keep(own: OwnFile, workspace: Workspace, *, source: str = "") -> int:
    """Store the polygons that have a village, and give their number; `source` is named beside them, else the file.

    Raises
    ------
    InputError
        If none has one, or the workspace cannot be written; it stays as it was.
    """
    own.require_matches()
    matched = own.matched()
    areas = pd.DataFrame(
        {
            "kode": matched["kode"],
            "name": matched["name"],
            "mended": matched["area_change"],
            "source_kode": matched["code"],
            "geometry": matched["geometry"],
        }
    )
    file = boundary_store.SourceFile(own.name, own.sha256, len(areas))
    with noted(file_sha256=own.sha256):
        boundary_store.save(
            workspace, own.region, areas, tier=boundary_store.OWN, source=source or own.name, files=[file]
        )
    return len(areas)


def _checked_crs(text: str | None) -> pyproj.CRS | None:
    if text is None:
        return None
    found = _EPSG.fullmatch(text.strip())
    try:
        if found:
            return pyproj.CRS.from_epsg(int(found[1]))
    except pyproj.exceptions.CRSError:
        pass
    raise InputError(Message.of("boundaries.bad_crs", value=shown(text)))


def _in_degrees(held: VectorFile, name: str, asked: pyproj.CRS | None) -> tuple[np.ndarray, str, bool]:
    """Bring shapes to longitude and latitude; axes that can only be swapped are swapped back."""
    stated = held.crs
    try:
        crs = asked or (pyproj.CRS.from_user_input(stated) if stated else None)
    except pyproj.exceptions.CRSError:
        crs = None
    if crs is None:
        raise InputError(Message.of("boundaries.no_crs", file=name))
    label = crs.to_string() if crs.to_authority() else crs.name
    if crs.is_geographic:
        west, south, east, north = shapely.total_bounds(held.shapes)
        left, low, right, high = INDONESIA
        swapped = bool(low <= west and east <= high and left <= south and north <= right)
        shapes = shapely.transform(held.shapes, lambda at: at[:, ::-1]) if swapped else held.shapes
    else:
        shapes, swapped = held.shapes, False
    moved = gpd.GeoSeries(shapes, crs=crs).to_crs(_DEGREES)
    return np.asarray(moved.array, dtype=object), shown(label), swapped


def _refuse_what_is_elsewhere(rows: pd.DataFrame, shapes: np.ndarray, name: str) -> None:
    outside = rows[rows["state"] == "outside"]
    if not outside.empty:
        told = [
            Message.of("boundaries.outside", file=name, row=str(row), name=label or "-")
            for row, label in outside[["row", "name"]].head(_MOST_TOLD).itertuples(index=False)
        ]
        if len(outside) > len(told):
            told.append(Message.of("boundaries.outside_more", count=len(outside) - len(told)))
        raise InputError(*told)
    if rows["geometry"].isna().all():
        kinds = sorted({shape.geom_type for shape in shapes if shape is not None})
        raise InputError(Message.of("boundaries.no_areas", file=name, kinds=", ".join(kinds) or "-"))


def _joined_parts(rows: pd.DataFrame) -> pd.DataFrame:
    """Join rows that bear one code and one name: one village drawn in several rows."""
    named = (rows["code"] != "") & rows["geometry"].notna()
    key = rows["code"] + "\n" + rows["name"]
    twice = named & key.duplicated(keep=False)
    if not twice.any():
        return rows
    joined = rows.copy()
    for _, group in rows[twice].groupby(key[twice], sort=False):
        parts = shapely.get_parts(mend(np.array([shapely.union_all(group["geometry"].to_numpy())])).shapes)
        joined.at[group.index[0], "geometry"] = shapely.multipolygons(parts)
        joined = joined.drop(index=group.index[1:])
    return joined.reset_index(drop=True)


def _overlaps(areas: pd.DataFrame) -> tuple[tuple[int, int, float], ...]:
    row = areas["row"].to_numpy()
    found = overlaps(areas["geometry"].to_numpy(dtype=object))
    return tuple((int(row[a]), int(row[b]), km2) for a, b, km2 in found)


def _decide(own: OwnFile, decisions: Mapping[int, str], villages: pd.DataFrame) -> OwnFile:
    """Put decisions in the place of what was unsure or unmatched."""
    rows = own.rows.set_index("row")
    faults = []
    for row, kode in decisions.items():
        if row not in rows.index or rows.at[row, "how"] == "left_out":
            faults.append(Message.of("boundaries.decided_no_row", row=str(row), file=own.name))
        elif kode == NONE:
            rows.loc[row, ["how", "kode", "proposal", "reason"]] = ["unmatched", "", "", ""]
        elif kode not in villages.index:
            faults.append(Message.of("boundaries.decided_no_village", row=str(row), value=kode, region=own.region))
        else:
            rows.loc[row, ["how", "kode", "proposal", "reason"]] = ["decided", kode, "", ""]
    for given, group in rows[rows["kode"] != ""].groupby("kode"):
        if len(group) > 1:
            numbers = ", ".join(str(row) for row in group.index)
            faults.append(Message.of("boundaries.decided_twice", kode=str(given), rows=numbers))
    if faults:
        raise InputError(*faults)
    return replace(own, rows=rows.reset_index())


def _lacking(own: OwnFile, villages: pd.DataFrame) -> OwnFile:
    drawn = villages.index.isin(own.rows["kode"])
    return replace(own, without_polygon=villages.loc[~drawn, ["name"]].rename_axis("kode").reset_index())
