"""Tables of the data folder, read without the machinery for sets of many files, which takes long to load."""

from pathlib import Path

import pandas as pd
from pyarrow.parquet import ParquetFile


def read_parquet(path: Path) -> pd.DataFrame:
    """Read one file as :func:`pandas.read_parquet` does; text becomes ``str``."""
    with ParquetFile(path) as file:
        table: pd.DataFrame = file.read(use_threads=False).to_pandas()
    return table
