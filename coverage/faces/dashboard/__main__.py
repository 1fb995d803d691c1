"""``python -m coverage.faces.dashboard``: run ``app.py`` with Streamlit, and make its first page ready meanwhile.

Options are those of ``streamlit run``. While the first browser still loads the scripts of Streamlit, libraries are
imported and the region that everybody starts with is opened.
"""

import sys
from importlib import import_module
from pathlib import Path
from threading import Thread

from streamlit.web import cli

from coverage.ground.errors import PlannerError

APP = Path(__file__).resolve().parents[3] / "app.py"


def main() -> None:
    """Run until stopped."""
    Thread(target=_make_ready, name="make-ready", daemon=True).start()
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    cli.main()


def _make_ready() -> None:
    # Not the pages themselves: the component of maps is known to the server only if a page's run imports it.
    stored = import_module(f"{__package__}.shell.shared_answers")
    try:
        stored.make_ready()
    except PlannerError:
        # The page tells it to whoever opens it.
        return


if __name__ == "__main__":
    main()
