"""What stands around the dashboard on a server: whom it believes, and what it tells the browser."""

import pytest
from starlette.responses import PlainTextResponse

from coverage.faces.dashboard.office.server import Guard, person_of, started
from coverage.places.people import PROXY, People
from coverage.places.roles import NotAllowedError, Person, Role

SECRET = "0123456789abcdef" * 2
KNOWN = People(PROXY, {"periksa@contoh.invalid": Role.REVIEWER}, secret=SECRET)
PROVED = ("X-Jangkau-Proxy", SECRET)
NAMED = ("X-Forwarded-Email", "periksa@contoh.invalid")
FILE = 'sign_in = "{}"\n[people]\n"periksa@contoh.invalid" = "pemeriksa"\n'


@pytest.fixture
def roles_file(tmp_path, monkeypatch):
    path = tmp_path / "roles.toml"
    path.write_text(FILE.format("proxy"))
    monkeypatch.setenv("JANGKAU_ROLES", str(path))
    monkeypatch.setenv("JANGKAU_PROXY_SECRET", SECRET)
    return path


def asked(*headers, path="/", kind="http", answer="isi", media_type="text/html"):
    """Ask a guarded program; give the status, the headers, and whether the program itself was reached."""
    reached, sent = [], []

    async def app(scope, receive, send):
        reached.append(scope["path"])
        if kind == "http":
            await PlainTextResponse(answer, media_type=media_type)(scope, receive, send)

    async def receive():
        return {"type": f"{kind}.request"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": kind,
        "path": path,
        "method": "GET",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "extensions": {"websocket.http.response": {}},
    }
    # Nothing here waits, so that no loop is needed, of which a browser's test may hold one already.
    with pytest.raises(StopIteration):
        Guard(app)(scope, receive, send).send(None)
    start = sent[0] if sent else {"status": None, "headers": []}
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, bool(reached)


def test_the_proxy_s_word_is_taken():
    assert person_of(KNOWN, [PROVED, NAMED]) == Person("periksa@contoh.invalid", Role.REVIEWER)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [NAMED],
        [PROVED],
        [("X-Jangkau-Proxy", SECRET[:-1]), NAMED],
        [("X-Jangkau-Proxy", ""), NAMED],
        [("X-Jangkau-Proxy", "ÿ" * 32), NAMED],
        [PROVED, PROVED, NAMED],
        [PROVED, NAMED, NAMED],
        [PROVED, ("X-Forwarded-Email", " ")],
        [PROVED, ("X-Forwarded-User", "periksa@contoh.invalid")],
    ],
)
def test_nobody_else_s_word_is_taken(headers):
    with pytest.raises(NotAllowedError, match="belum masuk"):
        person_of(KNOWN, headers)


def test_without_a_secret_nobody_proves_anything():
    with pytest.raises(NotAllowedError):
        person_of(People(PROXY, KNOWN.roles, secret=""), [("X-Jangkau-Proxy", ""), NAMED])


@pytest.mark.parametrize("path", ["/", "/media/0123.csv", "/_stcore/health", "/app/static/x.css", "/static/js/x.js"])
def test_without_the_proxy_nothing_is_reached(path, roles_file):
    assert asked(NAMED, path=path)[::2] == (401, False)
    assert asked(PROVED, NAMED, path=path)[::2] == (200, True)


def test_the_web_socket_is_behind_the_proxy_too(roles_file):
    assert asked(NAMED, path="/_stcore/stream", kind="websocket")[::2] == (401, False)
    assert asked(PROVED, NAMED, path="/_stcore/stream", kind="websocket")[2]


def test_who_has_no_role_is_refused(roles_file):
    assert asked(PROVED, ("X-Forwarded-Email", "siapa@contoh.invalid"))[::2] == (403, False)


def test_a_list_of_roles_that_breaks_or_goes_closes_the_server(roles_file, monkeypatch):
    roles_file.write_text("[[")
    assert asked(PROVED, NAMED)[::2] == (503, False)
    monkeypatch.delenv("JANGKAU_ROLES")
    assert asked(PROVED, NAMED)[::2] == (503, False)


def test_with_streamlit_s_own_login_the_page_itself_asks(roles_file):
    roles_file.write_text(FILE.format("login"))
    assert asked()[::2] == (200, True)


@pytest.mark.parametrize("headers", [(), (PROVED, NAMED)])
def test_every_answer_tells_the_browser_what_a_page_may_do(headers, roles_file):
    told = asked(*headers)[1]
    policy = dict(part.split(" ", 1) for part in told["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["connect-src"] == policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert not any("http" in sources or "*" in sources for sources in policy.values())
    assert (told["x-content-type-options"], told["x-frame-options"]) == ("nosniff", "SAMEORIGIN")
    assert told["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("path", "media_type", "kept"),
    [
        ("/", "text/html", False),
        ("/media/a.csv", "text/csv", False),
        ("/jangkau/media/a.csv", "text/csv", False),
        ("/_stcore/upload_file", "application/json", False),
        ("/static/js/main.js", "text/javascript", True),
        ("/static/media/font.woff2", "font/woff2", True),
    ],
)
def test_pages_and_downloads_do_not_stay_in_the_browser(path, media_type, kept, roles_file):
    told = asked(PROVED, NAMED, path=path, media_type=media_type)[1]
    assert told.get("cache-control") == (None if kept else "no-store")


def test_a_server_without_roles_does_not_start(roles_file, monkeypatch):
    started()
    monkeypatch.setenv("JANGKAU_PROXY_SECRET", "")
    with pytest.raises(SystemExit, match="JANGKAU_PROXY_SECRET"):
        started()
    monkeypatch.delenv("JANGKAU_ROLES")
    with pytest.raises(SystemExit, match="JANGKAU_ROLES"):
        started()
