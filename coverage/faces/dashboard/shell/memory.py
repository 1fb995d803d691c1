"""What stays for good is looked through for garbage once, not after every run of a page.

Streamlit has all objects of the program looked through after each run. Libraries and tables are nearly all of them, and
none of these ever goes: a tenth of a second in which no page of anybody gets on.
"""

import gc
from functools import cache


@cache
def settle(page: str) -> None:  # noqa: ARG001 - the key: a page may have been the first to load a library
    """Leave out of later looks what is there once a page was drawn, the first time that it was.

    What others are making at this moment is left out too, until the next page was drawn for the first time; that it is
    used no more is noticed without a look unless it points to itself.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
