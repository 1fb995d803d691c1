"""Demand weights of villages from the safe table: released counts spread by population."""

import pandas as pd

from coverage.places.disclosure import SafeTable


def client_weights(table: SafeTable, villages: pd.DataFrame, everywhere: pd.DataFrame) -> pd.Series:
    """Spread the clients of each released area over its villages.

    Parameters
    ----------
    table
        The safe table; nothing else about clients is read.
    villages
        The villages asked for, index ``kode``.
    everywhere
        All villages with ``population`` (NaN: counts like the mean of those known, or 1 if none is; all villages of an
        area 0: each counts alike).

    Returns
    -------
    Clients per village, expected, not observed; 0 where nothing is released.
    """
    area = table.area_of
    size = everywhere["population"].reindex(area.index)
    size = size.fillna(size.mean()).fillna(1.0)
    # Where nobody is said to live, each village counts alike: the clients came from somewhere.
    size = size.where(size.groupby(area).transform("sum") > 0, 1.0)
    share = size / size.groupby(area).transform("sum")
    weight = share * area.map(table.areas["clients"].astype("float64")).astype("float64").fillna(0.0)
    return weight.reindex(villages.index)
