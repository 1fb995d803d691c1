"""Whether a place joins real roads, and why not; how it is found out stands in ``snapping``."""

__all__ = ["ACROSS_WATER", "JOINED", "NO_ROADS", "TOO_FAR"]

JOINED, TOO_FAR, ACROSS_WATER, NO_ROADS = "", "too_far", "across_water", "no_roads"
