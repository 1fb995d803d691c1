"""Google Maps links in legs short enough for phones."""

from collections.abc import Sequence

from coverage.faces.files.itinerary import Spot

__all__ = ["map_links"]

MOST_POINTS = 5


def map_links(way: Sequence[Spot]) -> list[str]:
    """Cut a way into legs of at most five points, each beginning where the one before ends.

    Examples
    --------
    >>> map_links([Spot("a", -3.9, 122.5), Spot("b", -4.0, 122.4), Spot("c", -4.1, 122.3)])[0].split("api=1&")[1]
    'origin=-3.9,122.5&destination=-4.1,122.3&waypoints=-4,122.4'
    """
    links = []
    for start in range(0, len(way) - 1, MOST_POINTS - 1):
        leg = way[start : start + MOST_POINTS]
        between = "%7C".join(_point(spot) for spot in leg[1:-1])
        waypoints = f"&waypoints={between}" if between else ""
        ends = f"origin={_point(leg[0])}&destination={_point(leg[-1])}"
        links.append(f"https://www.google.com/maps/dir/?api=1&{ends}{waypoints}")
    return links


def _point(spot: Spot) -> str:
    # Four decimals are eleven metres, and keep a message short.
    return f"{spot.lat:.4f}".rstrip("0").rstrip(".") + "," + f"{spot.lon:.4f}".rstrip("0").rstrip(".")
