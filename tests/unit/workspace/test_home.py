"""Which workspace is meant when none is named."""

from coverage.places.workspace import DEFAULT_NAME, Workspace, home


def test_the_environment_names_the_usual_file(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(tmp_path / "kantor.gpkg"))
    assert Workspace.open().path == tmp_path / "kantor.gpkg"
    monkeypatch.delenv("JANGKAU_WORKSPACE")
    assert Workspace.open().path == home() / DEFAULT_NAME


def test_a_file_may_be_given_as_text(tmp_path):
    assert Workspace.open(str(tmp_path / "a b.gpkg")).path == tmp_path / "a b.gpkg"
