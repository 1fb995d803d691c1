"""Show a map on a page and hear what was clicked."""

from streamlit_folium import st_folium

from coverage.faces.dashboard.shell.session import EntryPer
from coverage.faces.maps.folium_map import AreaMap, Clicked, clicked

_REPORT = EntryPer[object]("{map}")
_SEEN = EntryPer[object]("{map}-seen")
# The place of the click beside its address: clicking the same area twice is two clicks.
_RETURNED = ["last_object_clicked", "last_object_clicked_tooltip"]


def show_map(drawn: AreaMap, *, key: str, height: int = 520) -> Clicked | None:
    """Show `drawn` over the whole width.

    Parameters
    ----------
    key
        Name of the map within its page, ending in "map"; the same name keeps zoom and place while only data change.

    Returns
    -------
    Clicked or None
        What was clicked since the last run; a click is told once, here or by :func:`clicked_before`.
    """
    report = st_folium(
        drawn.base,
        key=key,
        height=height,
        use_container_width=True,
        feature_group_to_add=drawn.overlay,
        returned_objects=_RETURNED,
    )
    # A map that was away for a while starts anew: what it told back then must not be heard again.
    _REPORT.of(key).put(report)
    return _unheard(report, key)


def clicked_before(key: str) -> Clicked | None:
    """Tell the click that caused this run before the map of this name is shown, so that one run answers it."""
    return _unheard(_REPORT.of(key).get(), key)


def _unheard(report: object, key: str) -> Clicked | None:
    seen = _SEEN.of(key)
    if report is None or report == seen.get():
        return None
    seen.put(report)
    return clicked(report)
