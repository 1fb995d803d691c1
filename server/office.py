"""Jangkau for several users: ``python -m streamlit run server/office.py`` in Jangkau's folder.

See docs/office-server.md. Streamlit finds ``app`` only where it is a plain assignment.
"""

from pathlib import Path

from starlette.middleware import Middleware
from streamlit.web.server.starlette import App

from coverage.faces.dashboard.office.server import Guard, started

started()
app = App(Path(__file__).resolve().parents[1] / "app.py", middleware=[Middleware(Guard)])
