"""The door to HiGHS: sparse integer programmes handed over as arrays, answered with a bound.

Q. Huangfu and J. A. J. Hall (2018), Parallelizing the dual revised simplex method, Mathematical Programming
Computation 10, 119-142, doi:10.1007/s12532-017-0130-5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_array, vstack

from coverage.answers.siting.model import BoolArray
from coverage.ground.geometry import FloatArray

__all__ = ["Programme", "Rows", "Solution", "solve", "stack"]

_SEED = 20240701
# One thread: the same question gives the same answer on every machine.
_THREADS = 1
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Rows:
    """Constraints ``lower <= matrix @ x <= upper`` over the first columns of a programme."""

    matrix: csr_array
    lower: FloatArray
    upper: FloatArray

    def hold(self, values: FloatArray) -> bool:
        """Tell whether `values` keep to every constraint."""
        sums = self.matrix @ values
        slack = _TOLERANCE * np.maximum(1.0, np.abs(sums))
        return bool((sums >= self.lower - slack).all() and (sums <= self.upper + slack).all())


def stack(blocks: Sequence[Rows], columns: int) -> Rows:
    """Put constraints under each other, all widened to `columns` columns."""
    wide = [
        csr_array((b.matrix.data, b.matrix.indices, b.matrix.indptr), shape=(b.matrix.shape[0], columns))
        for b in blocks
        if b.matrix.shape[0]
    ]
    if not wide:
        return Rows(csr_array((0, columns)), np.empty(0), np.empty(0))
    return Rows(
        csr_array(vstack(wide, format="csr")),
        np.concatenate([b.lower for b in blocks]),
        np.concatenate([b.upper for b in blocks]),
    )


@dataclass(frozen=True)
class Programme:
    """Minimise ``cost @ x`` over ``lower <= x <= upper``, the rows, and ``x`` whole where ``integer``."""

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    integer: BoolArray
    rows: Rows


@dataclass(frozen=True)
class Solution:
    """What HiGHS found: ``values`` is None where it found nothing, ``infeasible`` where it proved there is nothing.

    ``reduced``: reduced costs where nothing had to be whole and the optimum was reached, else None.
    """

    values: FloatArray | None
    objective: float
    bound: float
    infeasible: bool
    reduced: FloatArray | None = None


def solve(
    programme: Programme, *, seconds: float, gap: float = 0.0, start: FloatArray | None = None, restarts: bool = True
) -> Solution:
    """Solve a programme.

    Parameters
    ----------
    programme
        What to minimise.
    seconds
        Time limit.
    gap
        Relative gap at which to stop.
    start
        A solution to start from; one that does not fit is ignored by HiGHS.
    restarts
        Let HiGHS begin anew with a smaller programme; a loss of time where little is left to take away.

    Returns
    -------
    Solution
        ``bound`` is proven: no solution is below it.
    """
    columns, rows = len(programme.cost), programme.rows
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    for option, value in (
        ("random_seed", _SEED),
        ("threads", _THREADS),
        ("time_limit", seconds),
        ("mip_rel_gap", gap),
        ("mip_abs_gap", 0.0),
        ("mip_allow_restart", restarts),
    ):
        highs.setOptionValue(option, value)
    matrix = rows.matrix
    highs.passModel(
        columns,
        matrix.shape[0],
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        programme.cost,
        programme.lower,
        programme.upper,
        rows.lower,
        rows.upper,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
        programme.integer.astype(np.int32),
    )
    if start is not None:
        highs.setSolution(columns, np.arange(columns, dtype=np.int32), start)
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Solution(None, np.inf, np.inf, infeasible=True)
    optimal, whole = status == highspy.HighsModelStatus.kOptimal, bool(programme.integer.any())
    bound = float(info.mip_dual_bound) if whole else float(info.objective_function_value) if optimal else -np.inf
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solution(None, np.inf, bound, infeasible=False)
    found = highs.getSolution()
    values = np.asarray(found.col_value, dtype=np.float64)
    reduced = np.asarray(found.col_dual, dtype=np.float64) if optimal and not whole else None
    return Solution(values, float(info.objective_function_value), bound, infeasible=False, reduced=reduced)
