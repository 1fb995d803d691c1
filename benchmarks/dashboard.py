"""Time the dashboard and weigh what it sends: Sulawesi Tenggara, 2 285 villages, the page of gaps.

A server of its own, empty caches, an empty workspace; visitors that speak Streamlit's protocol, and headless Chromium
with the internet cut off. Peer in the same run: the same villages through stock ``folium.GeoJson``. What stands behind
"aim" is what the project wants of an office's computer; nothing fails where it is missed. Map geometry that an earlier
start left below ``static/geo`` is used again.

    python benchmarks/dashboard.py [--sessions 15]
"""

import argparse
import os
import statistics
import sys
import tempfile
import threading
from pathlib import Path

import dashboard_browser as browser
from dashboard_server import ROOT, RUN_S, Run, Server, Session, geometry_bytes, serve

QUERY = "region=74&cutoff=60"
GAPS = "celah"
VILLAGE = "Wanci, Kec. Wangi-Wangi (74.07.01.1003)"
CUTOFFS = (90.0, 45.0, 120.0, 75.0, 30.0)
ROUNDS = 4
PEER_ROUNDS = 1
OURS = ["coverage.faces.dashboard"]
PEER = ROOT / "benchmarks" / "dashboard_peer.py"


def line(what: str, value: str, aim: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:<62} {value:>22}   {f'aim {aim}' if aim else ''}".rstrip(), flush=True)


def kilobytes(count: float) -> str:
    """Write bytes as people read them."""
    return f"{count / 1000:.1f} kB"


def many(server: Server, count: int, rounds: int, name: str) -> tuple[list[float], float]:
    """Let visitors change the cutoff at the same moments; give the seconds of each run, and the memory then."""
    visitors = [Session(server, f"region=74&cutoff={60 + number}", name) for number in range(count)]
    took: list[float] = []
    meet = threading.Barrier(count, timeout=RUN_S)

    def visit(number: int) -> None:
        visitors[number].run()
        for turn in range(rounds):
            # Two ask for each cutoff, and no round for that of another: answers are kept for all.
            visitors[number].set("cutoff", double_value=float(31 + turn * count + number // 2))
            meet.wait()
            took.append(visitors[number].run("cutoff").seconds)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    memory_mb = server.memory_mb()
    for visitor in visitors:
        visitor.close()
    if len(took) != count * rounds:
        sys.exit("a visitor was lost")
    return took, memory_mb


def changed(visitor: Session, key: str, **value: object) -> Run:
    """Change one widget and run."""
    visitor.set(key, **value)
    return visitor.run(key)


def bytes_sent(server: Server) -> int:
    """Print what one visitor is sent, and give what another cutoff takes at most."""
    visitor = Session(server, QUERY, GAPS)
    first = visitor.run()
    line("bytes, first run of the page", kilobytes(first.sent_bytes))
    runs = [changed(visitor, "cutoff", double_value=cutoff) for cutoff in CUTOFFS]
    worst = max(runs, key=lambda run: run.sent_bytes)
    line("bytes, another cutoff, largest of five", kilobytes(worst.sent_bytes), "<= 150 kB")
    line("  of these", ", ".join(f"{name} {size / 1000:.0f}" for name, size in worst.by_element.most_common(3)))
    back = changed(visitor, "cutoff", double_value=CUTOFFS[-2])
    line("bytes, back to the cutoff before", kilobytes(back.sent_bytes), "<= 150 kB")
    line(
        "bytes, a village selected",
        kilobytes(changed(visitor, "gap-village-74", string_value=VILLAGE).sent_bytes),
        "<= 150 kB",
    )
    line("bytes, nothing changed", kilobytes(visitor.run().sent_bytes), "<= 150 kB")
    line("seconds, another cutoff, alone on the server", f"{statistics.median(run.seconds for run in runs):.2f} s")
    if "gap-tabs-74" in visitor.ids:
        villages = changed(visitor, "gap-tabs-74", string_value="Kelurahan/desa")
        line("bytes, list of villages opened", kilobytes(villages.sent_bytes))
        line(
            "bytes, another cutoff while it is open",
            kilobytes(changed(visitor, "cutoff", double_value=52.0).sent_bytes),
        )
    plain, packed = geometry_bytes(server, visitor.geometry)
    line("geometry of the map, fetched once: packed (plain)", f"{kilobytes(packed)} ({kilobytes(plain)})")
    visitor.close()
    return worst.sent_bytes


def load(server: Server, count: int) -> float:
    """Print what many visitors wait for and what each costs; give the median seconds."""
    alone = server.memory_mb()
    took, crowded = many(server, count, ROUNDS, GAPS)
    p50, p95 = _spread(took)
    line(f"{count} sessions at once, another cutoff, p50 (p95)", f"{p50:.2f} s ({p95:.2f} s)", "p50 <= 2 s")
    line("memory of the server, one session", f"{alone:.0f} MB")
    line(f"memory of the server, {count} more", f"{crowded:.0f} MB")
    line("memory for each extra session", f"{(crowded - alone) / count:.1f} MB")
    return p50


def _spread(took: list[float]) -> tuple[float, float]:
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


def peer(folder: Path, count: int, ours: tuple[int, float]) -> None:
    """Print the same for stock folium, and what we are of it."""
    with serve(["streamlit", "run", str(PEER)], folder / "peer", log=folder / "peer.log") as server:
        visitor = Session(server, "")
        visitor.run()
        sent = changed(visitor, "cutoff", double_value=90.0).sent_bytes
        visitor.close()
        p50 = statistics.median(many(server, count, PEER_ROUNDS, "")[0])
    line("peer, folium.GeoJson: bytes, another cutoff", f"{kilobytes(sent)} (ratio {ours[0] / sent:.3f})")
    line(f"peer, folium.GeoJson: {count} sessions at once, p50", f"{p50:.2f} s (ratio {ours[1] / p50:.3f})")


def first_page(folder: Path) -> None:
    """Print what who starts the program waits for: the page that opens first, on a server of its own."""
    executable = browser.chromium()
    if executable is None:
        return
    with (
        serve(OURS, folder / "first", log=folder / "first.log") as server,
        browser.browsing(executable) as launched,
    ):
        _, cold = browser.open_page(browser.new_context(launched), server, QUERY, "")
        line("Ringkasan on a new server, to its figures", f"{cold:.2f} s", "<= 4 s")


def in_browser(server: Server) -> None:
    """Print what somebody in front of a screen waits for; the first to visit a server that just started."""
    executable = browser.chromium()
    if executable is None:
        line("Chromium is not on this machine", "apt-get install chromium")
        visitor = Session(server, QUERY, GAPS)
        line("first run of the page's script on a new server", f"{visitor.run().seconds:.2f} s")
        visitor.close()
        return
    with browser.browsing(executable) as launched:
        context = browser.new_context(launched)
        visit, cold = browser.open_page(context, server, QUERY, GAPS)
        line("page of gaps on a new server, to the map", f"{cold:.2f} s", "<= 4 s")
        browser.settle(visit)
        for what, acts in (
            ("another cutoff", [browser.type_cutoff(cutoff) for cutoff in CUTOFFS]),
            ("a village clicked", [browser.click_village(visit, number) for number in (300, 700, 1100, 1500, 1900)]),
        ):
            seconds, received = zip(*(browser.spent(visit, act) for act in acts), strict=True)
            told = f"{statistics.median(seconds):.2f} s ({max(seconds):.2f} s)"
            line(f"{what}, to the map: median (slowest) of five", told, "<= 0.7 s")
            line(f"{what}, bytes that Chromium received, largest", kilobytes(max(received)), "<= 150 kB")
        asked = visit.asked_outside
        visit.page.close()
        again, warm = browser.open_page(context, server, QUERY, GAPS)
        line("page opened again, browser and server warm", f"{warm:.2f} s", "<= 4 s")
        other, fresh = browser.open_page(browser.new_context(launched), server, QUERY, GAPS)
        line("page opened by a new browser, server warm", f"{fresh:.2f} s", "<= 4 s")
        line("requests to the outside", str(asked + again.asked_outside + other.asked_outside), "0")


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description="Time the dashboard and weigh what it sends.")
    parser.add_argument("--sessions", type=int, default=15, help="visitors at once")
    count = parser.parse_args().sessions
    loaded = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores{loaded}; region 74, page of gaps")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first_page(folder)
        with serve(OURS, folder / "home", log=folder / "server.log") as server:
            line("server, from its start to its first answer", f"{server.start_s:.2f} s")
            in_browser(server)
            sent = bytes_sent(server)
            p50 = load(server, count)
        peer(folder, count, (sent, p50))


if __name__ == "__main__":
    main()
