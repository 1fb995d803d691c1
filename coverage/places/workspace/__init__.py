"""One office's own data in one place: a GeoPackage file, or a PostGIS server for several offices."""

from coverage.places.workspace.home import DEFAULT_NAME, Location, Server, cache_folder, home, location, usual
from coverage.places.workspace.log import Entry, doing, noted
from coverage.places.workspace.store import Contents, Held, State
from coverage.places.workspace.workspace import Workspace

__all__ = [
    "DEFAULT_NAME",
    "Contents",
    "Entry",
    "Held",
    "Location",
    "Server",
    "State",
    "Workspace",
    "cache_folder",
    "doing",
    "home",
    "location",
    "noted",
    "usual",
]
