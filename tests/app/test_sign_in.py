"""Who is signed in on a server, and what each role finds on the pages."""

from types import SimpleNamespace

import pytest

from coverage.faces.dashboard.office import signed_in
from coverage.faces.dashboard.shell import panels, saved_work
from coverage.ground.texts import say
from coverage.places.people import LOGIN, People
from coverage.places.roles import NotAllowedError, Person, Role, acting, who
from coverage.places.workspace import Workspace

PEOPLE = '[people]\n"rencana@contoh.invalid" = "perencana"\n"periksa@contoh.invalid" = "pemeriksa"\n'
REVIEWER = Person("periksa@contoh.invalid", Role.REVIEWER)
PLANNER = Person("rencana@contoh.invalid", Role.PLANNER)
MANAGER = Person("data@contoh.invalid", Role.MANAGER)
SAVING = {
    say(f"dashboard.{key}", "id")
    for key in ("save_units", "visit_save", "ferry_save", "ferry_change", "ferry_remove", "speeds_reset")
} | {say(f"boundaries.{key}", "id") for key in ("form_fetch",)}
VILLAGE = "74.71.01.1005"


@pytest.fixture
def server(tmp_path, monkeypatch):
    path = tmp_path / "roles.toml"
    path.write_text(f'sign_in = "login"\n{PEOPLE}')
    monkeypatch.setenv("JANGKAU_ROLES", str(path))
    return path


@pytest.fixture
def sign_in_as(server, monkeypatch):
    def signed(person):
        monkeypatch.setattr(signed_in, "person", lambda: person)
        monkeypatch.setattr("coverage.faces.dashboard.office.sign_in.person", lambda: person)

    return signed


def saving(app):
    return {button.label for button in app.button} & SAVING


def test_on_one_computer_no_page_speaks_of_signing_in(open_app):
    app = open_app("data", region="74.71")
    assert saving(app) == SAVING - {say("dashboard.ferry_change", "id"), say("dashboard.ferry_remove", "id")}
    assert say("dashboard.tab_log", "id") not in {tab.label for tab in app.tabs}
    assert not any("Masuk sebagai" in text.value or "hanya untuk" in text.value for text in app.caption)


def test_a_reviewer_sees_everything_and_no_form(open_app, sign_in_as):
    sign_in_as(REVIEWER)
    app = open_app("data", region="74.71")
    assert saving(app) == set()
    assert {tab.label for tab in app.tabs} >= {"Unit", "Laju", say("dashboard.tab_log", "id")}
    assert sum("hanya untuk" in text.value for text in app.caption) == 7
    assert any("(pemeriksa)" in text.value for text in app.sidebar.caption)


def test_a_planner_finds_the_form_for_visits_alone_and_is_named_in_the_log(open_app, sign_in_as):
    sign_in_as(PLANNER)
    app = open_app("data", region="74.71")
    assert saving(app) == {say("dashboard.visit_save", "id")}
    record(app)
    assert [entry.role for entry in Workspace.open().contents().log] == [f"perencana: {PLANNER.account}"]
    assert any(PLANNER.account in str(table.value.to_numpy()) for table in app.dataframe)


def record(app):
    villages = next(box for box in app.selectbox if box.label == say("dashboard.village", "id"))
    villages.select(VILLAGE)
    next(button for button in app.button if button.label == say("dashboard.visit_save", "id")).click().run()


def test_a_form_that_was_open_when_the_role_went_is_refused_with_a_sentence(open_app, sign_in_as, monkeypatch):
    sign_in_as(REVIEWER)
    monkeypatch.setattr("coverage.faces.dashboard.office.sign_in.allowed", lambda *_: True)
    app = open_app("data", region="74.71")
    record(app)
    assert [error.value for error in app.error] == [
        say("roles.refused", "id", needed="perencana atau pengelola data", role="pemeriksa")
    ]
    assert Workspace.open().contents().log == ()


def test_a_manager_finds_every_form(open_app, sign_in_as):
    sign_in_as(MANAGER)
    app = open_app("data", region="74.71")
    assert saving(app) == SAVING - {say("dashboard.ferry_change", "id"), say("dashboard.ferry_remove", "id")}


def test_who_is_not_signed_in_sees_the_way_in_and_nothing_else(open_app, server):
    app = open_app("data", region="74.71")
    assert [button.label for button in app.button] == ["Masuk"]
    assert (len(app.tabs), len(app.sidebar.selectbox), len(app.dataframe)) == (0, 0, 0)
    app.button[0].click().run()
    assert [error.value for error in app.error] == [say("roles.no_login", "id").replace("[", r"\[").replace("]", r"\]")]


def test_without_the_proxy_s_word_nobody_sees_a_page(open_app, server, monkeypatch):
    monkeypatch.setenv("JANGKAU_PROXY_SECRET", "s" * 32)
    server.write_text(f'sign_in = "proxy"\n{PEOPLE}')
    app = open_app("data", region="74.71")
    assert [error.value for error in app.error] == [say("roles.not_signed_in", "id")]
    assert (len(app.button), len(app.tabs), len(app.sidebar.selectbox)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("user", "told"),
    [
        ({}, "belum masuk"),
        ({"email": PLANNER.account}, "belum masuk"),
        ({"is_logged_in": False, "email": PLANNER.account}, "belum masuk"),
        ({"is_logged_in": True}, "belum masuk"),
        ({"is_logged_in": True, "email": PLANNER.account, "email_verified": False}, "belum diverifikasi"),
        ({"is_logged_in": True, "email": "siapa@contoh.invalid"}, "belum mendapat akses"),
    ],
)
def test_a_login_that_vouches_for_no_known_address_gives_no_access(user, told, monkeypatch):
    monkeypatch.setattr(signed_in, "people", lambda: People(LOGIN, {PLANNER.account: PLANNER.role}))
    monkeypatch.setattr(signed_in.st, "user", SimpleNamespace(to_dict=lambda: user))
    with pytest.raises(NotAllowedError, match=told):
        signed_in.person()


def test_a_login_with_a_known_address_is_that_person(monkeypatch):
    monkeypatch.setattr(signed_in, "people", lambda: People(LOGIN, {PLANNER.account: PLANNER.role}))
    user = {"is_logged_in": True, "email": PLANNER.account.upper(), "email_verified": True}
    monkeypatch.setattr(signed_in.st, "user", SimpleNamespace(to_dict=lambda: user))
    assert signed_in.person() == PLANNER


def test_a_file_that_is_made_after_the_page_ran_is_noted_for_who_asked(monkeypatch):
    noted = []
    monkeypatch.setattr(panels, "note_export", lambda *_, **__: noted.append(who()))
    with acting(REVIEWER):
        made = panels._logged(lambda: b"isi", SimpleNamespace(), "csv", 1)
    assert made() == b"isi"
    assert noted == [REVIEWER]


def test_a_session_s_name_planted_in_another_s_browser_opens_nothing(open_app, sign_in_as, monkeypatch):
    """Session fixation: who knows the name finds only what was made under it by the same account."""
    monkeypatch.setattr(
        "coverage.faces.dashboard.shell.browser.remembered", lambda name: "x" * 22 if name == saved_work.COOKIE else ""
    )
    saved_work._shelf.clear()

    def scenarios_of(person, *, made=None):
        sign_in_as(person)
        app = open_app("metode", region="74.71")
        if made:
            app.session_state["scenarios"] = made
            app.run()
        return app.session_state["scenarios"] if "scenarios" in app.session_state else None  # noqa: SIM401 - has no get

    assert scenarios_of(PLANNER, made={"Rencana": "isi"}) == {"Rencana": "isi"}
    assert scenarios_of(REVIEWER) is None
    assert scenarios_of(None) is None
    assert scenarios_of(PLANNER) == {"Rencana": "isi"}
    saved_work._shelf.clear()
