"""What must be said of polygons that lie elsewhere than their village, and of those that new ones replace."""

import pandas as pd

from coverage.ground import codes
from coverage.ground.texts import Message, listed

_DISTRICTS = 5


def named_places(places: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """Add ``name``, ``district`` and ``fits_name`` to ``kode`` and ``fits`` of what was compared."""
    listed_as = villages.reindex(places["kode"])
    return places.assign(
        name=listed_as["name"].to_numpy(),
        district=listed_as["district"].to_numpy(),
        fits_name=villages["name"].reindex(places["fits"]).fillna("").to_numpy(),
    )


def shuffled_note(shuffled: pd.DataFrame) -> Message:
    """Tell of every polygon of a shuffled kecamatan how far it lies, and where it would fit; none is left out."""
    which = [
        Message.of(
            "boundaries.shuffled_one" if row["fits"] else "boundaries.shuffled_stays",
            kode=row["kode"],
            name=row["name"],
            own_km=float(row["own_km"]),
            fits=row["fits_name"],
            far_km=float(row["far_km"]),
        )
        for row in shuffled.to_dict("records")
    ]
    kode = shuffled["kode"].map(lambda one: codes.ancestor(one, "district"))
    districts = (kode + " " + shuffled["district"]).drop_duplicates().tolist()
    return Message.of(
        "boundaries.note_shuffled", count=len(shuffled), districts=listed(districts, _DISTRICTS), which=which
    )


def replaced_note(replaced: pd.DataFrame, key: str = "boundaries.note_replaced") -> Message:
    """Tell how many polygons of which source are replaced."""
    return Message.of(key, count=len(replaced), which=replaced_sources(replaced))


def replaced_sources(replaced: pd.DataFrame) -> list[Message]:
    """Name the sources whose polygons are replaced, with their numbers."""
    return [
        Message.of(
            "boundaries.replaced_of", count=len(group), source=source, tier=Message.of(f"columns.boundary_{tier}")
        )
        for (source, tier), group in replaced.groupby(["source", "tier"])
    ]
