"""The import panel of the page Data: upload, faults, a yes, and the state afterwards."""

import pytest

from coverage.faces.dashboard.shell.frame import plain
from coverage.ground.texts import say
from coverage.places.workspace import Workspace

MANDONGA, LABIBIA = "74.71.01.1005", "74.71.01.1007"
CSV = "text/csv"


@pytest.fixture
def panel(open_app):
    """Open the page with a kind of table chosen and a file uploaded."""

    def opened(kind, text, name="berkas.csv"):
        app = open_app("data", region="74.71")
        app.selectbox(key="import-kind").set_value(kind).run()
        app.file_uploader[0].set_value((name, text.encode(), CSV)).run()
        assert [fault.message for fault in app.exception] == []
        return app

    return opened


def errors(app):
    return [fault.value for fault in app.error]


def fault_table(app):
    return next(table.value for table in app.dataframe if "Saran" in table.value.columns)


def test_a_clean_table_is_written_after_a_yes_and_forgotten(panel):
    app = panel("population", f"kode;tahun;penduduk\n{MANDONGA};2024;1.234\n")
    assert not Workspace.open().path.exists()
    app.button(key="import-yes").click().run()
    assert Workspace.open().layer("population", ())["persons"].tolist() == [1234]
    assert any("1 baris ditulis" in said.value for said in app.success)
    assert app.file_uploader[0].value is None


def test_faults_are_a_table_and_only_good_rows_are_written(panel):
    app = panel("population", f"kode;tahun;penduduk\n{MANDONGA};2024;10\n{LABIBIA};2024;-1\n")
    faults = fault_table(app)
    assert faults.columns.tolist() == ["Baris", "Kolom", "Nilai", "Masalah", "Saran"]
    assert faults.iloc[0, :3].tolist() == [3, "penduduk", "-1"]
    assert app.button(key="import-yes").label == say("imports.yes_good", "id", rows=1, faults=1)
    app.button(key="import-yes").click().run()
    assert Workspace.open().layer("population", ())["kode"].tolist() == [MANDONGA]


def test_a_question_is_answered_on_the_page(panel, open_app):
    app = panel("targets", "wilayah;periode;indikator;target\n52;2024;SKHPN;1.670\n")
    assert errors(app) == [plain(say("imports.answer_above", "id", file="berkas.csv"))]
    app.selectbox(key="import-decimal").set_value("koma").run()
    assert errors(app) == []
    app.button(key="import-yes").click().run()
    assert Workspace.open().layer("targets", ())["target"].tolist() == [1670.0]
    shown = open_app("target", region="52").dataframe
    assert any("1.670" in str(table.value.to_numpy().tolist()) for table in shown)


def test_pasted_cells_are_read_like_a_file(open_app):
    app = open_app("data", region="74.71")
    app.selectbox(key="import-kind").set_value("visits").run()
    app.text_area[0].set_value(f"kode\ttanggal\n{MANDONGA}\t4 Okt 2024").run()
    app.button(key="import-yes").click().run()
    assert Workspace.open().layer("visits", ())["date"].tolist() == ["2024-10-04"]


def test_units_are_uploaded_and_seen_in_the_list(panel):
    app = panel("units", f"nama;jenis;kode\nPuskesmas Contoh;puskesmas;{MANDONGA}\n")
    app.button(key="import-yes").click().run()
    assert "puskesmas-contoh" in Workspace.open().units().index


@pytest.mark.usefixtures("no_steps")
def test_clients_leave_the_safe_table_only_and_no_cell_is_shown(panel):
    rows = "".join(f"KANARI,{MANDONGA},{count}\n" for count in (7, 8, 0))
    app = panel("clients", f"nama,kode,jumlah\n{rows}KANARI,{MANDONGA},Jalan Rahasia 5\n")
    shown = "\n".join(str(element) for element in app.main)
    assert "KANARI" not in shown
    assert "Rahasia" not in shown
    assert fault_table(app).iloc[0, 2] == "***"
    app.button(key="import-yes").click().run()
    held = Workspace.open().layer("client_areas", ())
    assert held[["area", "level", "clients"]].to_numpy().tolist() == [[MANDONGA, "village", 15]]


def test_another_safe_table_needs_a_reason_on_the_page(panel):
    first = panel("clients", f"kode,jumlah\n{MANDONGA},20\n")
    first.button(key="import-yes").click().run()
    app = panel("clients", f"kode,jumlah\n{MANDONGA},90\n")
    app.button(key="import-yes").click().run()
    assert any("alasan" in fault for fault in errors(app))
    app.text_input(key="import-reason").set_value("data susulan").run()
    app.button(key="import-yes").click().run()
    assert Workspace.open().layer("client_areas", ())["version"].tolist() == [2]


def test_every_kind_has_a_template_to_download(open_app):
    app = open_app("data", region="74.71")
    assert [button.proto.label for button in app.get("download_button")].count(say("imports.template", "id")) == 1


def test_a_column_that_two_headers_fit_is_chosen_on_the_page(panel):
    app = panel("population", f"kode;tahun;penduduk;jumlah jiwa\n{MANDONGA};2024;1;2\n")
    assert any("C (penduduk)" in said for said in errors(app))
    box = next(box for box in app.selectbox if str(box.key).startswith("import-column-penduduk"))
    assert box.options == ["C (penduduk)", "D (jumlah jiwa)"]
    box.set_value("D").run()
    assert errors(app) == []
    app.button(key="import-yes").click().run()
    assert Workspace.open().layer("population", ())["persons"].tolist() == [2]


def test_a_year_that_no_table_tells_is_asked_for_on_the_page(panel):
    app = panel("population", f"kode;penduduk\n{MANDONGA};7\n")
    assert errors(app) == [plain(say("imports.answer_above", "id", file="berkas.csv"))]
    app.text_input(key="import-period").set_value("2023").run()
    app.button(key="import-yes").click().run()
    assert Workspace.open().layer("population", ())["year"].tolist() == [2023]


MENDABLE = [
    ("units", "swap-latlon", "nama;lintang;bujur\nKlinik A;122,51;-3,97\n", "lat", -3.97),
    (
        "population",
        "lookalike",
        "desa;kecamatan;kabupaten/kota;tahun;penduduk\nMandongga;Mandonga;Kota Kendari;2024;7\n",
        "kode",
        MANDONGA,
    ),
    ("vulnerability", "synonym", f"kode;tahun;kelas\n{MANDONGA};2024;Kawasan Bahya\n", "class", "Bahaya"),
]


@pytest.mark.parametrize(("kind", "fix", "text", "column", "value"), MENDABLE, ids=[one[1] for one in MENDABLE])
def test_a_press_mends_what_it_offers_and_is_taken_back(panel, kind, fix, text, column, value):
    app = panel(kind, text)
    key = f"import-fix-{fix}"
    assert [button.key for button in app.button if str(button.key).startswith("import-fix")] == [key]
    app.button(key=key).click().run()
    assert errors(app) == []
    said = " ".join(element.value for element in app.markdown)
    assert "Diperbaiki atas permintaan" in said
    app.button(key="import-fix-undo").click().run()
    assert app.button(key=key)
    assert "import-yes" not in [button.key for button in app.button]
    app.button(key=key).click().run()
    app.button(key="import-yes").click().run()
    door = Workspace.open()
    held = door.units().loc[["klinik-a"]] if kind == "units" else door.layer(kind, ())
    assert held[column].tolist() == [value]


def test_a_press_holds_for_the_table_it_was_pressed_for(panel):
    app = panel("units", "nama;lintang;bujur\nKlinik A;122,51;-3,97\n")
    app.button(key="import-fix-swap-latlon").click().run()
    app.file_uploader[0].set_value(("lain.csv", b"nama;lintang;bujur\nKlinik Lain;122,52;-3,98\n", CSV)).run()
    assert app.button(key="import-fix-swap-latlon")
    assert "Diperbaiki" not in " ".join(element.value for element in app.markdown)


def test_equal_faults_are_one_line_with_their_rows_on_the_page(panel):
    rows = "".join(f"{MANDONGA};{year};-1\n" for year in range(2000, 2009))
    app = panel("population", f"kode;tahun;penduduk\n{rows}")
    assert fault_table(app)["Baris"].tolist() == ["2, 3, 4, dan 6 lagi"]
