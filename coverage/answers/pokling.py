"""Where the Pokling goes next from a base, why, and why not elsewhere.

Each candidate village i gets a score from 0 to 100, the sum of four parts that are shown::

    score_i = 100 * (w_need * need_i + w_gap * gap_i + w_since * since_i + w_near * near_i) / sum(w)

    need_i   mean of population / largest population among candidates, the same of expected clients (from the
             safe table), and the vulnerability class (Aman 0, Siaga 1/3, Waspada 2/3, Bahaya 1); a village
             without one counts 0.5 there, and what is known of no candidate is left out; where the planner
             names Desa Bersinar, or villages that asked for a visit, being one counts 1, else 0
    gap_i    how far the nearest unit is beyond the cutoff: min(1, max(0, minutes - cutoff) / cutoff)
    since_i  days since the last visit / recovery days, at most 1; 1 where no visit is recorded
    near_i   1 - minutes from the base / longest one-way trip

A village is left out when the base stands in it, when it is not connected, farther than the longest
trip, or visited too recently.
"""

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from coverage.answers.gaps import gaps, no_units
from coverage.answers.study import Study
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.population import is_estimate
from coverage.places.schemas.visit_columns import LATEST
from coverage.places.schemas.vulnerability_columns import CLASSES
from coverage.places.units import find_unit
from coverage.places.villages import find_village
from coverage.places.visits import last_visits
from coverage.travel.network.graph import Network
from coverage.travel.od import Places, od_between
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, STATES, check_cutoff, within

BASE_KINDS = ("klinik BNNP", "klinik BNNK", "basis Pokling")
_NEUTRAL = 0.5
_HINT_STEP_MIN = 5.0
_MAX_TRAVEL_MIN = 7 * 24 * 60.0
_MAX_REST_DAYS = 3650
PARTS = ("need", "gap", "since", "near")


@dataclass(frozen=True)
class Rules:
    """What decides a ranking; weights are relative, times in minutes and days.

    ``bersinar`` and ``requests`` are kode of Desa Bersinar and of villages that asked for a visit.
    """

    weights: dict[str, float] = field(default_factory=lambda: {"need": 0.25, "gap": 0.40, "since": 0.20, "near": 0.15})
    cutoff_min: float = DEFAULT_CUTOFF_MIN
    max_travel_min: float = 180.0
    rest_days: int = 180
    recovery_days: int = 365
    bersinar: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()

    def check(self) -> None:
        """Check the rules.

        Raises
        ------
        InputError
            If a weight is negative or all are zero, or a time is not above zero, longer than a week, or a rest
            longer than ten years.
        """
        check_cutoff(self.cutoff_min)
        weights = [self.weights[part] for part in PARTS]
        if min(weights) < 0 or sum(weights) <= 0 or not all(map(math.isfinite, weights)):
            raise InputError(Message.of("pokling.bad_weights", value=", ".join(f"{weight:g}" for weight in weights)))
        for name, value in (("max-travel", self.max_travel_min), ("recovery-days", self.recovery_days)):
            if not value > 0 or not math.isfinite(value):
                raise InputError(Message.of("pokling.not_positive", name=name, value=value))
        if self.rest_days < 0:
            raise InputError(Message.of("pokling.negative", name="rest-days", value=self.rest_days))
        for name, value, limit in (
            ("max-travel", self.max_travel_min, _MAX_TRAVEL_MIN),
            ("rest-days", self.rest_days, _MAX_REST_DAYS),
        ):
            if value > limit:
                raise InputError(Message.of("pokling.too_large", name=name, value=value, limit=limit))


@dataclass(frozen=True)
class Ranking:
    """The answer of :func:`rank`.

    ``ranked``: candidates, best first, with ``rank``, ``travel_min``, ``travel_km``, ``ferry_legs`` (from the base),
    ``nearest_name``, ``nearest_min``, ``last_visit`` (NaT none), ``score`` and its parts ``score_need`` ...
    ``left_out``: every other village of the region with ``cause`` (base|not_connected|too_far|visited).
    """

    study: Study
    base: str
    as_of: dt.date
    rules: Rules
    ranked: pd.DataFrame
    left_out: pd.DataFrame

    def reasons(self, kode: str) -> tuple[Message, ...]:
        """Say in sentences why a candidate has its rank."""
        row: Any = self.ranked.loc[kode]
        said = [self._travel(row), self._nearest(row), self._visit(row)]
        if pd.notna(row["population"]):
            said.append(self._population(row))
        if row["vulnerability"]:
            said.append(Message.of("pokling.vulnerability", grade=row["vulnerability"]))
        if kode in self.rules.bersinar:
            said.append(Message.of("pokling.bersinar"))
        if kode in self.rules.requests:
            said.append(Message.of("pokling.requested"))
        return tuple(said)

    @property
    def hints(self) -> tuple[Message, ...]:
        """Say what would make the ranking tell more; where all are covered, only nearness is left to decide."""
        if self.ranked.empty or (self.ranked["gap_state"] != STATES[0]).any():
            return ()
        third = float(self.ranked["nearest_min"].max()) / 3
        smaller = max(_HINT_STEP_MIN, _HINT_STEP_MIN * round(third / _HINT_STEP_MIN))
        if within(self.rules.cutoff_min, smaller):
            return ()
        return (Message.of("pokling.hint_cutoff", cutoff_min=self.rules.cutoff_min, smaller_min=smaller),)

    def why(self, text: str) -> tuple[Message, ...]:
        """Say why a village (kode or name) stands where it does, or why it is left out.

        Raises
        ------
        InputError
            If the village is unknown, ambiguous or outside the region.
        """
        kode = find_village(text, self.study.region.code)
        name = f"{self.study.villages.loc[kode, 'name']!s} ({kode})"
        if kode in self.ranked.index:
            row: Any = self.ranked.loc[kode]
            head = Message.of(
                "pokling.why_ranked",
                name=name,
                rank=int(row["rank"]),
                candidates=len(self.ranked),
                score=round(float(row["score"]), 1),
                best=round(float(self.ranked["score"].iloc[0]), 1),
            )
            parts = Message.of("pokling.parts", **{part: round(float(row[f"score_{part}"]), 1) for part in PARTS})
            return (head, parts, *self._behind(row), *self.reasons(kode))
        row = self.left_out.loc[kode]
        return (self._left_out(name, row),)

    def _behind(self, row: Any) -> tuple[Message, ...]:
        """Say in which part the first candidate has the most more."""
        first: Any = self.ranked.iloc[0]
        if row["rank"] == 1:
            return ()
        more = {part: float(first[f"score_{part}"] - row[f"score_{part}"]) for part in PARTS}
        part = max(more, key=lambda name: more[name])
        return (
            Message.of(
                "pokling.behind",
                best=first["name"],
                ahead=round(float(first["score"] - row["score"]), 1),
                part=Message.of(f"pokling.part_{part}"),
                theirs=round(float(first[f"score_{part}"]), 1),
                ours=round(float(row[f"score_{part}"]), 1),
            ),
        )

    def _left_out(self, name: str, row: Any) -> Message:
        base = self.study.units.at[self.base, "name"]
        if row["cause"] == "base":
            return Message.of("pokling.out_base", name=name, base=base)
        if row["cause"] == "not_connected":
            return Message.of("pokling.out_not_connected", name=name, base=base, kode=str(row.name))
        if row["cause"] == "too_far":
            return Message.of(
                "pokling.out_too_far",
                name=name,
                base=base,
                travel_min=float(row["travel_min"]),
                limit_min=self.rules.max_travel_min,
            )
        day = row["last_visit"].date()
        return Message.of(
            "pokling.out_visited_latest" if row["date_precision"] == LATEST else "pokling.out_visited",
            name=name,
            day=day,
            days=(self.as_of - day).days,
            as_of=self.as_of,
            rest=self.rules.rest_days,
            again=day + dt.timedelta(days=self.rules.rest_days),
        )

    def _travel(self, row: Any) -> Message:
        key = "pokling.travel_ferry" if row["ferry_legs"] > 0 else "pokling.travel"
        return Message.of(
            key,
            base=self.study.units.at[self.base, "name"],
            travel_min=float(row["travel_min"]),
            travel_km=float(row["travel_km"]),
            ferries=int(row["ferry_legs"]),
        )

    def _nearest(self, row: Any) -> Message:
        inside = within(float(row["nearest_min"]), self.rules.cutoff_min)
        return Message.of(
            "pokling.nearest_inside" if inside else "pokling.nearest_beyond",
            unit=row["nearest_name"],
            nearest_min=float(row["nearest_min"]),
            cutoff_min=self.rules.cutoff_min,
        )

    def _population(self, row: Any) -> Message:
        source, persons = str(row["population_source"]), int(row["population"])
        if is_estimate(source):
            return Message.of("pokling.population", persons=persons)
        return Message.of("pokling.population_own", persons=persons, source=source)

    def _visit(self, row: Any) -> Message:
        if pd.isna(row["last_visit"]):
            return Message.of("pokling.never_visited")
        day = row["last_visit"].date()
        key = "pokling.visited_latest" if row["date_precision"] == LATEST else "pokling.visited"
        return Message.of(key, day=day, days=(self.as_of - day).days)


def default_base(study: Study) -> str:
    """Give the base to start from where only one unit of the region can be it.

    Raises
    ------
    InputError
        If there is none or more than one clinic of BNN or Pokling base in the region.
    """
    inside = study.units[study.units["in_region"] & study.units["kind"].isin(BASE_KINDS)]
    if inside.empty and int(study.units["in_region"].sum()) == 1:
        inside = study.units[study.units["in_region"]]
    if len(inside) == 1:
        return str(inside.index[0])
    if study.units.empty:
        raise no_units(study)
    offered = study.units if inside.empty else inside
    options = "; ".join(f"{id_} ({row['name']})" for id_, row in offered.iterrows()) or "-"
    raise InputError(Message.of("pokling.which_base", region=study.region.name, options=options))


def rank(study: Study, base: str | None = None, as_of: dt.date | None = None, *, rules: Rules | None = None) -> Ranking:
    """Rank the villages of a region for the next visit of the Pokling.

    Parameters
    ----------
    study
        A region made ready.
    base
        Id or name of the unit the team starts from; may be omitted where only one can be it. Lines that
        take no vehicles are not used.
    as_of
        The day of planning (default today); later visits have not happened yet.
    rules
        Weights, cutoff and limits.

    Raises
    ------
    InputError
        If the base is unknown or ambiguous, or a rule is out of range.
    """
    rules = rules or Rules()
    rules.check()
    as_of = as_of or dt.datetime.now(tz=dt.UTC).astimezone().date()
    start = default_base(study) if base is None else find_unit(study.units, base)
    report = gaps(study, rules.cutoff_min)
    table = study.villages[
        [
            "name", "kind", "district", "regency", "lat", "lon", "population", "population_source", "clients",
            "vulnerability",
        ]
    ].copy()  # fmt: skip
    travel = od_between(team_network(study), base_place(study, start), study.places(list(study.villages.index)))
    table["travel_min"], table["travel_km"] = travel.minutes[0], travel.km[0]
    table["ferry_legs"] = travel.ferry_legs[0]
    table["nearest_name"], table["nearest_min"] = report.villages["nearest_name"], report.villages["travel_min"]
    own = study.od.minutes[:, study.od.destinations.get_loc(start)]
    # Of units equally near, the base is the one the team knows.
    farther = ~np.isfinite(own) | (own > table["nearest_min"])
    table["nearest_name"] = table["nearest_name"].where(farther, str(study.units.at[start, "name"]))
    table["gap_state"] = report.villages["state"]
    last = last_visits(study.visits, as_of).reindex(table.index)
    table["last_visit"], table["date_precision"] = last["date"], last["date_precision"].fillna("")
    since_days = (pd.Timestamp(as_of) - table["last_visit"]).dt.days

    cause = pd.Series("", index=table.index, dtype="str")
    cause[since_days < rules.rest_days] = "visited"
    cause[~within(table["travel_min"].to_numpy(np.float64), rules.max_travel_min)] = "too_far"
    cause[~np.isfinite(table["travel_min"])] = "not_connected"
    cause[table.index == study.units.at[start, "kode"]] = "base"
    left_out = table[cause != ""].assign(cause=cause)
    ranked = table[cause == ""].copy()

    share = rules.weights
    total = sum(share[part] for part in PARTS)
    value = {
        "need": _need(ranked, rules),
        "gap": ((ranked["nearest_min"] - rules.cutoff_min) / rules.cutoff_min).clip(0, 1),
        "since": (since_days.reindex(ranked.index) / rules.recovery_days).clip(0, 1).fillna(1.0),
        "near": 1 - ranked["travel_min"] / rules.max_travel_min,
    }
    for part in PARTS:
        ranked[f"score_{part}"] = 100 * share[part] / total * value[part]
    ranked["score"] = ranked[[f"score_{part}" for part in PARTS]].sum(axis=1)
    ranked["kode_order"] = ranked.index
    ranked = ranked.sort_values(["score", "travel_min", "kode_order"], ascending=[False, True, True])
    ranked = ranked.drop(columns="kode_order")
    ranked.insert(0, "rank", np.arange(1, len(ranked) + 1))
    return Ranking(study, start, as_of, rules, ranked, left_out)


def _share_of_largest(amount: pd.Series) -> pd.Series | None:
    largest = amount.max()
    return amount / largest if pd.notna(largest) and largest > 0 else None


def _need(candidates: pd.DataFrame, rules: Rules) -> pd.Series:
    steps = {name: step / (len(CLASSES) - 1) for step, name in enumerate(CLASSES)}
    known = [
        _share_of_largest(candidates["population"]),
        _share_of_largest(candidates["clients"]),
        candidates["vulnerability"].map(steps).astype("float64") if (candidates["vulnerability"] != "").any() else None,
        *(_named(candidates, kode) for kode in (rules.bersinar, rules.requests)),
    ]
    parts = [part.fillna(_NEUTRAL) for part in known if part is not None]
    return pd.concat(parts, axis=1).mean(axis=1) if parts else pd.Series(_NEUTRAL, index=candidates.index)


def _named(candidates: pd.DataFrame, kode: tuple[str, ...]) -> pd.Series | None:
    return pd.Series(candidates.index.isin(kode), index=candidates.index).astype("float64") if kode else None


def team_network(study: Study) -> Network:
    """Give the network a team with a vehicle uses: lines that take none are not in it."""
    on_foot = {str(line) for line, row in study.ferries.iterrows() if row["vehicles"] == "no"}
    return study.network.without_ferries(on_foot)


def base_place(study: Study, base: str) -> Places:
    """Stand the base of a team on the network."""
    return study.unit_places([base])


def shortfall(ranking: Ranking) -> int:
    """Count the candidates that no unit covers within the cutoff."""
    return int((ranking.ranked["gap_state"] != STATES[0]).sum())


def sensitivity(ranking: Ranking, *, top: int = 10, change: float = 0.2) -> pd.DataFrame:
    """Tell which of the first candidates stay among them when each weight moves up and down.

    Parameters
    ----------
    ranking
        A ranking.
    top
        How many count as first.
    change
        Share by which one weight at a time moves, both ways.

    Returns
    -------
    DataFrame
        Index ``kode``, by rank: ``name``, ``district``, ``rank``, ``best_rank``, ``worst_rank`` over all changes,
        ``stays`` (in the first with every change); villages that come in with some change are listed too.
    """
    table = ranking.ranked
    parts = table[[f"score_{part}" for part in PARTS]].to_numpy()
    ranks = []
    for number in range(len(PARTS)):
        for factor in (1 - change, 1 + change):
            moved = parts.copy()
            moved[:, number] *= factor
            order = np.lexsort((table.index, table["travel_min"], -moved.sum(axis=1).round(9)))
            place = np.empty(len(table), dtype=np.int64)
            place[order] = np.arange(1, len(table) + 1)
            ranks.append(place)
    all_ranks = np.array([table["rank"].to_numpy(np.int64), *ranks])
    found = table[["name", "district", "rank"]].assign(
        best_rank=all_ranks.min(axis=0), worst_rank=all_ranks.max(axis=0)
    )
    found["stays"] = found["worst_rank"] <= top
    return found[found["best_rank"] <= top]
