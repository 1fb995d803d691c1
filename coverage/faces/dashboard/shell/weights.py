"""The weights and the rest of a ranking, asked the same way, and with the same memory, wherever villages are ranked."""

from collections.abc import Sequence

from streamlit.delta_generator import DeltaGenerator

from coverage.answers.pokling import PARTS, Rules
from coverage.ground.texts import Language, say

_PERCENT = 100
_LONGEST_REST_DAYS = 3650


def ask_weights(columns: Sequence[DeltaGenerator], lang: Language) -> dict[str, float]:
    """Show a slider for each part of the score, by turns in the columns."""
    usual = Rules().weights
    return {
        part: columns[place % len(columns)].slider(
            say(f"dashboard.weight_{part}", lang),
            0,
            _PERCENT,
            round(usual[part] * _PERCENT),
            step=5,
            key=f"weight-{part}",
            persist_state="session",
        )
        / _PERCENT
        for place, part in enumerate(PARTS)
    }


def ask_rest_days(column: DeltaGenerator, lang: Language) -> int:
    """Ask after how many days a village may be visited again."""
    return int(
        column.number_input(
            say("dashboard.rest_days", lang),
            0,
            _LONGEST_REST_DAYS,
            Rules().rest_days,
            step=30,
            key="rest-days",
            persist_state="session",
        )
    )
