"""Plain text for WhatsApp: numbered calls and map links, each message under 4 000 characters."""

from collections.abc import Sequence

from coverage.faces.files.itinerary import DaySheet, Itinerary, late_mark, night_mark
from coverage.faces.files.map_links import map_links
from coverage.faces.files.sources import PlanSource
from coverage.ground.quantities import format_date
from coverage.ground.texts import Language, say

__all__ = ["MOST_CHARACTERS", "message_bytes", "messages", "plan_message"]

MOST_CHARACTERS = 3_990
_CUT = "\n\n- - -\n\n"


def plan_message(plan: PlanSource, lang: Language) -> bytes:
    """Write a plan as messages."""
    return message_bytes(plan.itinerary, lang)


def messages(itinerary: Itinerary, lang: Language = "id") -> list[str]:
    """Give the messages: one if it fits, else as few as whole days allow.

    A day too long for one message is cut between its lines.
    """
    head = f"*{itinerary.title}*\n{say('plan.message_times', lang, zone=itinerary.zone_name)}"
    found = ["\n".join(filter(None, [head, itinerary.base_line]))]
    for block in (_day(sheet, lang) for sheet in itinerary.days):
        for piece in _pieces(block):
            joined = f"{found[-1]}\n\n{piece}"
            if len(joined) <= MOST_CHARACTERS:
                found[-1] = joined
            else:
                found.append(piece)
    return found


def message_bytes(itinerary: Itinerary, lang: Language = "id") -> bytes:
    """Write all messages into one text file, a line of dashes between them."""
    return (_CUT.join(messages(itinerary, lang)) + "\n").encode()


def _day(sheet: DaySheet, lang: Language) -> str:
    day = format_date(sheet.date, lang, weekday=True, short=True)
    lines = [f"*{say('plan.message_day', lang, day=day, team=sheet.team)}* {sheet.leave:%H.%M}-{sheet.back:%H.%M}"]
    lines += filter(None, [late_mark(sheet, lang)])
    lines += [f"{c.number}. {c.begin:%H.%M}-{c.departure:%H.%M} {c.spot.name}, {c.district}" for c in sheet.calls]
    lines += filter(None, [night_mark(sheet, lang)])
    return "\n".join([*lines, *map_links(sheet.way)])


def _pieces(block: str) -> Sequence[str]:
    if len(block) <= MOST_CHARACTERS:
        return [block]
    found = [""]
    for line in block.splitlines():
        joined = f"{found[-1]}\n{line}".strip()
        if len(joined) <= MOST_CHARACTERS:
            found[-1] = joined
        else:
            found.append(line)
    return found
