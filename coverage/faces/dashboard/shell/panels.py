"""What pages are put together from: figures, tables, downloads, notes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from coverage.answers.gaps import GapReport
from coverage.answers.study import Study
from coverage.faces.dashboard.shell import frame
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.logged_exports import note_export
from coverage.faces.files.sources import ListSource
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.faces.words.travel_listings import road_source
from coverage.faces.words.unknowns import DASH, unknown_lines
from coverage.ground.quantities import format_date, format_duration, format_number, format_percent
from coverage.ground.registry import entries
from coverage.ground.texts import Language, Message, say
from coverage.places.roles import acting, who
from coverage.places.workspace import doing
from coverage.travel.reach import STATES

_STANDS_ON = ("villages", "land")
_FEW_NOTES = 2
_ROW_PX = 35
_TALL_ROW_PX = 104
_MOST_ROWS = 14
_LONG_TABLE = 300


@dataclass(frozen=True)
class Figure:
    """One number with its name; `more` stands beneath, such as a share or a difference."""

    label: str
    value: str
    more: str | None = None
    better: bool | None = None


def figures(shown: Iterable[Figure]) -> None:
    """Show three or four numbers in a row that wraps on a phone."""
    with st.container(horizontal=True, gap="small"):
        for one in shown:
            st.metric(
                plain(one.label),
                one.value,
                delta=one.more,
                # Streamlit takes every difference that does not start with an ASCII hyphen for a gain.
                delta_color="off" if one.better is None else "normal" if one.better else "inverse",
                delta_arrow="off",
                border=True,
                width="stretch",
            )


def count_figure(label: str, count: int, total: int, lang: Language) -> Figure:
    """Show a count and its share of a total."""
    share = format_percent(count / total, lang) if total else None
    return Figure(label, format_number(count, lang), share)


def persons_figure(covered: object, total: object, lang: Language) -> Figure:
    """Show persons covered and their share; not known where no population is."""
    label = say("dashboard.population_covered", lang)
    if not isinstance(covered, int | float) or not isinstance(total, int | float) or not total:
        return Figure(label, say("general.unknown", lang), say("dashboard.population_to_import", lang))
    return Figure(label, format_number(covered, lang), format_percent(covered / total, lang))


def neighbours(study: Study, lang: Language) -> None:
    """Say whose units answer for a region without its own, and lead to where its own are entered."""
    said = answer_listings.first_notes(study, lang)
    if said:
        text, way = st.columns([7, 2], vertical_alignment="center")
        text.warning(plain(" ".join(said)))
        with way:
            frame.link("data", lang, tab="import")


def gap_figures(report: GapReport, lang: Language) -> None:
    """Show how many villages are in each state; where no unit is, none of these is a finding."""
    summary: dict[str, Any] = report.summary()
    if report.study.units.empty:
        villages = Figure(say("dashboard.village", lang), format_number(summary["villages"], lang))
        figures([villages, *(Figure(say(f"columns.{state}", lang), DASH) for state in STATES)])
        return
    states = [
        count_figure(say(f"columns.{state}", lang), summary[state], summary["villages"], lang) for state in STATES
    ]
    figures([*states, persons_figure(summary["population_covered"], summary["population"], lang)])


def readable(listing: Listing, lang: Language, *, without: Sequence[str] = (), to_sort: bool = True) -> pd.DataFrame:
    """Turn a listing into words for the screen; `to_sort` adds minutes as a number, empty where not connected."""
    shown: dict[str, object] = {}
    for column in listing.columns:
        if column.key in without or column.kind == "box":
            continue
        cells = listing.frame[column.key]
        if column.kind == "minutes":
            shown[column.label] = _spelled(cells, lambda value: format_duration(value, lang))
            if to_sort:
                finite = cells.astype("float64").replace(np.inf, np.nan).round()
                shown[say("reports.minutes_of", lang, label=column.label)] = finite.to_numpy()
        elif column.kind == "km":
            shown[column.label] = cells.astype("float64").replace(np.inf, np.nan).round(1).to_numpy()
        elif column.kind == "date":
            words = {day: format_date(day.date(), lang) for day in cells.unique() if not pd.isna(day)}
            shown[column.label] = [words.get(day, "") for day in cells]
        elif column.words:
            shown[column.label] = [column.words.get(cell, cell) for cell in cells]
        else:
            shown[column.label] = _rounded(column, cells)
    return pd.DataFrame(shown)


def _spelled(minutes: "pd.Series[float]", spell: Callable[[float], str]) -> list[str]:
    whole = minutes.astype("float64").round()
    words = {value: spell(float(value)) for value in whole.unique() if not pd.isna(value)}
    return [words.get(value, "") for value in whole]


def _rounded(column: Column, cells: "pd.Series[float]") -> object:
    return cells.round(column.decimals).to_numpy() if column.kind == "decimal" else cells.to_numpy()


def table(listing: Listing, lang: Language, *, key: str, without: Sequence[str] = ()) -> None:
    """Show a listing, numbers with the reader's separators; sentences are broken into lines."""
    long = next((column.label for column in listing.columns if column.key == "reasons"), None)
    frame = _words_once(readable(listing, lang, without=without, to_sort=long is None))
    row_px = _ROW_PX if long is None else _TALL_ROW_PX
    st.dataframe(
        frame,
        hide_index=True,
        placeholder=DASH,
        key=key,
        height=row_px * min(max(len(frame), 1), _MOST_ROWS * _ROW_PX // row_px) + _ROW_PX + 3,
        row_height=row_px,
        column_config={
            **{
                label: st.column_config.NumberColumn(format="localized")
                for label in frame.columns
                if pd.api.types.is_numeric_dtype(frame[label])
            },
            # Categories would look like something to choose from.
            **{
                label: st.column_config.TextColumn()
                for label in frame.columns
                if isinstance(frame[label].dtype, pd.CategoricalDtype)
            },
            **({long: st.column_config.TextColumn(width=340)} if long else {}),
        },
    )
    lines(unknown_lines(listing, lang, [column.key for column in listing.columns if column.key not in without]))


def lines(said: Iterable[str]) -> None:
    """Show what a reader must know of what stands above, each on a line of its own."""
    for line in said:
        st.caption(plain(line))


def word_table(columns: dict[str, Any], lang: Language) -> None:
    """Show columns of words by their names in the catalogue."""
    st.dataframe(
        pd.DataFrame({say(f"dashboard.column_{name}", lang): list(cells) for name, cells in columns.items()}),
        hide_index=True,
    )


def _words_once(frame: pd.DataFrame) -> pd.DataFrame:
    """Send words that repeat in a long table once: as text, each row of a province would carry its kab/kota anew."""
    if len(frame) < _LONG_TABLE:
        return frame
    texts = [label for label in frame.columns if pd.api.types.is_string_dtype(frame[label])]
    repeated = [label for label in texts if frame[label].nunique() * 2 < len(frame)]
    return frame.astype(dict.fromkeys(repeated, "category"))


def downloads(source: ListSource, lang: Language, *, name: str, what: str = "", study: Study | None = None) -> None:
    """Offer a listing as files; each is made, and logged where it rests on client origins, when it is asked for.

    Parameters
    ----------
    name
        Of the files, without ending.
    what
        What they hold, said on the buttons where a page has several lists.
    study
        What the listing was computed from.
    """
    with st.container(horizontal=True, gap="small"):
        for file_name, one in FORMATS.offered("list", source, name).items():
            make = partial(one.make, source, lang)
            made = make if study is None else _logged(make, study, one.ending, len(source.listing.frame))
            _button(_of(say(one.label_of(source), lang), what), file_name, one.mime, made)


def offer(label: str, make: Callable[[], bytes], *, file_name: str, mime: str, study: Study) -> None:
    """Offer a file about a region; it is logged where it rests on client origins."""
    ending = file_name.rpartition(".")[2]
    _button(label, file_name, mime, _logged(make, study, ending, len(study.villages)))


def _logged(make: Callable[[], bytes], study: Study, ending: str, rows: int) -> Callable[[], bytes]:
    """Log a file that rests on client origins as it is made; who asks on which page is known now, not then."""
    command, person = f"{doing()} {ending}", who()

    def made() -> bytes:
        content = make()
        with acting(person):
            note_export(study, None, command=command, rows=rows)
        return content

    return made


def _of(file: str, what: str) -> str:
    return f"{file}: {what}" if what else file


def _button(label: str, file_name: str, mime: str, made: Callable[[], bytes]) -> None:
    st.download_button(label, made, file_name=file_name, mime=mime, key=f"download-{file_name}", on_click="ignore")


def source_line(study: Study, lang: Language) -> None:
    """Say beneath a map which tiers and sources it stands on."""
    known = entries()
    shipped = [f"{known[name].attribution}, {known[name].version}" for name in _STANDS_ON]
    sources = "; ".join([*shipped, *(road_source(source, lang) for source in study.roads.sources)])
    st.caption(plain(f"{answer_listings.tiers(study, lang)} {say('dashboard.sources', lang, sources=sources)}"))


def notes(messages: Sequence[Message], lang: Language, *, label: str) -> None:
    """Show what a reader must know; folded away where there is much of it."""
    said = [message.text(lang) for message in messages]
    place = st.expander(label) if len(said) > _FEW_NOTES else st.container()
    with place:
        for sentence in said:
            st.markdown("- " + plain(sentence))


def sentences(messages: Iterable[Message], lang: Language) -> None:
    """Show sentences that may hold a name from an upload, each on its line."""
    st.markdown("  \n".join(plain(message.text(lang)) for message in messages))
