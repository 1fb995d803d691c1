"""Hold this process to its share of memory, then run one program in it: the start of every bounded child.

Started by :mod:`coverage.ground.bounded` as a script: ``bounded_child.py MEMORY_BYTES PROGRAM [ARGUMENT ...]``, with 0
where the starter watches the memory instead. Nothing of the program is imported.
"""

import os
import runpy
import sys
from contextlib import suppress

OUT_OF_MEMORY = 86
"""What the process ends with when its share of memory was not enough."""


def bound_memory(most: int) -> None:
    """Take no more address space than `most` bytes, where the system can hold a process to it."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - Windows does not have it

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Run the program as if it had been started itself."""
    most = int(sys.argv[1])
    if most:
        bound_memory(most)
    del sys.argv[:2]
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except MemoryError:
        # Not by way of the interpreter's own ending: that takes memory, too.
        os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
