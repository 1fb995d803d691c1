"""The figures by which scenarios are compared: for the region, by kab/kota, by vulnerability class."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from coverage.answers.access import PER_PEOPLE, floating_catchment, people_of, steps
from coverage.answers.equity import gini, worst_tenth
from coverage.answers.gaps import GapReport
from coverage.ground import codes
from coverage.ground.geometry import FloatArray
from coverage.travel.reach import within

__all__ = ["COUNTED_MIN", "MEASURES", "PARTS", "figures"]

COUNTED_MIN = (30, 60, 90, 120)
"""Minutes, inclusive, within which people and villages are counted."""

PARTS = ("region", "regency", "vulnerability")

MEASURES = (
    *("villages", "people"),
    *("people_30", "people_60", "people_90", "people_120"),
    *("villages_30", "villages_60", "villages_90", "villages_120"),
    *("not_connected_villages", "not_connected_people"),
    *("mean_min", "worst_min", "worst_tenth_min", "access", "gini"),
)


def figures(report: GapReport, weights: Sequence[float]) -> pd.DataFrame:
    """Count and sum up a region and its parts.

    Parameters
    ----------
    report
        Whose minutes to the nearest unit are counted; its cutoff is that of the catchments of E2SFCA.
    weights
        Of the bands of E2SFCA.

    Returns
    -------
    DataFrame
        Columns ``part`` (one of :data:`PARTS`), ``kode`` (of the region or kab/kota; the class, "" where none is
        known), ``name``, ``measure`` (one of :data:`MEASURES`), ``value`` (NaN: not known or not defined).

        Minutes are means over people that are connected; those who are not are counted apart and no number of
        minutes. ``worst_tenth_min``: the tenth of people with the longest journeys. ``access``: mean units within
        reach per 100 000 people (E2SFCA, every unit counts one); ``gini`` tells how unevenly it is shared, those
        without access included.
    """
    villages = report.villages
    known = villages["population"].notna().any()
    weight = people_of(report.study)
    minutes = villages["travel_min"].to_numpy(np.float64)
    access = _access(report, weight, weights)
    rows = []
    for part, kode, name, inside in _parts(report):
        values = _measures(minutes[inside], weight[inside], access[inside], people_known=bool(known))
        rows += [(part, kode, name, measure, values[measure]) for measure in MEASURES]
    return pd.DataFrame(rows, columns=["part", "kode", "name", "measure", "value"])


def _access(report: GapReport, weight: FloatArray, weights: Sequence[float]) -> FloatArray:
    supply = np.ones(len(report.study.units))
    access, _ = floating_catchment(report.study.od.minutes, weight, supply, steps(report.cutoff_min, weights))
    return access * PER_PEOPLE


def _parts(report: GapReport) -> Iterator[tuple[str, str, str, "np.ndarray"]]:
    villages, region = report.villages, report.study.region
    yield "region", region.code, region.name, np.ones(len(villages), dtype=bool)
    regency = np.asarray(villages.index.str[: codes.LENGTH_OF["regency"]])
    for kode in sorted(set(regency)):
        inside = regency == kode
        yield "regency", str(kode), str(villages["regency"].to_numpy()[inside][0]), inside
    classes = villages["vulnerability"].to_numpy()
    for name in sorted(set(classes)):
        yield "vulnerability", str(name), str(name), classes == name


def _measures(
    minutes: FloatArray, weight: FloatArray, access: FloatArray, *, people_known: bool
) -> dict[str, float | None]:
    def people(inside: "np.ndarray") -> float | None:
        return float(round(weight[inside].sum())) if people_known else None

    connected = np.isfinite(minutes)
    counted = connected & (weight > 0)
    near, by = minutes[counted], weight[counted]
    everybody = float(weight.sum())
    return {
        "villages": float(len(minutes)),
        "people": people(np.ones(len(minutes), dtype=bool)),
        **{f"people_{most}": people(within(minutes, most)) for most in COUNTED_MIN},
        **{f"villages_{most}": float(within(minutes, most).sum()) for most in COUNTED_MIN},
        "not_connected_villages": float((~connected).sum()),
        "not_connected_people": people(~connected),
        "mean_min": float(near @ by / by.sum()) if counted.any() else None,
        "worst_min": float(minutes[connected].max()) if connected.any() else None,
        "worst_tenth_min": worst_tenth(near, by),
        "access": float(access @ weight / everybody) if everybody > 0 else None,
        "gini": gini(access, weight),
    }
