"""What kind each column of an answer's tables is, and how the columns of an office's tables are listed."""

from collections.abc import Mapping

from coverage.faces.words.columns import Column, Kind
from coverage.ground.texts import Language, say
from coverage.places.schemas.column import Column as TableColumn
from coverage.places.schemas.column import KindName, UnknownColumnError
from coverage.travel.reach import STATES

__all__ = ["column", "table_column"]

_KINDS: dict[str, Kind] = {
    "kode": "code",
    "nearest_unit": "code",
    "responsible_unit": "code",
    "id": "code",
    "unit": "code",
    "lat": "decimal",
    "lon": "decimal",
    "elevation_m": "decimal",
    "score": "decimal",
    "travel_min": "minutes",
    "nearest_min": "minutes",
    "responsible_min": "minutes",
    "before_min": "minutes",
    "after_min": "minutes",
    "cutoff_min": "minutes",
    "referral_min": "minutes",
    "travel_km": "km",
    "last_visit": "date",
    "centre": "code",
    "centre_min": "minutes",
}
_INTEGERS = frozenset(
    {
        *("rank", "row", "villages", *STATES, "units", "population", "population_covered", "other_unit_nearer"),
        *("ferry_legs", "villages_newly_covered", "population_newly_covered", "cost", "circuit"),
        *("best_rank", "worst_rank"),
    }
)
_TEXTS = frozenset(
    {
        *("name", "kind", "district", "regency", "province", "state", "nearest_name", "responsible_name"),
        *("responsible_state", "population_source", "vulnerability", "reasons", "before_state", "after_state"),
        *("before_unit", "after_unit", "referral_name", "stays", "case", "note", "key", "meaning", "source", "code"),
        *("proposal", "proposal_name", "reason", "from_place", "to_place", "departures", "days"),
    }
)
_STATE_OF = {
    "responsible_min": "responsible_state",
    "before_min": "before_state",
    "after_min": "after_state",
}
_DECIMALS = {"lat": 6, "lon": 6, "score": 1, "elevation_m": 0}


def column(key: str, lang: Language, *, state: str = "") -> Column:
    """Describe a column of the answers' tables in a language.

    Raises
    ------
    UnknownColumnError
        If no kind is written down for it: as text, numbers would be written as no number is.
    """
    if key not in _KINDS and key not in _INTEGERS and key not in _TEXTS:
        raise UnknownColumnError("answers", key)
    kind: Kind = "integer" if key in _INTEGERS else _KINDS.get(key, "text")
    words = {name: say(f"general.{name}", lang) for name in STATES} if key.endswith("state") else {}
    return Column(
        key,
        say(f"columns.{key}", lang),
        kind,
        state=state or _STATE_OF.get(key, ""),
        words=words,
        decimals=_DECIMALS.get(key, 2),
    )


_LISTED: Mapping[KindName, Kind] = {
    **dict.fromkeys(("text", "areas", "choice", "words", "contact", "hours", "weekdays"), "text"),
    **dict.fromkeys(("departures", "trip_days"), "text"),
    **dict.fromkeys(("code", "village", "reported_area"), "code"),
    **dict.fromkeys(("number", "degrees"), "decimal"),
    **dict.fromkeys(("whole", "year"), "integer"),
    **dict.fromkeys(("date", "past_date"), "date"),
}


def table_column(one: TableColumn, lang: Language) -> Column:
    """Describe a column of a table of an office in a language."""
    decimals = _DECIMALS.get(one.name, 2)
    return Column(one.name, say(f"columns.{one.name}", lang), _LISTED[one.kind], decimals=decimals)
