"""What every page shares: the sidebar, the address in the browser, the title, and how an error is shown."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from coverage.answers.study import regions
from coverage.faces.dashboard.office import signed_in
from coverage.faces.dashboard.shell import address, browser, memory, saved_work, travel_choices
from coverage.faces.dashboard.shell.session import Entry, Slot
from coverage.faces.dashboard.shell.turns import turn
from coverage.ground import codes, machine_faults, notices
from coverage.ground.errors import InputError, PlannerError
from coverage.ground.texts import LANGUAGES, Language, Message, say
from coverage.places.roles import acting
from coverage.places.villages import find_region
from coverage.places.workspace import noted
from coverage.travel.network.ferry_choices import USUAL, TravelChoices
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, check_cutoff

STATIC = Path(__file__).resolve().parents[4] / "static"
DEFAULT_REGION = "74"
LANG = Entry[Language]("lang")
REGION = Entry[str | None]("region")
CUTOFF = Entry[float | None]("cutoff")
REGION_IS_CHOSEN = Entry[bool]("region-chosen")
"""Whether the region is the reader's own choice."""
GUIDE = Entry[str]("guide")
"""What became of the guide of the first minute; the browser remembers it, too."""
_PAGES = Entry[dict[str, Any]]("pages")
_BOATS_NEAR = Entry[frozenset[str]]("boats-near")
_P = ParamSpec("_P")
_T = TypeVar("_T")
_MARKUP = re.compile(r"[\\`*_\[\]<>$~|^&]|:(?=[\w/])|^[#+=-]|^(\d+)[.)](?=\s)", re.MULTILINE)


@dataclass(frozen=True)
class View:
    """What is looked at: language, region (checked kode), cutoff in minutes, how one travels, ferries in reach."""

    lang: Language
    region: str
    cutoff_min: float
    choices: TravelChoices = USUAL
    boats: frozenset[str] = frozenset()

    @property
    def region_name(self) -> str:
        """Name of the region."""
        return find_region(self.region).name


def plain(text: str) -> str:
    r"""Escape what Streamlit would take for markup: names come from uploads, and an image would be fetched.

    Examples
    --------
    >>> print(plain("KM ![x](http://a/b) *A* :red[b]"))
    KM !\[x\](http\://a/b) \*A\* \:red\[b\]
    """
    lines = (
        _MARKUP.sub(lambda found: found.group()[:-1] + "\\" + found.group()[-1], line) for line in text.split("\n")
    )
    return "  \n".join(line.strip() for line in lines)


@contextmanager
def showing_errors(lang: Language) -> Iterator[None]:
    """Show what a user can mend as sentences, one a line; anything else is a bug."""
    try:
        yield
    except PlannerError as error:
        st.error(plain(error.text(lang)))
    except (OSError, MemoryError) as error:
        if not machine_faults.is_of_the_machine(error):
            raise
        st.error(plain(machine_faults.stopped(error).text(lang)))
    for notice in notices.take():
        st.caption(plain(notice.text(lang)))


def language() -> Language:
    """Give the language of this session: chosen, else asked for in the address, else Bahasa Indonesia."""
    address.note_address()
    address.restore([LANG])
    asked = LANG.get() or address.asked("lang") or browser.remembered("lang")
    known: Language = next((lang for lang in LANGUAGES if lang == asked), LANGUAGES[0])
    if asked != LANG.get():
        LANG.put(known)
    return known


def asked_for(widget: Slot[_T | None], read: Callable[[str], _T], *, name: str = "") -> None:
    """Start a widget with the value in the address; a value that cannot be read is told instead of the answer.

    Parameters
    ----------
    widget
        What the session holds of it.
    read
        Turns the text into the widget's value, or raises `PlannerError`.
    name
        Name in the address, by default the widget's key.
    """
    refused = address.REFUSED.first({})
    name = name or widget.key
    if widget.is_there() and not address.came_back(name):
        if widget.get() is not None:
            refused.pop(widget.key, None)
        address.send(widget)
        return
    text = address.asked(name)
    if text is None:
        return
    try:
        widget.put(read(text))
    except PlannerError as error:
        widget.put(None)
        refused[widget.key] = error


def asked_here(view: View, widget: Slot[_T | None], read: Callable[[str], _T], *, name: str) -> None:
    """Do as :func:`asked_for` with what belongs to a region: the address of a region just left says nothing of it."""
    there = address.asked("region")
    with suppress(PlannerError):
        if there is not None and find_region(there).code != view.region:
            address.send(widget)
            return
    asked_for(widget, read, name=name)


def navigation(pages: dict[str, Any]) -> Any:
    """Show the pages by their names as the menu; any page can link to another from then on."""
    _PAGES.put(pages)
    chosen = st.navigation(list(pages.values()), expanded=True)
    address.begin(chosen.url_path)
    return chosen


def link(page: str, lang: Language, **address: str) -> None:
    """Show a link to the page of a name, with more for its address; what is looked at goes along."""
    st.page_link(
        _PAGES.get_or({})[page],
        label=plain(say(f"summary.open_{page}", lang)),
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=address,
    )


def note_boats(boats: frozenset[str]) -> None:
    """Note which ferries are in reach of the region that is looked at."""
    _BOATS_NEAR.put(boats)


def choose_region(code: str | None = None) -> None:
    """Take a region, by default the one that is shown, as the reader's own from now on."""
    if code is not None:
        REGION.put(code)
    REGION_IS_CHOSEN.put(True)


def region_is_chosen() -> bool:
    """Tell whether the region shown is the reader's choice and no example."""
    return bool(REGION_IS_CHOSEN.get())


def _for_browser(lang: Language) -> dict[str, str]:
    region, guide = REGION.get(), GUIDE.get()
    known = {"lang": lang, saved_work.COOKIE: saved_work.keep()}
    known |= {"region": region} if region is not None and region_is_chosen() else {}
    return known | ({GUIDE.key: guide} if guide else {})


def show(render: Callable[[View], None]) -> None:
    """Run a page for what is looked at, in the name of who is signed in; errors become sentences."""
    lang = language()
    st.html(STATIC / "map" / "dashboard.css")
    saved_work.take_over()
    with showing_errors(lang), noted(command=_command(render)), acting(signed_in.person()), turn():
        render(_view(lang))
    browser.keep(**_for_browser(lang))
    address.end()
    memory.settle(render.__module__)


def part(render: Callable[Concatenate[View, _P], None]) -> Callable[Concatenate[View, _P], None]:
    """Let a part of a page run alone when a widget within it is used; the rest of the page stays as it is."""

    @st.fragment
    @wraps(render)
    def alone(view: View, /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        # Run alone, it does not stand inside of `show`.
        with showing_errors(view.lang), noted(command=_command(render)), acting(signed_in.person()), turn():
            render(view, *args, **kwargs)

    return alone


def _command(render: Callable[..., None]) -> str:
    """Name the page for the log."""
    return f"dasbor {render.__module__.rpartition('.')[2].removesuffix('_page')}"


def _view(lang: Language) -> View:
    widgets: tuple[Slot[Any], ...] = (REGION, CUTOFF, *travel_choices.WIDGETS)
    for widget in widgets:
        stop_if_refused(widget)
    travel_choices.stop_if_unknown()
    region, cutoff = REGION.get(), CUTOFF.get()
    if region is None:
        raise InputError(Message.of("dashboard.no_region"))
    if region == codes.COUNTRY:
        raise InputError(Message.of("dashboard.country"))
    minutes = check_cutoff(float(DEFAULT_CUTOFF_MIN if cutoff is None else cutoff))
    return View(lang, region, minutes, travel_choices.chosen(), _BOATS_NEAR.get_or(frozenset()))


def stop_if_refused(widget: Slot[Any]) -> None:
    """Tell what was wrong with a value of the address, until something else is chosen.

    Raises
    ------
    PlannerError
        The one that reading the value raised.
    """
    refused = address.REFUSED.get_or({})
    if widget.get() is None and widget.key in refused:
        raise refused[widget.key]


def write_address(view: View, **more: str) -> None:
    """Write what is looked at into the address, so that it can be shared; empty values stay out."""
    now = {"region": view.region, "cutoff": f"{view.cutoff_min:g}", "lang": view.lang}
    now |= travel_choices.in_address(view.choices) | more
    now = {key: text for key, text in now.items() if text}
    if st.query_params.to_dict() != now:
        st.query_params.from_dict(now)


def title(text: str, view: View, *, example: bool = True) -> None:
    """Show the finding and how one travels where that is not as usual and changes anything here.

    Who has not chosen a region is told where to, unless `example` says that the page does so itself.
    """
    st.title(plain(text), anchor=False)
    if example and not region_is_chosen():
        st.caption(plain(say("dashboard.example", view.lang, region=view.region_name)))
    travel = travel_choices.in_words(view.choices.near(view.boats), view.lang)
    if travel:
        st.caption(plain(say("dashboard.travel_as", view.lang, choices=travel)))


def read_minutes(text: str) -> float:
    """Read minutes from the address.

    Raises
    ------
    InputError
        If it is not a number that can be a cutoff.
    """
    try:
        value = float(text)
    except ValueError:
        raise InputError(Message.of("dashboard.bad_minutes", value=text)) from None
    return check_cutoff(value)


def region_labels(chosen: str | None) -> dict[str, str]:
    """Name each province, kabupaten and kota; by kode."""
    labels = _usual_labels()
    if chosen is None or chosen in labels:
        return labels
    return labels | {chosen: f"{find_region(chosen).name}, {chosen}"}


@cache
def _usual_labels() -> dict[str, str]:
    table = regions()
    names = table[table["level"] != "country"]
    return {str(code): f"{name}, {code}" for code, name in names["name"].items()}
