"""What is unsure about a boundary file, as a table to decide on: shared by command and dashboard."""

import pandas as pd

from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.ground.texts import Language, say
from coverage.places.boundaries.official import FetchReport
from coverage.places.boundaries.own_file import OwnFile
from coverage.places.villages import load_villages

_KEYS = ("row", "code", "name", "district", "proposal", "proposal_name", "reason", "kode")


def unsure_list(own: OwnFile, lang: Language) -> Listing:
    """List the polygons that are unsure, each with a proposal; the column ``kode`` is for the decision."""
    table = own.rows[own.rows["how"] == "unsure"].copy()
    return _listing(table, _KEYS, lang)


def fault_list(own: OwnFile, lang: Language) -> Listing:
    """List every row that is not stored or was decided against its code or name, with the reason."""
    table = own.rows[own.rows["how"].isin(["unsure", "unmatched", "left_out"]) | (own.rows["reason"] != "")].copy()
    table["reason"] = table["reason"].where(table["reason"] != "", table["how"])
    table.loc[(table["reason"] == "unmatched") & table["elsewhere"], "reason"] = "outside"
    taken = table["kode"].where(table["kode"] != "", table["proposal"])
    return _listing(table.assign(proposal=taken), _KEYS[:-1], lang)


def shuffled_list(report: FetchReport, lang: Language) -> Listing:
    """List the official polygons that are not used, each with the village that it fits; ``kode`` is to be filled in."""
    table = report.shuffled.rename(columns={"source_kode": "code", "fits": "proposal"})
    return _listing(table.drop(columns="kode").assign(reason="shuffled"), _KEYS[1:], lang)


def _listing(table: pd.DataFrame, keys: tuple[str, ...], lang: Language) -> Listing:
    names = load_villages()["name"]
    table["proposal_name"] = names.reindex(table["proposal"]).fillna("").to_numpy()
    table["reason"] = [say(f"boundaries.reason_{reason}", lang) for reason in table["reason"]]
    table["kode"] = ""
    return Listing([answer_listings.column(key, lang) for key in keys], table[list(keys)].reset_index(drop=True))
