"""Published tours through our own interface, and ten campaigns in Sulawesi Tenggara against planning by hand.

``python benchmarks/tours.py [folder of the TSPLIB files]``
"""

import datetime as dt
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from coverage.answers.study import Study, open_study
from coverage.answers.tours import campaign
from coverage.answers.tours.greedy import greedy
from coverage.answers.tours.problem import Orders, Problem, collected
from coverage.answers.tours.request import Request
from coverage.answers.tours.single import shortest_tour
from coverage.answers.tours.solve import solve

ROOT = Path(__file__).resolve().parents[1]
OPTIMA = {"eil51": 426, "berlin52": 7542, "st70": 675, "eil76": 538, "kroA100": 21282}
LIMIT_S = 30.0
CAMPAIGNS = 10


def tours(folder: Path) -> bool:
    """Print the golden tours; tell whether every optimum was reached in time."""
    print(f"{'tour':10} {'optimum':>8} {'ours':>8} {'seconds':>8}")
    good = True
    for name, optimum in OPTIMA.items():
        text = (folder / f"{name}.tsp").read_text(encoding="ascii")
        points = np.array(text.split("NODE_COORD_SECTION")[1].split("EOF")[0].split(), dtype=float).reshape(-1, 3)[
            :, 1:
        ]
        matrix = np.floor(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + 0.5)
        start = time.perf_counter()
        length = shortest_tour(matrix).length
        seconds = time.perf_counter() - start
        good = good and length == optimum and seconds <= LIMIT_S
        print(f"{name:10} {optimum:8} {length:8.0f} {seconds:8.1f}", flush=True)
    start = time.perf_counter()
    proven = shortest_tour(np.random.default_rng(1).integers(1, 100, (16, 16)))
    print(f"15 stops proven shortest: {proven.proven}, {time.perf_counter() - start:.1f} s")
    return good


def kilometres(problem: Problem, orders: Orders) -> float:
    """Sum the kilometres of all shifts."""
    ways = [(0, *order, 0) for order in orders if order]
    return float(sum(problem.km[a, b] for way in ways for a, b in pairwise(way)))


def asked(study: Study, seed: int) -> Request:
    """Draw a campaign: base, days, teams, hours and minutes of a visit."""
    rng = np.random.default_rng(seed)
    bases = [
        str(id_) for id_ in study.units.index[study.units["in_region"] & study.units["kind"].str.startswith("klinik")]
    ]
    return Request(
        str(rng.choice(bases)),
        dt.date(2026, 2, 2) + dt.timedelta(days=int(rng.integers(0, 300))),
        int(rng.integers(4, 12)),
        dt.date(2026, 1, 1),
        teams=int(rng.integers(1, 4)),
        hours=float(rng.choice([7, 8, 9])),
        visit_min=int(rng.choice([90, 120, 150])),
        seed=seed,
    )


def campaigns() -> bool:
    """Print ten seeded campaigns beside greedy; tell whether none is worse."""
    study = open_study("74")
    sums = f"{'points':>7} {'stops':>5} {'km':>6}"
    print(f"\n{'':37} | {'greedy':20} | {'ours':20} |")
    print(f"{'seed':>4} {'base':22} {'team days':>9} | {sums} | {sums} | {'more':>6} {'gap':>6} {'seconds':>7}")
    good = True
    for seed in range(1, CAMPAIGNS + 1):
        request = asked(study, seed)
        problem = campaign.problem_of(study, request)
        by_hand = greedy(problem)
        start = time.perf_counter()
        ours = solve(problem, seed=seed)
        seconds = time.perf_counter() - start
        least = collected(problem, by_hand)
        good = good and ours.objective >= least
        print(
            f"{seed:4} {str(request.base)[:22]:22} {len(problem.shifts):9} |"
            f" {least / 10:7.1f} {sum(map(len, by_hand)):5} {kilometres(problem, by_hand):6.0f} |"
            f" {ours.objective / 10:7.1f} {sum(map(len, ours.orders)):5} {kilometres(problem, ours.orders):6.0f} |"
            f" {ours.objective / least - 1:6.1%} {ours.gap:6.1%} {seconds:7.1f}",
            flush=True,
        )
    return good


if __name__ == "__main__":
    found = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "golden" / "tsplib"
    reached = tours(found) if found.is_dir() else print("TSPLIB files absent: tours skipped") is None
    sys.exit(0 if campaigns() and reached else 1)
