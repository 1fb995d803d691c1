"""Units a team may start from, as a page offers them."""

from coverage.answers.pokling import BASE_KINDS
from coverage.answers.study import Study


def base_name(study: Study, id_: str) -> str:
    """Name a unit and its kab/kota."""
    name, regency = str(study.units.at[id_, "name"]), str(study.units.at[id_, "regency"])
    return f"{name}, {regency}" if regency else name


def bases_of(study: Study) -> list[str]:
    """List the units a team may start from, the clinics of BNN in the region first."""
    units = study.units
    likely = units["in_region"] & units["kind"].isin(BASE_KINDS)
    return [
        str(id_)
        for id_ in [*units.index[likely], *units.index[~likely & units["in_region"]], *units.index[~units["in_region"]]]
    ]
