"""Page "Pokling berikutnya": where the mobile corner goes next, why, and why not elsewhere."""

import datetime as dt
from functools import partial

import streamlit as st

from coverage.answers.pokling import Ranking, Rules, rank, shortfall
from coverage.answers.study import Study
from coverage.faces.dashboard.shell import address, frame, panels, shared_answers
from coverage.faces.dashboard.shell.bases import base_name, bases_of
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.mapview import clicked_before, show_map
from coverage.faces.dashboard.shell.session import Entry, EntryPer, Slot
from coverage.faces.dashboard.shell.weights import ask_rest_days, ask_weights
from coverage.faces.files.sources import ListSource
from coverage.faces.maps.region_map import gap_map, ranking_map
from coverage.faces.words import answer_listings
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_duration
from coverage.ground.texts import Language, Message, say
from coverage.places.units import find_unit
from coverage.places.villages import find_village

_VILLAGE = EntryPer[str | None]("next-village-{region}")
_BASE = EntryPer[str | None]("base-{region}")
_DATE = Entry[dt.date | None]("date")
_MAP = "next-map"
_LIMIT = 10
_MOST = 99
_LONGEST_MIN = 1440
# The reasons say these, and need the room.
_HIDDEN = ("kode", "kind", "ferry_legs", "travel_km", "last_visit")


def page() -> None:
    """Show the page."""
    frame.show(_render)


def _render(view: View) -> None:
    lang = view.lang
    study = shared_answers.study(view)
    if study.units.empty:
        frame.write_address(view)
        frame.title(say("dashboard.next_no_units", lang, region=study.region.name), view)
        st.info(plain(say("dashboard.no_units", lang, region=study.region.name)))
        show_map(gap_map(shared_answers.gap_report(view), shared_answers.ground(view), lang), key=_MAP)
        panels.source_line(study, lang)
        return
    head = st.container()
    picked = _VILLAGE.of(view.region)
    frame.asked_here(view, picked, lambda text: find_village(text, view.region), name="village")
    base, day, limit, rules = _controls(view, study)
    village = _village_clicked(picked, study)
    frame.write_address(view, base=base, date=day.isoformat(), village=village or "")
    ranking = rank(study, base, day, rules=rules)
    with head:
        frame.title(answer_listings.ranking_title(ranking, lang), view)
        panels.neighbours(study, lang)
    _figures(ranking, lang)
    _map_and_why(ranking, view, limit, picked)
    listing = answer_listings.ranking_list(ranking, lang, limit=limit)
    hidden = _HIDDEN if study.region.level == "province" else (*_HIDDEN, "regency")
    panels.table(listing, lang, key="next-table", without=hidden)
    source = ListSource(
        listing,
        sheet=answer_listings.ranking_list(ranking, lang, limit=limit, printed=True),
        areas=partial(answer_listings.with_areas, listing, study),
    )
    panels.downloads(source, lang, name=f"pokling-{view.region}-{day.isoformat()}", study=study)
    causes = ranking.left_out["cause"].value_counts()
    counted = "; ".join(say(f"cli.left_{cause}", lang, villages=int(count)) for cause, count in causes.items())
    for note in (*listing.footnotes, say("dashboard.left_out_causes", lang, causes=counted or "-")):
        st.caption(plain(note))


def _controls(view: View, study: Study) -> tuple[str, dt.date, int, Rules]:
    lang = view.lang
    bases = bases_of(study)
    base_widget = _BASE.of(view.region)
    frame.asked_here(view, base_widget, lambda text: find_unit(study.units, text), name="base")
    frame.asked_for(_DATE, _read_day)
    if base_widget.get_or(bases[0]) not in (*bases, None):
        base_widget.put(bases[0])
    base_widget.first(bases[0])
    _DATE.first(dt.datetime.now(tz=dt.UTC).astimezone().date())
    # Names of units are long, and end with their kab/kota.
    wide, middle, narrow = st.columns([2, 1, 1])
    wide.selectbox(
        say("dashboard.base", lang),
        bases,
        index=None,
        format_func=lambda id_: base_name(study, id_),
        key=base_widget.key,
        persist_state="session",
    )
    middle.date_input(
        say("dashboard.day", lang), key=_DATE.key, value=None, format="DD/MM/YYYY", persist_state="session"
    )
    limit = narrow.number_input(say("dashboard.limit", lang), 1, _MOST, _LIMIT, key="limit", persist_state="session")
    rules = _rules(view)
    frame.stop_if_refused(base_widget)
    frame.stop_if_refused(_DATE)
    base, day = base_widget.get(), _DATE.get()
    if base is None or day is None:
        raise InputError(Message.of("dashboard.choose_base_and_day"))
    return base, day, int(limit), rules


def _rules(view: View) -> Rules:
    lang = view.lang
    usual = Rules(cutoff_min=view.cutoff_min)
    with st.expander(say("dashboard.rules", lang)):
        st.caption(plain(say("dashboard.rules_about", lang)))
        columns = st.columns(2)
        weights = ask_weights(columns, lang)
        longest = columns[0].number_input(
            say("dashboard.max_travel", lang),
            15,
            _LONGEST_MIN,
            int(usual.max_travel_min),
            step=15,
            key="max-travel",
            persist_state="session",
        )
        rest = ask_rest_days(columns[1], lang)
    return Rules(
        weights=weights,
        cutoff_min=view.cutoff_min,
        max_travel_min=float(longest),
        rest_days=rest,
    )


def _figures(ranking: Ranking, lang: Language) -> None:
    candidates = len(ranking.ranked)
    shown = []
    if candidates:
        first = ranking.ranked.iloc[0]
        shown.append(
            panels.Figure(
                say("dashboard.first_travel", lang),
                format_duration(first["travel_min"], lang),
                say("dashboard.first_score", lang, score=round(float(first["score"]), 1)),
            )
        )
    shown += [
        panels.count_figure(say("dashboard.candidates", lang), candidates, len(ranking.study.villages), lang),
        panels.count_figure(say("dashboard.uncovered", lang), shortfall(ranking), candidates, lang),
        panels.count_figure(say("dashboard.left_out", lang), len(ranking.left_out), len(ranking.study.villages), lang),
    ]
    panels.figures(shown)


def _village_clicked(picked: Slot[str | None], study: Study) -> str | None:
    """Take the village that was clicked on the map as the one that is told of, and give that one."""
    click = clicked_before(_MAP)
    if click is not None and click.id in study.villages.index:
        picked.put(click.id)
    address.send(picked)
    return picked.get()


def _map_and_why(ranking: Ranking, view: View, limit: int, picked: Slot[str | None]) -> None:
    lang = view.lang
    names = shared_answers.village_names(view)
    wide, narrow = st.columns([2, 1])
    with narrow:
        chosen = st.selectbox(
            say("dashboard.why", lang),
            list(names),
            index=None,
            format_func=names.__getitem__,
            key=picked.key,
            placeholder=say("dashboard.village_choose", lang),
            help=say("dashboard.why_help", lang),
        )
        frame.stop_if_refused(picked)
        explained = chosen or (str(ranking.ranked.index[0]) if len(ranking.ranked) else None)
        if explained is not None:
            with st.container(border=True):
                panels.sentences(ranking.why(explained), lang)
    with wide:
        drawn = ranking_map(ranking, shared_answers.ground(view), lang, limit=limit, selected=chosen)
        show_map(drawn, key=_MAP)
        panels.source_line(ranking.study, lang)


def _read_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(Message.of("dashboard.bad_day", value=text)) from None
