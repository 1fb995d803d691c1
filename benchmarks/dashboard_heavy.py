"""Time the page Data for ten people while somebody lets the best sites of a province be searched.

A server of its own, an empty workspace, visitors that speak Streamlit's protocol. Each opens the page, uses it a few
times and opens it anew; first with nothing going on, then while What-if IBM searches five sets of three sites by
p-median among all 3 353 kelurahan and desa of Nusa Tenggara Timur, which takes more than a minute. (The whole country,
and provinces of more than 5 477, are refused as too large.) What stands behind "aim" is what the project wants of two
cores that do nothing else; nothing fails where it is missed.

    python benchmarks/dashboard_heavy.py [--people 10] [--seconds 60]
"""

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dashboard_server import RUN_S, Server, Session, serve

from coverage.ground.texts import say

QUERY = "region=53&cutoff=60"
OURS = ["coverage.faces.dashboard"]
USES, THINK_S, LOOK_S = 3, 5.0, 1.0
QUIET_S = 30.0
MODEL = say("siting.model_p_median").removeprefix("Model: ").rstrip(".")
ASK = f"FormSubmitter:site-{say('dashboard.site_ask')}"
STOP, FOUND = "site-search-stop", "site-open-1"


@dataclass
class Took:
    """Seconds that people waited."""

    opened: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)

    def tell(self, when: str) -> None:
        """Print two lines of the table."""
        for what, took in (("page opened", self.opened), ("page used", self.used)):
            p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
            told = f"{p50:.2f} s   {p95:.2f} s   {max(took):.2f} s   of {len(took)}"
            print(f"{when + ', ' + what + ': p50, p95, slowest':<58} {told:>42}   aim p95 <= 3 s", flush=True)


def people(server: Server, count: int, goes_on: Callable[[], bool]) -> Took:
    """Let people open and use the page for as long as something goes on."""
    took = Took()

    def visit(number: int) -> None:
        # They do not all come in the same second.
        time.sleep(number * THINK_S / count)
        while goes_on():
            visitor = Session(server, QUERY, "data")
            took.opened.append(visitor.run().seconds)
            for _ in range(USES):
                time.sleep(THINK_S)
                took.used.append(visitor.run().seconds)
            visitor.close()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def asked(server: Server) -> Session:
    """Press the button on What-if IBM."""
    asker = Session(server, QUERY, "whatif")
    asker.run()
    asker.set("site-model", string_value=MODEL)
    asker.set("site-candidates", string_value=say("dashboard.site_semua"))
    asker.set(ASK, trigger_value=True)
    asker.run()
    asker.forget(ASK)
    if STOP not in asker.ids:
        sys.exit("the search did not begin")
    return asker


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description="Time a page while a heavy job goes on.")
    parser.add_argument("--people", type=int, default=10, help="on the page Data at once")
    parser.add_argument("--seconds", type=float, default=60.0, help="looked at while the job goes on")
    options = parser.parse_args()
    loaded = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores{loaded}; {options.people} people on Data")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serve(OURS, folder / "home", log=folder / "server.log") as server:
            for page in ("data", "whatif"):
                visitor = Session(server, QUERY, page)
                visitor.run()
                visitor.close()
            until = time.monotonic() + QUIET_S
            people(server, options.people, lambda: time.monotonic() < until).tell("nothing going on")
            began = time.monotonic()
            asker = asked(server)
            took = people(server, options.people, lambda: time.monotonic() < began + options.seconds)
            early = FOUND in asker.ids
            took.tell("one siting going on")
            while FOUND not in asker.ids and time.monotonic() < began + 3 * RUN_S:
                asker.run()
                time.sleep(LOOK_S)
            found = f"found after {time.monotonic() - began:.0f} s" if FOUND in asker.ids else "not found"
            print(f"the siting: {found}{', before the last visit' if early else ''}")
            asker.close()


if __name__ == "__main__":
    main()
