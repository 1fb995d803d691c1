"""Time exact siting beside spopt on one matrix, and tell what greedy choice loses.

Maximal covering at the size of Sulawesi Tenggara (the true matrix, no unit standing, 2 283 villages x 2 283
candidates, p = 10, 60 minutes); spopt with the same solver (HiGHS through PuLP), building and solving
apart. Then what one click on the page What-if IBM computes, and the p-median of OR-Library's pmed1-20 where they are
at hand. With --large only p-medians and p-centers of random graphs made as Beasley made pmed (n^2 / 50 edges, costs
1 to 100) with 500 to 900 nodes, beside spopt's classic p-median formulation solved by the same HiGHS,
both for at most 120 seconds.

    python benchmarks/siting.py [FOLDER OF pmed FILES]
    python benchmarks/siting.py --large
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from coverage.answers.gaps import gaps
from coverage.answers.siting import highs, rules
from coverage.answers.siting.cover import cover_of
from coverage.answers.siting.interchange import Costs, greedy
from coverage.answers.siting.model import Limits, SitingProblem
from coverage.answers.siting.models import mclp as model
from coverage.answers.siting.models.mclp import mclp
from coverage.answers.siting.models.p_center import p_center
from coverage.answers.siting.models.p_median import p_median
from coverage.answers.siting.orlib import read_pmed
from coverage.answers.study import open_study
from coverage.answers.whatif import UnitChanges, between, changed_study
from coverage.ground.geometry import FloatArray
from coverage.travel.od import od_matrix

VILLAGES, SITES, CUTOFF_MIN = 2283, 10, 60.0
CLICKS = 20
LARGE = ((500, 5), (500, 10), (600, 10), (700, 5), (800, 10), (900, 5), (900, 10))
LARGE_SECONDS = 120.0
PATIENT = Limits(seconds=600)


def sultra() -> SitingProblem:
    """Give the true matrix of the province, no unit standing, its first villages up to the size wanted."""
    study = open_study("74")
    kode = study.villages.index[:VILLAGES]
    minutes = od_matrix(study.network, kode, study.places(list(kode))).minutes
    return SitingProblem(minutes, study.villages["population"].to_numpy()[:VILLAGES])


def ours(problem: SitingProblem) -> tuple[float, float, float]:
    """Give the seconds before the solver, the seconds in it, and people covered."""
    inside = []
    solve = highs.solve

    def timed(*args: object, **named: object) -> object:
        start = time.perf_counter()
        found = solve(*args, **named)  # type: ignore[arg-type]
        inside.append(time.perf_counter() - start)
        return found

    model.solve = rules.solve = timed  # type: ignore[assignment]
    start = time.perf_counter()
    found = mclp(problem, SITES, CUTOFF_MIN, PATIENT)
    whole = time.perf_counter() - start
    model.solve = rules.solve = solve
    if found.status != "optimal":
        sys.exit("the optimum was not proven")
    return whole - sum(inside), sum(inside), found.objective


def theirs(problem: SitingProblem) -> tuple[float, float, float]:
    """Give spopt's seconds to build, to solve, and people covered."""
    import pulp  # noqa: PLC0415  (the peer is only needed here)
    from spopt.locate import MCLP  # noqa: PLC0415

    matrix = np.where(np.isfinite(problem.minutes), problem.minutes, 1e9)
    start = time.perf_counter()
    peer = MCLP.from_cost_matrix(matrix, problem.weights, CUTOFF_MIN, SITES)
    built = time.perf_counter()
    peer.solve(pulp.HiGHS(msg=False, threads=1))
    return built - start, time.perf_counter() - built, float(peer.problem.objective.value())


def greedy_loss(problem: SitingProblem, exact: float) -> float:
    """Give the share of the optimum that greedy choice misses."""
    cover = cover_of(problem, CUTOFF_MIN)
    far: FloatArray = 1.0 - cover.matrix.toarray()
    sites = greedy(Costs(far, np.ones(len(far)), cover.weight), SITES, np.array([], dtype=np.int64))
    return 1 - (cover.total - cover.uncovered(sites)) / exact


def medians(folder: Path) -> None:
    """Print the p-median of every pmed file and what greedy choice loses."""
    for number in range(1, 21):
        path = folder / f"pmed{number}.txt"
        if not path.is_file():
            continue
        problem, sites = read_pmed(path)
        start = time.perf_counter()
        found = p_median(problem, sites, PATIENT)
        took = time.perf_counter() - start
        far = np.full(len(problem.weights), problem.minutes.max() + 1)
        quick = greedy(Costs(problem.minutes, far, problem.weights), sites, np.array([], dtype=np.int64))
        loss = problem.minutes[:, quick].min(axis=1).sum() / found.objective - 1
        answer = f"{found.objective:>7.0f} {found.status}"
        print(f"{path.stem:<8} p = {sites:<4} {answer} {took:7.2f} s   greedy {loss:+.2%}")


def row(name: str, build: float, solve: float, covered: float) -> str:
    """Lay out one line of the table."""
    times = f"build {build:7.2f} s   solve {solve:7.2f} s   total {build + solve:7.2f} s"
    return f"{name:<8} {times}   covers {covered:.1f}"


def click_ms() -> tuple[float, float]:
    """Add one unit to the opened province, each time in another village; give median and slowest in milliseconds."""
    study = open_study("74")
    before = gaps(study, CUTOFF_MIN)
    spent = []
    for kode in study.villages.index[:: len(study.villages) // CLICKS][:CLICKS]:
        start = time.perf_counter()
        between(before, gaps(changed_study(study, UnitChanges(add=[kode])), CUTOFF_MIN))
        spent.append((time.perf_counter() - start) * 1000)
    # The first click warms what later ones find ready.
    return float(np.median(spent[1:])), max(spent[1:])


def random_graph(nodes: int) -> SitingProblem:
    """Give a connected graph as Beasley made them: a tree, then edges at random up to n^2 / 50."""
    rng = np.random.default_rng(nodes)
    edges = {(node, int(rng.integers(node))): int(rng.integers(1, 101)) for node in range(1, nodes)}
    while len(edges) < nodes * nodes // 50:
        one, other = sorted(map(int, rng.integers(0, nodes, 2)), reverse=True)
        if one != other:
            edges[one, other] = int(rng.integers(1, 101))
    one, other = np.array(list(edges)).T
    lengths = csr_array((np.array(list(edges.values()), dtype=float), (one, other)), shape=(nodes, nodes))
    return SitingProblem(np.asarray(shortest_path(lengths, directed=False)), np.ones(nodes))


def classic_median(problem: SitingProblem, sites: int) -> tuple[float, str]:
    """Give the CPU seconds of spopt's p-median and how it ended."""
    import pulp  # noqa: PLC0415  (the peer is only needed here)
    from spopt.locate import PMedian  # noqa: PLC0415

    start = time.process_time()
    peer = PMedian.from_cost_matrix(problem.minutes, problem.weights, sites)
    try:
        peer.solve(pulp.HiGHS(msg=False, threads=1, timeLimit=LARGE_SECONDS), results=False)
        value = peer.problem.objective.value()
        ended = f"{pulp.LpSolution[peer.problem.sol_status]} {value if value is None else round(value)}"
    except RuntimeError:
        ended = "nothing found"
    return time.process_time() - start, ended


def large() -> None:
    """Print CPU and wall seconds on large random graphs, and how many times longer the peer takes."""
    for nodes, sites in LARGE:
        problem = random_graph(nodes)
        for name, ask in (("p-median", p_median), ("p-center", p_center)):
            start, cpu = time.perf_counter(), time.process_time()
            found = ask(problem, sites, Limits(seconds=LARGE_SECONDS))
            wall, mine = time.perf_counter() - start, time.process_time() - cpu
            answer = f"{found.objective:.0f} {found.status} gap {found.gap:.3%}"
            line = f"{name} n = {nodes} p = {sites:<3} {answer}   {mine:6.1f} s CPU {wall:6.1f} s"
            if name == "p-median":
                theirs_s, ended = classic_median(problem, sites)
                line += f"   spopt {ended} {theirs_s:6.1f} s CPU, ratio {theirs_s / mine:.1f}"
            print(line, flush=True)


def main() -> None:
    """Print one table."""
    warnings.simplefilter("ignore")
    if sys.argv[1:] == ["--large"]:
        large()
        return
    problem = sultra()
    pairs = int((problem.minutes <= CUTOFF_MIN).sum())
    size = f"{VILLAGES} x {VILLAGES}, {pairs} covering pairs"
    print(f"MCLP, {size}, p = {SITES}, cutoff {CUTOFF_MIN:.0f} min, HiGHS, one thread")
    mine = ours(problem)
    print(row("jangkau", *mine), flush=True)
    peer = theirs(problem)
    print(row("spopt", *peer), flush=True)
    ratio = sum(peer[:2]) / sum(mine[:2])
    print(f"spopt / jangkau in total: {ratio:.1f}; greedy misses {greedy_loss(problem, mine[2]):.2%}")
    median, slowest = click_ms()
    print(f"one unit added to the province, warm: median {median:.0f} ms, slowest of {CLICKS - 1} {slowest:.0f} ms")
    if len(sys.argv) > 1:
        medians(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
