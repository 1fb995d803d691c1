"""How far offices are with their targets, and whether that keeps pace with the calendar.

A count keeps pace if at least ``target x share of the period that is over`` is achieved; see docs/methods/targets.md.
"""

import datetime as dt
import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from coverage.answers.tours.calendar import open_days
from coverage.ground import codes
from coverage.ground.quantities import percent_reached
from coverage.ground.texts import Message
from coverage.places.indicators import IBM, IKM, INDICATORS, indicator_of, is_counted
from coverage.places.periods import Period, period_key, read_period
from coverage.places.targets import area_name
from coverage.places.villages import Region, find_region, mask_in_region
from coverage.places.workspace import Location, Workspace

__all__ = ["GOOD_STATES", "GRADES", "SCOPES", "STATES", "Progress", "grade_of", "periods_held", "progress"]

SCOPES = ("region", "sum", "inside")
"""The region's own figure, the sum over areas inside it where it has none of its own, and theirs one by one."""

STATES = ("reached", "on_pace", "behind", "missed", "not_begun", "not_reported", "no_target", "no_calendar")
"""``missed``: the period is over. ``no_calendar``: not reached, in a period whose days are not known."""

GOOD_STATES = ("reached", "on_pace")

_NOT_JUDGED = ("not_begun", "not_reported", "no_target", "no_calendar")

GRADES = ((3.5324, "A"), (3.0644, "B"), (2.6, "C"), (1.0, "D"))
"""Least index of each grade of service on the scale to 4 (Permenpan RB 14/2017, attachment II)."""

_ORDER = {one.name: place for place, one in enumerate(INDICATORS)}


@dataclass(frozen=True)
class Progress:
    """The answer of :func:`progress`.

    Attributes
    ----------
    region, as_of
        Of what, and on the evening of which day.
    rows
        A row per area, period and indicator: ``scope`` (`SCOPES`), ``area_kode``, ``area`` (name and kode),
        ``period``, ``indicator``, ``unit``, ``achieved``, ``target``, ``share`` (exact), ``percent`` (cut after two
        decimals), ``grade`` ("" but for IKM), ``state`` (`STATES`), ``elapsed_share`` of the period, ``expected`` by
        now, ``left`` to the target, ``working_days_left``, ``needed_per_day`` and ``needed_per_month`` to reach it,
        ``parts`` (areas of a sum, 0 for all others), ``own`` (entered by the office), ``source``. NaN is not known.
    recorded
        What the workspace itself knows of the region, beside what is reported and never mixed with it: ``period``
        ("" at present), ``measure`` (``visits``, ``ibm_units``), ``count``.
    notes
        What a reader must know.
    """

    region: Region
    as_of: dt.date
    rows: pd.DataFrame
    recorded: pd.DataFrame
    notes: tuple[Message, ...]

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The region's figures (its own, else the sums) that can be judged, of the latest period that has any."""
        shown = self.rows[(self.rows["scope"] != "inside") & ~self.rows["state"].isin(_NOT_JUDGED)]
        return shown[shown["period"] == shown["period"].iloc[0]] if len(shown) else shown


def progress(
    region: str,
    *,
    period: str = "",
    as_of: dt.date | None = None,
    workspace: Location | Workspace | None = None,
) -> Progress:
    """Tell how far a region and the areas inside it are with their targets.

    Parameters
    ----------
    region
        Kode or name.
    period
        Any way to write it, such as ``2024-S1`` or ``Semester I 2024``; "" for all that are held.
    as_of
        Evening of the day that is asked about; by default today.
    workspace
        The office's data; by default the user's own.

    Returns
    -------
    Progress
        Without rows where nothing is held.

    Raises
    ------
    InputError
        If the region is unknown or the workspace cannot be used.
    """
    place = find_region(region)
    opened = workspace if isinstance(workspace, Workspace) else Workspace.open(workspace)
    day = as_of or dt.datetime.now(tz=dt.UTC).astimezone().date()
    held = _inside(opened.targets(), place.code)
    if period:
        held = held[held["period"] == period_key(period)]
    rows = _scoped(held, place)
    told = pd.DataFrame([_judged(row, day) for row in rows.to_dict("records")], columns=[*_JUDGED])
    rows = pd.concat([rows.reset_index(drop=True), told], axis=1)
    return Progress(place, day, _sorted(rows), _recorded(opened, place, rows["period"].unique()), _notes(rows))


def periods_held(region: str, *, workspace: Location | Workspace | None = None) -> tuple[str, ...]:
    """Name the periods for which figures of a region or of areas inside it are held, the latest first."""
    opened = workspace if isinstance(workspace, Workspace) else Workspace.open(workspace)
    held = _inside(opened.targets(), find_region(region).code)
    return tuple(sorted(held["period"].unique(), key=_latest_first))


def grade_of(index: float) -> str:
    """Give the grade of an IKM on the scale to 4; "" where it is not on that scale.

    Examples
    --------
    >>> grade_of(3.89), grade_of(3.53), grade_of(88.31)
    ('A', 'B', '')
    """
    if not GRADES[-1][0] <= index <= _BEST_INDEX:
        return ""
    return next(grade for least, grade in GRADES if index >= least)


_BEST_INDEX = 4.0
_JUDGED = (
    *("share", "percent", "grade", "state", "elapsed_share", "expected"),
    *("left", "working_days_left", "needed_per_day", "needed_per_month"),
)
_DAYS_PER_MONTH = 365.2425 / 12


def _latest_first(period: str) -> tuple[int, str]:
    known = read_period(period)
    return (0, period) if known is None else (-known.last.toordinal(), period)


def _inside(held: pd.DataFrame, region: str) -> pd.DataFrame:
    return held[mask_in_region(pd.Index(held["area_kode"]), region)]


def _scoped(held: pd.DataFrame, place: Region) -> pd.DataFrame:
    """Tell the region's figures from those inside it, and add the sums over areas where it has none of its own."""
    rows = held.assign(scope=np.where(held["area_kode"] == place.code, "region", "inside"), parts=0)
    own = set(rows.loc[rows["scope"] == "region", ["period", "indicator"]].itertuples(index=False, name=None))
    sums = [
        _sum(parts, place)
        for key, parts in rows[rows["scope"] == "inside"].groupby(["period", "indicator"], sort=False)
        if key not in own and _adds_up(parts)
    ]
    return pd.concat([rows, pd.DataFrame(sums, columns=rows.columns).astype(rows.dtypes)]) if sums else rows


def _adds_up(parts: pd.DataFrame) -> bool:
    """Tell whether figures of one period and indicator can be added: known counts in one unit, no area in another."""
    kode = list(parts["area_kode"])
    nested = any(one != other and codes.contains(one, other) for one in kode for other in kode)
    known = parts["indicator"].iloc[0] in _ORDER and indicator_of(parts["indicator"].iloc[0]).counted
    return known and len(parts) > 1 and len(set(parts["unit"])) == 1 and not nested


def _sum(parts: pd.DataFrame, place: Region) -> dict[str, object]:
    """Add figures up; an amount that one of them lacks is not known for the sum."""
    first = parts.iloc[0]
    return {
        "area": area_name(place.code),
        "area_kode": place.code,
        **{key: first[key] for key in ("period", "indicator", "unit")},
        **{key: parts[key].sum(skipna=False) for key in ("achieved", "target")},
        "source": "",
        "own": bool(parts["own"].any()),
        "scope": "sum",
        "parts": len(parts),
    }


def _judged(row: dict[Hashable, Any], as_of: dt.date) -> tuple[object, ...]:
    achieved, target = float(row["achieved"]), float(row["target"])
    known = read_period(row["period"])
    counted = is_counted(row["indicator"], row["unit"])
    elapsed = math.nan if known is None else known.elapsed(as_of)
    # An index does not grow with the calendar: all of it is expected at any time.
    expected = target * elapsed if counted else target
    left = max(target - achieved, 0.0)
    days, per_day, per_month = _needed(left if counted else math.nan, known, as_of)
    return (
        achieved / target if target else math.nan,
        percent_reached(achieved, target),
        grade_of(achieved) if row["indicator"] == IKM else "",
        _state(achieved, target, expected, elapsed),
        elapsed,
        expected,
        left,
        days,
        per_day,
        per_month,
    )


def _state(achieved: float, target: float, expected: float, elapsed: float) -> str:
    """Judge one figure; what has reached its target has, whatever the calendar says."""
    if math.isnan(target) or target == 0:
        return "no_target"
    if math.isnan(achieved):
        return "not_reported"
    if achieved >= target:
        return "reached"
    if math.isnan(elapsed):
        return "no_calendar"
    running = "on_pace" if achieved >= expected else "behind"
    return {0.0: "not_begun", 1.0: "missed"}.get(elapsed, running)


def _needed(left: float, known: Period | None, as_of: dt.date) -> tuple[float, float, float]:
    """Give the working days left, and what each of them and each month must bring."""
    if known is None:
        return (math.nan,) * 3
    from_day = max(as_of + dt.timedelta(days=1), known.first)
    calendar_days = max((known.last - from_day).days + 1, 0)
    working = len(open_days(from_day, calendar_days))
    months = max(calendar_days / _DAYS_PER_MONTH, 1.0) if calendar_days else math.nan
    return float(working), left / working if working else math.nan, left / months


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    keys = pd.DataFrame(
        {
            "period": [_latest_first(period) for period in rows["period"]],
            "scope": [SCOPES.index(scope) // 2 for scope in rows["scope"]],
            "area": rows["area_kode"],
            "order": [_ORDER.get(name, len(_ORDER)) for name in rows["indicator"]],
            "indicator": rows["indicator"],
        },
        index=rows.index,
    )
    return rows.loc[keys.sort_values(list(keys.columns), kind="stable").index, [*_COLUMNS]].reset_index(drop=True)


_COLUMNS = (
    *("scope", "area_kode", "area", "period", "indicator", "unit", "achieved", "target"),
    *_JUDGED,
    *("parts", "own", "source"),
)


def _recorded(workspace: Workspace, place: Region, periods: Iterable[str]) -> pd.DataFrame:
    """Count what the workspace knows: visits held in each period, IBM units at present."""
    visits = workspace.visits()
    days = visits.loc[mask_in_region(pd.Index(visits["kode"]), place.code), "date"].dt.date
    found: list[tuple[str, str, int]] = []
    for period in periods:
        known = read_period(period)
        if known is not None:
            found.append((period, "visits", int(((known.first <= days) & (days <= known.last)).sum())))
    units = workspace.units()
    ibm = units[(units["kind"] == IBM) & mask_in_region(pd.Index(units["kode"]), place.code)]
    found.append(("", "ibm_units", len(ibm)))
    return pd.DataFrame(found, columns=["period", "measure", "count"])


def _notes(rows: pd.DataFrame) -> tuple[Message, ...]:
    notes = []
    unread = [period for period in rows["period"].unique() if read_period(period) is None]
    if unread:
        notes.append(Message.of("targets.note_calendar", periods=", ".join(unread)))
    sums = rows[rows["scope"] == "sum"]
    if not sums.empty:
        notes.append(Message.of("targets.note_sum", indicators=", ".join(sums["indicator"].unique())))
    lacking = sums[sums[["achieved", "target"]].isna().any(axis=1)]
    if not lacking.empty:
        notes.append(Message.of("targets.note_sum_lacking", indicators=", ".join(lacking["indicator"].unique())))
    inside = rows[rows["scope"] == "inside"]
    shown = set(rows.loc[rows["scope"] != "inside", ["period", "indicator"]].itertuples(index=False, name=None))
    apart = [
        str(key[1])
        for key, parts in inside.groupby(["period", "indicator"], sort=False)
        if key not in shown and len(parts) > 1
    ]
    if apart:
        notes.append(Message.of("targets.note_not_summed", indicators=", ".join(dict.fromkeys(apart))))
    return tuple(notes)
