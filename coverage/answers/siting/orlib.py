"""Published instances of the OR-Library: an undirected graph and how many sites to choose on it.

J. E. Beasley (1990), OR-Library: distributing test problems by electronic mail, Journal of the Operational Research
Society 41(11), 1069-1072, doi:10.1057/jors.1990.166.
"""

from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from coverage.answers.siting.model import SitingProblem
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

__all__ = ["read_pmed"]

_MOST = 4000
_HEADER = 3


def read_pmed(path: Path) -> tuple[SitingProblem, int]:
    """Read a pmed file: header ``n m p``, then ``m`` lines ``u v cost`` of an undirected graph.

    Parameters
    ----------
    path
        The file. An edge given twice counts as its last line says.

    Returns
    -------
    The problem, all vertices demand of weight 1 and candidates, impedance the shortest path; and p.

    Raises
    ------
    InputError
        If the file cannot be read or is no such instance.
    """
    try:
        lines = [(at, line.split()) for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Message.of("siting.instance_unreadable", file=path.name)) from error
    rows = [(at, _numbers(path, at, parts)) for at, parts in lines if parts]
    if not rows:
        raise InputError(Message.of("siting.instance_empty", file=path.name))
    n, m, p = rows[0][1]
    if not (1 <= p <= n <= _MOST) or len(rows) - 1 != m:
        raise InputError(Message.of("siting.instance_header", file=path.name, n=n, m=m, p=p, lines=len(rows) - 1))
    edges: dict[tuple[int, int], int] = {}
    for at, (u, v, cost) in rows[1:]:
        if not (1 <= u <= n and 1 <= v <= n and cost >= 0):
            raise InputError(Message.of("siting.instance_line", file=path.name, row=at))
        edges[min(u, v) - 1, max(u, v) - 1] = cost
    ends = np.array([key for key in edges if key[0] != key[1]], dtype=np.int64).reshape(-1, 2)
    costs = np.array([cost for key, cost in edges.items() if key[0] != key[1]], dtype=np.float64)
    graph = csr_array((costs, (ends[:, 0], ends[:, 1])), shape=(n, n))
    minutes = np.asarray(shortest_path(graph, directed=False), dtype=np.float64)
    names = tuple(str(vertex) for vertex in range(1, n + 1))
    return SitingProblem(minutes, np.ones(n), demand_names=names, names=names), p


def _numbers(path: Path, at: int, parts: list[str]) -> tuple[int, int, int]:
    if len(parts) != _HEADER or not all(part.isascii() and part.lstrip("-").isdigit() for part in parts):
        raise InputError(Message.of("siting.instance_line", file=path.name, row=at))
    first, second, third = map(int, parts)
    return first, second, third
