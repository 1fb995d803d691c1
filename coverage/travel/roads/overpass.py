"""Ask an Overpass server by OSMnx: politely, with patience, and with a sentence for everything that can go wrong."""

import datetime as dt
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import networkx as nx
import osmnx
import requests
import shapely
from urllib3.exceptions import NewConnectionError

from coverage import __version__
from coverage.ground import machine_faults
from coverage.ground.downloads.addresses import host_of
from coverage.ground.downloads.patience import (
    PassingError,
    Stop,
    may_pass,
    patiently,
    retry_after_s,
    unless_stopped,
)
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.travel.roads.osm_json import answer_date
from coverage.travel.roads.osm_rules import TAGS
from coverage.travel.roads.words import OSM_CLASSES

ROADS = '["highway"~"^({})$"]'.format("|".join(sorted({*OSM_CLASSES})))
"""Every way vehicles may drive on; which of them stay is decided by the same rules as for files."""
FERRIES = '["route"="ferry"]'

_AGENT = f"Jangkau/{__version__} (rehabilitation coverage planner)"
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_WHOLE_QUERY_M2 = 1e13
_OK = 200
_GREETING_S = 20.0
_ONE_AT_A_TIME = threading.Lock()

Tell = Callable[[Message], object]


@dataclass(frozen=True)
class Pace:
    """How patiently a server is asked.

    Attributes
    ----------
    attempts
        How often a question is asked before giving up.
    pause_s
        Pause after the first failure; each further one is twice as long.
    between_s
        Pause between two questions that were answered.
    timeout_s
        How long to wait for an answer; the server is told, too.
    ask_status
        Whether to ask the server for a free slot first, as the public ones want it.
    """

    attempts: int = 5
    pause_s: float = 15.0
    between_s: float = 2.0
    timeout_s: float = 180.0
    ask_status: bool = True

    @classmethod
    def for_server(cls, url: str) -> "Pace":
        """Be polite to a server of others; one on this computer needs no pauses."""
        local = host_of(url) in _LOCAL
        return cls(pause_s=0.2, between_s=0.0, ask_status=False) if local else cls()


@dataclass
class Overpass:
    """A server, how it is asked, and what its answers said of their date."""

    url: str
    cache: Path
    pace: Pace
    tell: Tell
    stopped: Stop = lambda: False
    dates: list[dt.date] = field(default_factory=list)

    def graph(self, area: shapely.Geometry, question: str) -> nx.MultiDiGraph | None:
        """Fetch the ways of an area as an unsimplified graph of single directions; None where there are none.

        Raises
        ------
        InputError
            If the server cannot be reached, gives no answer that can be used after several attempts, or the
            answer cannot be stored.
        StoppedError
            If somebody pressed stop.
        """

        def again(error: PassingError, pause_s: float) -> None:
            self.tell(Message.of("roads.retry", problem=error.message, seconds=round(pause_s)))

        return patiently(
            lambda: unless_stopped(lambda: self._asked(area, question), self.stopped),
            [self.pace.pause_s * 2**number for number in range(self.pace.attempts - 1)],
            failed=again,
            stopped=self.stopped,
        )

    def greet(self) -> None:
        """Find out whether the server is there and tells its slots; OSMnx would wait a minute for who is not.

        Raises
        ------
        InputError
            If there is no connection to it.
        """
        if not self.pace.ask_status:
            return
        try:
            answer = requests.get(
                f"{self.url.rstrip('/')}/status",
                timeout=_GREETING_S,
                headers={"User-Agent": _AGENT},
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise InputError(Message.of("roads.no_connection", host=host_of(self.url))) from error
        if answer.status_code != _OK:
            self.pace = replace(self.pace, ask_status=False)

    def _asked(self, area: shapely.Geometry, question: str) -> nx.MultiDiGraph | None:
        host = host_of(self.url)
        try:
            with self._settings():
                return osmnx.graph_from_polygon(
                    area, simplify=False, retain_all=True, truncate_by_edge=True, custom_filter=question
                )
        except InputError:
            # A ValueError, too, as what OSMnx says of an area without ways.
            raise
        except requests.Timeout as error:
            raise PassingError(Message.of("roads.server_timeout", host=host)) from error
        except requests.exceptions.ChunkedEncodingError as error:
            raise PassingError(Message.of("roads.server_cut", host=host)) from error
        except requests.exceptions.InvalidURL as error:
            raise InputError(Message.of("roads.server_url", url=self.url)) from error
        except requests.RequestException as error:
            # A server that hangs up may answer the next time; one that cannot be found will not.
            reason = getattr(error.args[0] if error.args else None, "reason", None)
            lost = isinstance(reason, NewConnectionError)
            said = Message.of("roads.no_connection", host=host)
            raise (InputError(said) if lost else PassingError(said)) from error
        except OSError as error:
            fault = machine_faults.told(error, self.cache)
            raise InputError(Message.of("roads.cannot_keep", folder=str(self.cache), fault=fault)) from error
        except json.JSONDecodeError as error:
            # Of an answer that lies half written in the cache: no sea.
            raise PassingError(Message.of("roads.server_cut", host=host)) from error
        except ValueError:
            # OSMnx says so when the answer holds no way inside the area: sea, or forest.
            return None

    @contextmanager
    def _settings(self) -> Iterator[None]:
        """Set OSMnx for one question and put everything back, the patched name resolution included."""
        wanted: Mapping[str, Any] = {
            "overpass_url": self.url,
            "overpass_rate_limit": self.pace.ask_status,
            "requests_timeout": self.pace.timeout_s,
            "requests_kwargs": {"hooks": {"response": self._checked}, "allow_redirects": False},
            "http_user_agent": _AGENT,
            "http_referer": _AGENT,
            "doh_url_template": None,
            "use_cache": True,
            "cache_folder": self.cache,
            "all_oneway": True,
            "useful_tags_way": list(TAGS),
            "max_query_area_size": _WHOLE_QUERY_M2,
        }
        with _ONE_AT_A_TIME:
            before = {name: getattr(osmnx.settings, name) for name in wanted}
            resolve = socket.getaddrinfo
            try:
                for name, value in wanted.items():
                    setattr(osmnx.settings, name, value)
                yield
            finally:
                socket.getaddrinfo = resolve
                for name, value in before.items():
                    setattr(osmnx.settings, name, value)

    def _checked(self, response: requests.Response, *_: object, **__: object) -> None:
        """Look at an answer before OSMnx does, which would wait without end or take a web page for no data."""
        if response.request.method != "POST":
            return
        host = host_of(self.url)
        status = response.status_code
        if may_pass(status):
            busy = Message.of("roads.server_busy", host=host, status=str(status))
            raise PassingError(busy, retry_after_s(response.headers.get("Retry-After")))
        if status != _OK:
            raise InputError(Message.of("roads.server_refused", host=host, status=str(status), url=self.url))
        body = response.content
        try:
            answer = json.loads(body)
            whole = isinstance(answer["elements"], list)
        except (ValueError, KeyError, TypeError, RecursionError):
            whole = False
        if not whole:
            web_page = body.lstrip()[:1] == b"<"
            key = "roads.server_web_page" if web_page else "roads.server_cut"
            said = Message.of(key, host=host)
            raise InputError(said) if web_page else PassingError(said)
        remark = str(answer.get("remark", ""))
        if "error" in remark:
            raise PassingError(Message.of("roads.server_remark", host=host, remark=remark[:120]))
        if (date := answer_date(answer)) is not None:
            self.dates.append(date)
