"""Ctrl+C while a server says nothing: exit code 130 at once, no traceback, and nothing stored."""

import _thread
import http.server
import threading

import pytest

from coverage.faces.cli import main


@pytest.fixture
def silent(monkeypatch, tmp_path):
    """A server that is asked, does not answer, and whose planner then presses Ctrl+C."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    released = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            _thread.interrupt_main()
            released.wait(20)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *_):
            """Stay quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        released.set()
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "line", ["data fetch boundaries --region 74.72 --base-url {url}", "roads fetch --region 35.74 --overpass-url {url}"]
)
def test_ctrl_c_ends_a_fetch_and_nothing_is_stored(line, silent, tmp_path, capfdbinary):
    office = tmp_path / "kantor.gpkg"
    assert main([*line.format(url=silent).split(), "-w", str(office)]) == 130
    assert capfdbinary.readouterr() == (b"", b"")
    assert not office.exists()
    # What another fetch would wait for is free again.
    assert [path.name for path in (tmp_path / "home").rglob("*") if path.suffix in {".sql", ".part", ".json"}] == []
