"""Targets and what was achieved as tables and sentences, shared by the command line, the dashboard and the files."""

import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from coverage.answers.target_plans import Intended, visits_within
from coverage.answers.target_progress import GOOD_STATES, SCOPES, STATES, Progress
from coverage.faces.words.columns import Column, Kind, Listing
from coverage.faces.words.unknowns import DASH, unknown_lines
from coverage.ground.quantities import format_exact, format_month, format_reached
from coverage.ground.texts import Language, say
from coverage.places.periods import read_period

__all__ = [
    "SHOWN",
    "addition_lines",
    "elapsed_line",
    "laid_out",
    "period_name",
    "progress_list",
    "progress_title",
    "recorded_line",
    "spoken",
]

SHOWN = ("indicator", "achieved", "target", "unit", "percent", "state", "expected", "needed")
"""Columns of :func:`spoken` that are shown where there is no room for all."""

_KINDS: dict[str, Kind] = {
    "area_kode": "code",
    "achieved": "decimal",
    "target": "decimal",
    "percent": "decimal",
    "elapsed_share": "percent",
    "expected": "decimal",
    "left": "decimal",
    "working_days_left": "integer",
    "needed_per_day": "decimal",
    "needed_per_month": "decimal",
    **dict.fromkeys(("area", "scope", "period", "indicator", "unit", "grade", "state", "source"), "text"),
}
_LISTED = (
    *("area_kode", "area", "scope", "period", "indicator", "achieved", "target", "unit", "percent", "grade", "state"),
    *("elapsed_share", "expected", "left", "working_days_left", "needed_per_day", "needed_per_month", "source"),
)
_ABOVE = ("area_kode", "scope", "elapsed_share", "working_days_left", "needed_per_day", "source")
_ROMAN = ("I", "II", "III", "IV")
_BAD_STATES = ("behind", "missed")
_FEW_DAYS = 22
"""Working days of about a month: with no more left, what is needed is told per day."""
_AMOUNT_DECIMALS = 1


def period_name(period: str, lang: Language) -> str:
    """Name a period as people do; one that is none of the calendar as it is written."""
    known = read_period(period)
    if known is None:
        return period
    if known.kind == "month":
        return format_month(known.first, lang)
    return say(f"targets.period_{known.kind}", lang, year=str(known.year), number=_ROMAN[known.number - 1])


def progress_title(found: Progress, lang: Language) -> str:
    """Say in one line how many indicators are reached or keep pace, and which do not."""
    region = found.region.name
    if found.rows.empty:
        return say("targets.title_none", lang, region=region)
    judged = found.judged
    if judged.empty:
        return say("targets.title_unjudged", lang, region=region)
    state = next((one for one in _BAD_STATES if one in set(judged["state"])), "")
    names = ", ".join(dict.fromkeys(judged.loc[judged["state"] == state, "indicator"]))
    trailing = say("targets.title_trailing", lang, names=names, state=state_name(state, lang)) if state else ""
    values = {
        "good": int(judged["state"].isin(GOOD_STATES).sum()),
        "judged": len(judged),
        "region": region,
        "period": period_name(judged["period"].iloc[0], lang),
        "trailing": trailing,
    }
    over = judged["state"].isin(["reached", "missed"]).all()
    return say("targets.title_over", lang, **values) if over else say("targets.title", lang, **values)


def state_name(state: str, lang: Language) -> str:
    """Name one of the states."""
    return say(f"targets.state_{state}", lang)


def elapsed_line(found: Progress, period: str, lang: Language) -> str:
    """Say which days a period has and how much of them is over; only its name where its days are not known."""
    known = read_period(period)
    if known is None:
        return say("targets.period_only", lang, period=period)
    values = {"period": period_name(period, lang), "first": known.first, "last": known.last, "as_of": found.as_of}
    elapsed = known.elapsed(found.as_of)
    if elapsed == 1:
        return say("targets.elapsed_all", lang, **values)
    days = found.rows.loc[found.rows["period"] == period, "working_days_left"].iloc[0]
    return say("targets.elapsed", lang, **values, elapsed_share=elapsed, days=float(days))


def progress_list(found: Progress, lang: Language, *, paper: bool = False) -> Listing:
    """List every figure with what it is judged by; `paper` leaves out what a printed sheet says above the table."""
    rows = found.rows
    periods = {period: period_name(period, lang) for period in rows["period"]}
    words = {
        "scope": {scope: say(f"targets.scope_{scope}", lang) for scope in SCOPES},
        "state": {state: state_name(state, lang) for state in STATES},
        "period": periods,
    }
    columns = [
        Column(
            key,
            say(f"targets.column_{key}", lang),
            _KINDS[key],
            words=words.get(key, {}),
            decimals=_decimals(rows, key),
        )
        for key in _LISTED
        if not (paper and key in _ABOVE)
    ]
    return Listing(
        columns,
        rows[list(_LISTED)],
        title=progress_title(found, lang),
        subtitle=[elapsed_line(found, period, lang) for period in periods],
        footnotes=[
            say("targets.rule", lang),
            *(note.text(lang) for note in found.notes),
            *unknown_lines(laid_out(found, lang, SHOWN), lang),
        ],
    )


def _decimals(rows: pd.DataFrame, key: str) -> int:
    """Show amounts as whole numbers where all of them are."""
    if key not in {"achieved", "target", "left"}:
        return 2 if key == "percent" else _AMOUNT_DECIMALS
    return 0 if (rows[key].dropna() % 1 == 0).all() else 2


def spoken(found: Progress, lang: Language) -> pd.DataFrame:
    """Give every figure in words: what the terminal and the dashboard show.

    Returns
    -------
    DataFrame
        Rows as ``found.rows``; ``area``, ``indicator``, ``achieved``, ``target``, ``unit``, ``figure`` (the three in
        one), ``percent``, ``state``, ``expected``, ``needed`` as text, "–" where there is nothing to say.
    """
    return pd.DataFrame(
        {
            "area": [_area(row, lang) for row in found.rows.to_dict("records")],
            "indicator": found.rows["indicator"],
            "achieved": [_amount(value, lang) for value in found.rows["achieved"]],
            "target": [_amount(value, lang) for value in found.rows["target"]],
            "unit": found.rows["unit"],
            "figure": [_figure(row, lang) for row in found.rows.to_dict("records")],
            "percent": [_percent(row, lang) for row in found.rows.to_dict("records")],
            "state": [state_name(state, lang) for state in found.rows["state"]],
            "expected": [_expected(row, lang) for row in found.rows.to_dict("records")],
            "needed": [_needed(row, lang) for row in found.rows.to_dict("records")],
        },
        dtype="str",
    )


def _area(row: dict[Hashable, Any], lang: Language) -> str:
    return say("targets.sum_of", lang, area=row["area"], parts=row["parts"]) if row["parts"] else str(row["area"])


def _amount(value: float, lang: Language) -> str:
    return DASH if pd.isna(value) else format_exact(value, lang)


def _figure(row: dict[Hashable, Any], lang: Language) -> str:
    achieved, target = _amount(row["achieved"], lang), _amount(row["target"], lang)
    unit = row["unit"]
    if pd.isna(row["target"]):
        return say("targets.figure_alone", lang, achieved=achieved, unit=unit).strip()
    return say("targets.figure", lang, achieved=achieved, target=target, unit=unit).strip()


def _percent(row: dict[Hashable, Any], lang: Language) -> str:
    if row["grade"]:
        return say(f"targets.grade_{row['grade']}", lang)
    return DASH if pd.isna(row["percent"]) else format_reached(float(row["percent"]), lang)


def _expected(row: dict[Hashable, Any], lang: Language) -> str:
    if pd.isna(row["expected"]) or row["state"] == "no_target":
        return DASH
    return format_exact(round(float(row["expected"]), _AMOUNT_DECIMALS), lang)


def _needed(row: dict[Hashable, Any], lang: Language) -> str:
    """Say what each working day must bring, or each month where more than one is left."""
    if row["state"] not in {"on_pace", "behind", "not_begun"} or pd.isna(row["needed_per_day"]):
        return DASH
    key, each = ("day", "needed_per_day") if row["working_days_left"] <= _FEW_DAYS else ("month", "needed_per_month")
    return say(f"targets.needed_{key}", lang, each=format_exact(_enough(float(row[each])), lang))


def _enough(amount: float) -> float:
    """Round up to a tenth: who does what is told reaches the target."""
    return math.ceil(round(amount * 10, 6)) / 10


def recorded_line(found: Progress, lang: Language) -> str:
    """Say what the workspace itself knows, which is not part of any figure."""
    counts = [
        say(f"targets.recorded_{measure}", lang, count=count, period=period_name(period, lang))
        for period, measure, count in found.recorded.itertuples(index=False)
    ]
    return say("targets.recorded", lang, counts="; ".join(counts))


def addition_lines(
    found: Progress, planned: Intended, added: pd.DataFrame, lang: Language, *, on_page: bool = False
) -> list[str]:
    """Say what is planned would add, each number with the assumption it stands on; `on_page` asks for one there."""
    lines = []
    if planned.visits:
        within = [
            say("targets.visits_within", lang, count=count, period=period_name(period, lang))
            for period in dict.fromkeys(found.rows["period"])
            if (count := visits_within(planned, period))
        ]
        inside = "; ".join(within) or say("targets.visits_outside", lang)
        lines.append(say("targets.plan_visits", lang, visits=len(planned.visits), as_of=found.as_of, within=inside))
        if "visits" not in set(added["basis"]):
            lines.append(say("targets.no_per_visit_here" if on_page else "targets.no_per_visit", lang))
    lines += [_addition(row, lang) for row in added.to_dict("records")]
    return lines or [say("targets.plan_nothing", lang, as_of=found.as_of)]


def _addition(row: dict[Hashable, Any], lang: Language) -> str:
    counted = {"count": row["count"], "each": format_exact(row["each"], lang)}
    within = row["basis"] == "units" and row["period"]
    values = {
        "indicator": row["indicator"],
        "adds": format_exact(float(row["adds"]), lang),
        "unit": row["unit"],
        "basis": say("targets.basis_founded" if within else f"targets.basis_{row['basis']}", lang, **counted),
    }
    if not row["period"]:
        return say("targets.adds_no_period", lang, **values)
    values["period"] = period_name(str(row["period"]), lang)
    if pd.isna(row["percent_with"]):
        return say("targets.adds", lang, **values)
    return say(
        "targets.adds_with",
        lang,
        **values,
        achieved=format_exact(float(row["achieved"]), lang),
        target=format_exact(float(row["target"]), lang),
        total=format_exact(float(row["achieved"]) + float(row["adds"]), lang),
        percent_reached=float(row["percent_with"]),
    )


def laid_out(found: Progress, lang: Language, keys: Sequence[str]) -> Listing:
    """Give the figures in words as a listing of some of the columns of :func:`spoken`."""
    return Listing([Column(key, say(f"targets.column_{key}", lang)) for key in keys], spoken(found, lang))
