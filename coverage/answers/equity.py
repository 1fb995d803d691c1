"""How evenly something is shared among people."""

import numpy as np

from coverage.ground.geometry import FloatArray

__all__ = ["gini", "worst_tenth"]

_TENTH = 0.1


def gini(values: FloatArray, weights: FloatArray) -> float | None:
    """Give the Gini coefficient of a quantity among people: 0 where all have the same, towards 1 where one has all.

    Parameters
    ----------
    values
        What each has, finite and not negative, shape (n,).
    weights
        How many people have it, not negative, shape (n,).

    Returns
    -------
    float or None
        None where nobody has anything, or nobody is there.

    Notes
    -----
    Twice the area between the Lorenz curve and the line of equality: ``1 - sum_i w_i (S_{i-1} + S_i) / (W S_n)`` with
    ``S_i`` the sum of ``w x`` over the poorest `i`. C. Gini (1912), Variabilità e mutabilità, Bologna.

    Examples
    --------
    >>> gini(np.array([2.0, 2.0]), np.ones(2)), gini(np.array([0.0, 4.0]), np.ones(2))
    (0.0, 0.5)
    """
    order = np.argsort(values, kind="stable")
    share, weight = (values * weights)[order], weights[order]
    total, people = float(share.sum()), float(weight.sum())
    if total <= 0 or people <= 0:
        return None
    upto = np.cumsum(share)
    area = float(weight @ (2 * upto - share))
    return max(0.0, 1.0 - area / (people * total))


def worst_tenth(values: FloatArray, weights: FloatArray) -> float | None:
    """Give the mean of the tenth of people with the largest values.

    Parameters
    ----------
    values
        Finite, shape (n,), such as minutes.
    weights
        People, not negative, shape (n,); whoever straddles the tenth counts with a part.

    Returns
    -------
    float or None
        None where nobody is there.

    Examples
    --------
    >>> worst_tenth(np.array([10.0, 90.0, 30.0]), np.array([5.0, 1.0, 14.0]))
    60.0
    """
    order = np.argsort(-values, kind="stable")
    value, weight = values[order], weights[order]
    tenth = _TENTH * float(weight.sum())
    if tenth <= 0:
        return None
    part = np.clip(tenth - (np.cumsum(weight) - weight), 0.0, weight)
    return float(value @ part / part.sum())
