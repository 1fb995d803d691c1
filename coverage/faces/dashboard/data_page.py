"""Page "Data & metode"."""

from coverage.faces.dashboard import frame


def page() -> None:
    """Show the page."""
    frame.show(lambda view: frame.title(view.region_name, view))
