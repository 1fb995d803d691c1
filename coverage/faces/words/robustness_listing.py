"""Regret tables with labels and words, shared by the command line and the dashboard."""

import numpy as np
import pandas as pd

from coverage.answers.siting.robustness import Robustness
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.ground.quantities import format_number, format_percent
from coverage.ground.texts import Language, say

__all__ = ["regret_list", "regret_title"]


def regret_title(found: Robustness, lang: Language) -> str:
    """Say what the numbers are."""
    return say(found.proposal.model.reading.title, lang)


def regret_list(found: Robustness, lang: Language) -> Listing:
    """Lay the sets side by side, a row a case; the last row is the largest regret of each."""
    sets = range(found.values.shape[1])
    rows = [
        {"case": case.text(lang)} | {f"set_{rank + 1}": _cell(found, number, rank, lang) for rank in sets}
        for number, case in enumerate(found.cases)
    ]
    last = {f"set_{rank + 1}": format_percent(float(found.largest[rank]), lang) for rank in sets}
    rows.append({"case": say("siting.robustness_largest", lang)} | last)
    labels = [Column(f"set_{rank + 1}", say("siting.robustness_set", lang, rank=rank + 1)) for rank in sets]
    return Listing(
        [answer_listings.column("case", lang), *labels],
        pd.DataFrame(rows),
        title=found.advice.text(lang),
        subtitle=(regret_title(found, lang),),
        footnotes=(say("siting.note_regret", lang),),
    )


def _cell(found: Robustness, case: int, rank: int, lang: Language) -> str:
    value, regret = float(found.values[case, rank]), float(found.regret[case, rank])
    shown = format_number(value, lang, decimals=found.proposal.model.reading.decimals)
    cut_off = float(found.cut_off[case, rank])
    if np.nansum(found.cut_off) > 0:
        shown = say("siting.robustness_cut_off", lang, value=shown, cut_off=cut_off)
    return f"{shown} ({format_percent(regret, lang)})"
