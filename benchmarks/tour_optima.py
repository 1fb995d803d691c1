"""Proven optima of seeded round tours beyond the published ones, and how far our own tours are from them.

The subtour bound is solved over all edges (Dantzig, Fulkerson, Johnson 1954, doi:10.1287/opre.2.4.393); edges whose
reduced cost exceeds what is left to our own tour cannot be in a better one; HiGHS then decides among the rest, with a
cut for every subtour it gives. ``python benchmarks/tour_optima.py``
"""

import time

import highspy
import networkx as nx
import numpy as np

from coverage.answers.tours.single import shortest_tour

CASES = ((131, 1), (131, 2), (131, 3), (281, 1), (281, 2))
_HALF = 1e-6


def drawn(size: int, seed: int) -> np.ndarray:
    """Draw places in a square of 1 000 and give their rounded distances."""
    points = np.random.default_rng(seed).uniform(0, 1000, (size, 2))
    return np.rint(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))


class _Model:
    """Every row has two edges; cuts are added as they are found to be needed."""

    def __init__(self, lengths: np.ndarray, edges: np.ndarray, *, whole: bool) -> None:
        self.size, self.edges = len(lengths), edges
        self.model = highspy.Highs()
        self.model.silent()
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        for number, (a, b) in enumerate(edges):
            self.model.addCol(float(lengths[a, b]), 0.0, 1.0, 0, [], [])
            self.model.changeColIntegrality(number, kind)
        for row in range(self.size):
            at = np.flatnonzero((edges == row).any(axis=1)).astype(np.int32)
            self.model.addRow(2.0, 2.0, len(at), at, np.ones(len(at)))

    def cut(self, inside: set[int]) -> None:
        mine = np.isin(self.edges, list(inside)).sum(axis=1) == 1
        at = np.flatnonzero(mine).astype(np.int32)
        self.model.addRow(2.0, highspy.kHighsInf, len(at), at, np.ones(len(at)))

    def solve(self) -> tuple[float, np.ndarray, np.ndarray]:
        self.model.run()
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(self.model.modelStatusToString(self.model.getModelStatus()))
        found = self.model.getSolution()
        return self.model.getObjectiveValue(), np.array(found.col_value), np.array(found.col_dual)

    def wanting(self, value: np.ndarray) -> list[set[int]]:
        """List sets of rows that fewer than two edges leave."""
        graph = nx.Graph()
        graph.add_nodes_from(range(self.size))
        for (a, b), weight in zip(self.edges, value, strict=True):
            if weight > _HALF:
                graph.add_edge(int(a), int(b), weight=float(weight))
        parts = list(nx.connected_components(graph))
        if len(parts) > 1:
            return parts
        least, (inside, _) = nx.stoer_wagner(graph)
        return [set(inside)] if least < 2 - _HALF else []


def optimum(lengths: np.ndarray, known: float, cuts: list[set[int]] | None = None) -> float:
    """Prove the shortest length of a symmetric tour, given the length of one that is known."""
    upper = np.array(np.triu_indices(len(lengths), 1)).T
    relaxed = _Model(lengths, upper, whole=False)
    cuts = [] if cuts is None else cuts
    while True:
        bound, value, dual = relaxed.solve()
        missing = relaxed.wanting(value)
        if not missing:
            break
        for inside in missing:
            relaxed.cut(inside)
            cuts.append(inside)
    # An edge at its upper bound has a negative reduced cost and stays open; only those at 0 can be ruled out.
    left = upper[(dual <= known - bound + _HALF) | (value > _HALF)]
    print(f"  subtour bound {bound:.1f}, {len(left)} edges left of {len(upper)}", flush=True)
    exact = _Model(lengths, left, whole=True)
    for inside in cuts:
        exact.cut(inside)
    while True:
        length, value, _ = exact.solve()
        missing = exact.wanting(np.rint(value))
        if not missing:
            return float(round(length))
        for inside in missing:
            exact.cut(inside)


if __name__ == "__main__":
    for size, seed in CASES:
        matrix = drawn(size, seed)
        start = time.perf_counter()
        ours = shortest_tour(matrix).length
        seconds = time.perf_counter() - start
        best = optimum(matrix, ours)
        print(
            f"{size - 1} stops, seed {seed}: optimum {best:.0f},"
            f" ours {ours:.0f} ({ours / best - 1:.2%}), {seconds:.1f} s",
            flush=True,
        )
