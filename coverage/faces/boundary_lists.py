"""What is unsure about a boundary file, as a table to decide on: shared by command and dashboard."""

from coverage.faces import listings
from coverage.faces.reports.columns import Listing
from coverage.ground.texts import Language, say
from coverage.places.boundaries.own_file import OwnFile
from coverage.places.villages import load_villages

_KEYS = ("row", "code", "name", "district", "proposal", "proposal_name", "reason", "kode")


def unsure_list(own: OwnFile, lang: Language) -> Listing:
    """List the polygons that are unsure, each with a proposal; the column ``kode`` is for the decision."""
    table = own.rows[own.rows["how"] == "unsure"].copy()
    names = load_villages()["name"]
    table["proposal_name"] = names.reindex(table["proposal"]).fillna("").to_numpy()
    table["reason"] = [say(f"boundaries.reason_{reason}", lang) for reason in table["reason"]]
    table["kode"] = ""
    return Listing([listings.column(key, lang) for key in _KEYS], table[list(_KEYS)].reset_index(drop=True))
