"""A Streamlit server of its own, and sessions that speak its protocol as a browser does; for ``dashboard.py``."""

import contextlib
import gzip
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.typing import Subprotocol

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_S, RUN_S, STOP_S = 120.0, 180.0, 15.0
MORE_S = 0.3
# As Streamlit's own page does: what a run did not use for this many runs is forgotten.
RUNS_KEPT = 2
_GEOMETRY = re.compile(rb"([0-9a-f]{24}\.json)")


@dataclass(frozen=True)
class Server:
    """A server that answers, and the seconds from its start to its first answer."""

    port: int
    pid: int
    start_s: float

    @property
    def url(self) -> str:
        """Address of the first page."""
        return f"http://{HOST}:{self.port}"

    def memory_mb(self) -> float:
        """Give the resident memory; not a number where the system does not tell."""
        try:
            told = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        except OSError:
            return float("nan")
        return next(int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("VmRSS"))


@contextlib.contextmanager
def serve(module: list[str], home: Path, *, log: Path) -> Iterator[Server]:
    """Run a module that is or starts Streamlit on a free port with an empty workspace; stop it at the end."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    options = ["--server.port", str(port), "--server.headless", "true", "--server.address", HOST]
    environment = {**os.environ, "JANGKAU_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", *module, *options],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while not _healthy(port):
                if process.poll() is not None or time.perf_counter() - start > START_S:
                    sys.exit(f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
                time.sleep(0.02)
            yield Server(port, process.pid, time.perf_counter() - start)
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.read() == b"ok")
    except (urllib.error.URLError, OSError):
        return False


def geometry_bytes(server: Server, name: str) -> tuple[int, int]:
    """Give the bytes of a map's geometry, fetched once: as it is, and as the server packs it."""
    address = f"{server.url}/app/static/geo/{name}"
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=RUN_S) as answer:  # noqa: S310
        packed = answer.read()
        plain = gzip.decompress(packed) if answer.headers.get("Content-Encoding") == "gzip" else packed
    return len(plain), len(packed)


@dataclass
class Run:
    """One run of the page's script as its session saw it."""

    seconds: float = 0.0
    sent_bytes: int = 0
    by_element: Counter[str] = field(default_factory=Counter)


class Session:
    """One visitor of a page: keeps large messages as a browser does, so that the server may send a reference instead.

    `name` is the page in the address, "" for the first one.
    """

    def __init__(self, server: Server, query: str, name: str = "") -> None:
        self._query = query
        self._name = name
        self._page = ""
        self._fragments: dict[str, str] = {}
        self._kept: dict[str, int] = {}
        self._runs = 0
        self._widgets: dict[str, WidgetState] = {}
        self.ids: dict[str, str] = {}
        self.geometry = ""
        self._socket = connect(
            f"ws://{HOST}:{server.port}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            compression=None,
            open_timeout=RUN_S,
        )

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def set(self, key: str, **value: object) -> None:
        """Give the widget of this key a value, such as ``double_value=60.0``."""
        id_ = self.ids[key]
        self._widgets[id_] = WidgetState(id=id_, **value)  # type: ignore[arg-type]

    def forget(self, key: str) -> None:
        """Send the widget of this key no more, as a button that was pressed once."""
        self._widgets.pop(self.ids[key], None)

    def run(self, fragment_of: str = "") -> Run:
        """Ask for a run, as a change of a widget does, and wait until its last message is here.

        Parameters
        ----------
        fragment_of
            Key of the widget that was changed, where it may stand in a fragment.
        """
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = self._query
        state.page_script_hash = self._page
        state.page_name = "" if self._page else self._name
        state.fragment_id = self._fragments.get(fragment_of, "")
        state.widget_states.widgets.extend(self._widgets.values())
        state.cached_message_hashes.extend(self._kept)
        run = Run()
        start = time.perf_counter()
        self._socket.send(asked.SerializeToString())
        while self._heard(run):
            if time.perf_counter() - start > RUN_S:
                sys.exit(f"a run took more than {RUN_S:.0f} s")
        run.seconds = time.perf_counter() - start
        self._runs += 1
        self._kept = {hash_: last for hash_, last in self._kept.items() if self._runs - last <= RUNS_KEPT}
        return run

    def _heard(self, run: Run) -> bool:
        """Take one message in; the last one of a run answers False."""
        raw = self._socket.recv(timeout=RUN_S)
        if isinstance(raw, str):
            return True
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        run.sent_bytes += len(raw)
        run.by_element[_element(message)] += len(raw)
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
        elif kind == "navigation":
            # Which page runs is known only once the script has told its pages.
            self._page = message.navigation.page_script_hash
        elif kind == "ref_hash":
            self._kept[message.ref_hash] = self._runs
        elif kind == "delta":
            self._note(message, raw)
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                sys.exit("the page's script cannot be run")
            return message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return True

    def _note(self, message: ForwardMsg, raw: bytes) -> None:
        """Keep a large message, and what is needed to answer for its widget."""
        if message.metadata.cacheable:
            self._kept[message.hash] = self._runs
        delta = message.delta
        kind = delta.WhichOneof("type")
        if kind == "new_element":
            name = str(delta.new_element.WhichOneof("type"))
            if name == "exception":
                sys.exit(f"the page failed: {delta.new_element.exception.message}")
            self._widget(name, getattr(delta.new_element, name), delta.fragment_id)
            if name == "component_instance":
                found = _GEOMETRY.search(raw)
                self.geometry = found[1].decode() if found else self.geometry
        elif kind == "add_block" and delta.add_block.tab_container.id:
            self._widget("tabs", delta.add_block.tab_container, delta.fragment_id)

    def _widget(self, name: str, widget: Any, fragment: str) -> None:
        """Note the id of a widget that has a key, and answer for it what the page would."""
        # Ids end with the key that the page gave, "None" where it gave none.
        _, _, key = str(getattr(widget, "id", "")).removeprefix("$$ID-").partition("-")
        if not key:
            return
        self.ids[key], self._fragments[key] = widget.id, fragment
        if widget.id in self._widgets and not getattr(widget, "set_value", False):
            return
        value = _VALUES[name](widget) if name in _VALUES else {}
        if value:
            self._widgets[widget.id] = WidgetState(id=widget.id, **value)


def _chosen(widget: Any) -> dict[str, object]:
    if widget.set_value and widget.HasField("raw_value"):
        return {"string_value": widget.raw_value}
    return {"string_value": widget.options[widget.default]} if widget.HasField("default") else {}


def _number(widget: Any) -> dict[str, object]:
    if widget.set_value:
        return {"double_value": widget.value}
    # A field that begins empty has no answer.
    return {"double_value": widget.default} if widget.HasField("default") else {}


# The widgets whose answer decides what the next run sends.
_VALUES: dict[str, Callable[[Any], dict[str, object]]] = {"selectbox": _chosen, "number_input": _number}


def _element(message: ForwardMsg) -> str:
    if message.WhichOneof("type") != "delta":
        return str(message.WhichOneof("type"))
    delta = message.delta
    return str(delta.new_element.WhichOneof("type") if delta.WhichOneof("type") == "new_element" else "layout")
