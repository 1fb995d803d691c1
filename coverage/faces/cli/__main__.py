"""Run the command as ``python -m coverage.faces.cli``."""

import sys

from coverage.faces.cli import main

sys.exit(main())
