"""A plan as Markdown says what the plan says to another reader of Markdown, whatever signs its names hold."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from coverage.faces.files.itinerary import Call, DaySheet, Itinerary, Spot, day_names, day_sum
from coverage.faces.files.markdown_file import markdown_bytes

ZONE = ZoneInfo("Asia/Makassar")
SIGNS = list("|*_#<>&`[]()!~\\-+=$.\"'1a é:\n\t{}")
NAMES = st.text(st.sampled_from(SIGNS), min_size=1, max_size=12).filter(str.strip)
# What a name must not become.
KNOWN = {"heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td"}
MOST = settings(max_examples=150, deadline=None)


def at(hour, minute=0):
    return dt.datetime(2026, 12, 1, hour, minute, tzinfo=ZONE)


def paper(names, *, title="Judul", home=True, late_min=0):
    base = Spot(names[0], -3.98, 122.5)
    times = (at(9), at(9, 5), at(11))
    calls = tuple(
        Call(number, f"74.71.01.100{number}", Spot(name, -3.9, 122.5), name, "Kendari", *times, 35, 12.5, 0)
        for number, name in enumerate(names, start=1)
    )
    end = base if home else calls[-1].spot
    day = DaySheet(dt.date(2026, 12, 1), 1, base, end, at(8), at(16), home, calls, 70, 25.0, 1, 0, 0.0, 0, (), late_min)
    still = DaySheet(dt.date(2026, 12, 2), 2, base, base, at(8), at(9), True, (), 0, 0.0, 0, 0, 0.0, 0)
    return Itinerary(
        title, names, base, "Asia/Makassar", "WITA", dt.date(2026, 11, 30), (day, still), "kunci", (), tuple(names)
    )


def read(content):
    """Read Markdown as another program does: kinds of blocks, and the texts of each kind."""
    found = {}
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(content.decode("utf-8"))
    kinds = {token.type.removesuffix("_open") for token in tokens if token.type.endswith("_open")}
    kinds |= {token.type for token in tokens if token.type in {"hr", "fence", "code_block", "html_block"}}
    around = []
    for token in tokens:
        if token.nesting == 1:
            around.append(token)
        elif token.nesting == -1:
            around.pop()
        if token.type == "inline":
            assert {part.type for part in token.children} <= {"text", "text_special"}, token.content
            text = "".join(part.content for part in token.children)
            found.setdefault(
                around[-1].tag if around[-1].type != "paragraph_open" or len(around) == 1 else "li", []
            ).append(text)
    return kinds, found


def line(text):
    return " ".join(text.split())


@MOST
@given(st.lists(NAMES, min_size=1, max_size=4), NAMES, st.booleans())
@example(["# Desa"], "Judul #", False)
@example(
    ["a|b", "\\|", "\\", "*a*", "_a_", "<b>a</b>", "&amp;", "---", "1. a", "1) a", "+ a", "===", "~~a~~"], "- a", True
)
def test_names_stay_text_and_stand_where_they_belong(names, title, home):
    made = paper(names, title=title, home=home)
    kinds, found = read(markdown_bytes(made))
    assert kinds <= KNOWN
    assert found["h1"] == [line(title)]
    assert found["h2"] == [line(name) for name in day_names(made, "id")]
    assert len(found["th"]) == 8
    rows = [found["td"][start : start + 8] for start in range(0, len(found["td"]), 8)]
    calls = made.days[0].calls
    assert [(row[0], row[1], row[3], row[4]) for row in rows] == [
        (str(call.number), line(f"{call.spot.name} ({call.kode})"), "09.05", "11.00") for call in calls
    ]
    assert [row[2] for row in rows] == [line(f"{call.district}, {call.regency}") for call in calls]
    sums = [line(day_sum(day, "WITA", "id")) for day in made.days]
    assert found["p"] == [*map(line, names), *sums]
    assert found["li"] == [line(name) for name in names]


def test_a_day_that_is_too_long_and_a_night_away_are_told():
    kinds, found = read(markdown_bytes(paper(["Kadia", "Bende"], home=False, late_min=25)))
    assert "25 mnt" in found["h2"][0]
    assert "25 mnt" not in found["h2"][1]
    assert any("Menginap di sekitar Bende" in text for text in found["p"])
    assert "table" in kinds
