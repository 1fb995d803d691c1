"""The dashboard: one module a page; `app.py` is its table of contents."""
