"""Each page says what the answers say, in both languages, and tells an error in one sentence."""

import datetime as dt
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from coverage.answers.gaps import gaps
from coverage.answers.pokling import rank
from coverage.answers.study import open_study
from coverage.answers.whatif import whatif
from coverage.faces.dashboard.shell import shared_answers
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.words import answer_listings
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_number
from coverage.ground.texts import LANGUAGES, Language, say
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace

OpenApp = Callable[..., AppTest]
WANCI = "74.07.01.1003"
BASE = "klinik-bnnp-sultra"


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def errors(app: AppTest) -> list[str]:
    return [error.value for error in app.error]


def open_tab(app: AppTest) -> str:
    (tabs,) = app.main.get("tab_container")
    return app.tabs[tabs.proto.tab_container.default_tab_index].label


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_gap_page_shows_the_figures_of_the_answer(open_app: OpenApp, lang: Language) -> None:
    app = open_app(lang=lang, region="74", cutoff="60")
    report = gaps(open_study("74"), 60)
    summary = report.summary()
    assert app.title[0].value == plain(answer_listings.gap_title(report, lang))
    assert figures(app) == {
        **{
            say(f"columns.{state}", lang): format_number(summary[state], lang)
            for state in ("covered", "beyond_cutoff", "not_connected")
        },
        say("dashboard.population_covered", lang): format_number(summary["population_covered"], lang),
    }
    assert errors(app) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pokling_page_ranks_as_the_answer_does(open_app: OpenApp, lang: Language) -> None:
    app = open_app("pokling", lang=lang, region="74", base=BASE, date="2024-10-05")
    ranking = rank(open_study("74"), BASE, dt.date(2024, 10, 5))
    assert app.title[0].value == plain(answer_listings.ranking_title(ranking, lang))
    assert figures(app)[say("dashboard.candidates", lang)] == format_number(len(ranking.ranked), lang)
    names = app.dataframe[0].value[say("columns.name", lang)].tolist()
    assert names == ranking.ranked["name"].head(10).tolist()
    assert errors(app) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whatif_page_shows_before_and_after(open_app: OpenApp, lang: Language) -> None:
    app = open_app("whatif", lang=lang, region="74", add=WANCI)
    answer = whatif(open_study("74"), add=[WANCI])
    assert app.title[0].value == plain(answer_listings.whatif_title(answer, lang))
    gained = answer.after.summary()["covered"]
    assert figures(app)[say("columns.covered", lang)] == format_number(gained, lang)
    assert app.metric[0].delta == say("dashboard.difference", lang, change="+35", before=423)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_data_page_counts_units_and_tells_what_was_published(open_app: OpenApp, lang: Language) -> None:
    app = open_app("data", lang=lang, region="74")
    assert app.title[0].value == plain(
        say("dashboard.data_title", lang, units=7, unverified=7, region="Sulawesi Tenggara")
    )
    assert figures(app)[say("dashboard.figure_units", lang)] == "7"
    said = " ".join(one.value for one in app.markdown)
    assert plain(say("dashboard.published_about", lang)) in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_method_page_says_what_areas_are_worth_and_names_licences(open_app: OpenApp, lang: Language) -> None:
    app = open_app("metode", lang=lang, region="74")
    assert "53–66 %" in " ".join(one.value for one in app.markdown)
    licences = [table.value.get(say("dashboard.column_licence", lang)) for table in app.dataframe]
    assert any(column is not None and "MIT" in column.tolist() for column in licences)


@pytest.mark.parametrize("page", ["celah", "pokling", "whatif", "data"])
def test_an_unknown_region_is_told_in_one_sentence(open_app: OpenApp, page: str) -> None:
    app = open_app(page, region="Atlantis")
    with pytest.raises(InputError) as refused:
        find_region("Atlantis")
    assert errors(app) == [plain(refused.value.text("id"))]
    app.selectbox(key="region").set_value("74.71").run()
    assert errors(app) == []
    assert app.query_params["region"] == "74.71"


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("celah", {"cutoff": "-5"}),
        ("celah", {"cutoff": "banyak"}),
        ("celah", {"region": "ID"}),
        ("pokling", {"base": "rumah-saya"}),
        ("pokling", {"date": "kemarin"}),
        ("whatif", {"add": "11.01.01.2001"}),
        ("whatif", {"close": "rumah-saya"}),
    ],
)
def test_a_wrong_value_in_the_address_is_told_in_one_sentence(
    open_app: OpenApp, page: str, query: dict[str, str]
) -> None:
    app = open_app(page, **{"region": "74", **query})
    assert len(errors(app)) == 1


@pytest.mark.parametrize(
    ("page", "advice"), [("celah", "no_units"), ("pokling", "no_units"), ("whatif", "whatif_no_units")]
)
def test_a_region_without_units_says_what_to_do(open_app: OpenApp, page: str, advice: str) -> None:
    app = open_app(page, region="81")
    assert errors(app) == []
    assert [info.value for info in app.info] == [plain(say(f"dashboard.{advice}", "id", region="Maluku"))]


@pytest.mark.parametrize("page", ["celah", "whatif"])
def test_where_no_unit_is_nothing_is_found(open_app: OpenApp, page: str) -> None:
    app = open_app(page, region="81")
    villages = len(open_study("81").villages)
    assert "1 jam" not in app.title[0].value
    assert list(figures(app).values()) == [format_number(villages), "–", "–", "–"]
    assert all(metric.delta == "" for metric in app.metric)


def test_a_region_without_units_lists_its_villages_alone(open_app: OpenApp) -> None:
    app = open_app(region="81")
    assert app.title[0].value == plain("Belum ada unit rehabilitasi di Maluku dalam data")
    assert len(app.dataframe) == 1
    assert say("columns.state", "id") not in app.dataframe[0].value


def test_a_unit_can_be_tried_where_none_is(open_app: OpenApp) -> None:
    app = open_app("whatif", region="81", add="81.71.01.1013")
    assert errors(app) == []
    assert int(app.metric[0].value) > 0


CHOSEN_IN_ADDRESS = [
    ("celah", {"village": "74.71.01.1005", "unit": BASE}),
    ("pokling", {"village": "74.71.01.1005", "base": BASE, "date": "2024-10-05"}),
    ("whatif", {"add": "74.71.01.1005", "close": BASE}),
    ("data", {"tab": "ferries"}),
]


@pytest.mark.parametrize(("page", "query"), CHOSEN_IN_ADDRESS)
def test_what_the_address_asks_for_is_shown_and_stays_in_it(open_app: OpenApp, page: str, query) -> None:
    app = open_app(page, region="74.71", **query)
    assert errors(app) == []
    for _ in range(2):
        assert {name: app.query_params.get(name) for name in query} == query
        app.run()
    if "village" in query:
        assert app.selectbox(key=VILLAGE_KEYS[page].format("74.71")).value == query["village"]


VILLAGE_KEYS = {"celah": "gap-village-{}", "pokling": "next-village-{}"}


@pytest.mark.parametrize("page", VILLAGE_KEYS)
def test_a_village_chosen_goes_into_the_address_and_a_reload_shows_it_again(open_app: OpenApp, page: str) -> None:
    key = VILLAGE_KEYS[page].format("74.71")
    app = open_app(page, region="74.71", date="2024-10-05")
    app.selectbox(key=key).set_value("74.71.01.1006").run()
    assert app.query_params["village"] == "74.71.01.1006"
    again = open_app(page, **{name: str(text) for name, text in app.query_params.items()})
    assert again.selectbox(key=key).value == "74.71.01.1006"
    assert [one.value for one in again.markdown] == [one.value for one in app.markdown]
    again.selectbox(key=key).set_value(None).run()
    assert "village" not in again.query_params


@pytest.mark.parametrize(("page", "query"), CHOSEN_IN_ADDRESS)
def test_another_region_takes_nothing_of_the_address_of_the_one_that_was_left(open_app, page: str, query) -> None:
    app = open_app(page, region="74.71", **query)
    app.selectbox(key="region").set_value("16.73").run()
    assert errors(app) == []
    assert app.query_params["region"] == "16.73"
    assert not {"village", "unit", "add", "close"} & set(app.query_params)


@pytest.mark.parametrize("page", VILLAGE_KEYS)
def test_a_village_of_the_address_that_is_none_is_told_and_can_be_chosen_anew(open_app: OpenApp, page: str) -> None:
    app = open_app(page, region="74.71", village="Atlantis", date="2024-10-05")
    assert len(errors(app)) == 1
    app.selectbox(key=VILLAGE_KEYS[page].format("74.71")).set_value("74.71.01.1006").run()
    assert errors(app) == []


def test_the_language_is_one_click_away(open_app: OpenApp) -> None:
    app = open_app(region="74.71")
    app.radio(key="lang").set_value("en").run()
    assert "kelurahan/desa in Kota Kendari" in app.title[0].value
    assert app.query_params["lang"] == "en"


def test_an_edit_of_the_workspace_takes_effect_at_once(open_app: OpenApp) -> None:
    app = open_app(region="74.71")
    before = gaps(open_study("74.71"), 60).summary()
    Workspace.open().save_units(Workspace.open().units().head(0), remove=(BASE,))
    app.run()
    assert figures(app)["Terjangkau"] == format_number(before["covered"])
    app = open_app("data", region="74.71")
    assert figures(app)["Unit di wilayah"] == "3"


def test_a_cutoff_below_moves_villages_out(open_app: OpenApp) -> None:
    app = open_app(region="74")
    app.number_input(key="cutoff").set_value(30.0).run()
    assert figures(app)["Terjangkau"] == format_number(gaps(open_study("74"), 30).summary()["covered"])


def test_why_not_is_answered_for_any_village(open_app: OpenApp) -> None:
    app = open_app("pokling", region="16.73", date="2024-10-05")
    watervang = open_study("16.73").villages.query("name == 'Watervang'").index[0]
    app.selectbox(key="next-village-16.73").set_value(watervang).run()
    assert any("Watervang" in one.value and "tidak masuk daftar" in one.value for one in app.markdown)


def test_a_visit_recorded_keeps_a_village_out_of_the_next_ranking(open_app: OpenApp) -> None:
    app = open_app("data", region="16.73")
    megang = open_study("16.73").villages.query("name == 'Megang'").index[0]
    form = {box.label: box for box in app.selectbox}
    form["Kelurahan/desa"].set_value(megang)
    app.date_input[0].set_value(dt.date(2024, 10, 1))
    next(button for button in app.button if button.label == "Catat kunjungan").click().run()
    assert len(app.success) == 1
    ranking = rank(open_study("16.73"), as_of=dt.date(2024, 10, 5))
    assert ranking.left_out.at[megang, "cause"] == "visited"


def test_a_ferry_declared_connects_an_island(open_app: OpenApp) -> None:
    cut_off = gaps(open_study("74"), 60).villages.query("state == 'not_connected'")
    start = cut_off.index[0]
    app = open_app("data", region="74")
    form = {box.label: box for box in app.selectbox}
    form["Dari kelurahan/desa"].set_value(start)
    next(box for box in app.text_input if box.label.startswith("Ke kelurahan")).set_value("74.72.02.1005")
    next(button for button in app.button if button.label == "Nyatakan penyeberangan").click().run()
    assert len(app.success) == 1
    assert gaps(open_study("74"), 60).villages.at[start, "state"] != "not_connected"


def test_a_form_left_empty_says_what_is_missing(open_app: OpenApp) -> None:
    app = open_app("data", region="74")
    next(button for button in app.button if button.label == "Nyatakan penyeberangan").click().run()
    assert errors(app) == [plain(say("dashboard.ferry_incomplete", "id"))]


def test_no_list_offers_to_choose_all_that_matches(open_app: OpenApp) -> None:
    app = open_app("whatif", region="74")
    assert {one.label: one.proto.select_all for one in app.multiselect} == {
        "Penyeberangan yang tidak berlayar": 0,
        "Unit IBM baru di": 0,
        "Tutup unit": 0,
        "Skenario yang disandingkan (paling banyak tiga; yang pertama menjadi pembanding)": 0,
    }


def test_a_damaged_workbook_is_refused_in_our_own_words(open_app: OpenApp) -> None:
    app = open_app("data", region="74.71")
    app.file_uploader[0].set_value(("unit.xlsx", b"PK\x03\x04\x00", "application/octet-stream")).run()
    assert errors(app) == [plain(say("tables.broken_book", "id", file="unit.xlsx"))]


def test_downloads_say_what_they_hold(open_app: OpenApp) -> None:
    app = open_app(region="74.71")
    for label in ("Kab/kota", "Kecamatan", "Wilayah kerja", "Kelurahan/desa"):
        app.session_state["gap-tabs-74.71"] = label
        labels = [button.proto.label for button in app.run().get("download_button")]
        assert len(labels) == len(set(labels))
        assert f"XLSX: {label}" in labels


def test_a_table_is_made_when_its_tab_is_opened(open_app: OpenApp) -> None:
    app = open_app(region="74")
    assert [len(table.value) for table in app.dataframe] == [17]
    app.session_state["gap-tabs-74"] = "Kelurahan/desa"
    assert [len(table.value) for table in app.run().dataframe] == [2285]


def test_what_was_made_ready_is_not_computed_again(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    shared_answers.make_ready("74.71")
    for name in ("open_study", "gaps", "region_areas"):
        monkeypatch.setattr(shared_answers, name, None)
    assert len(open_app(region="74.71").title) == 1


def test_another_cutoff_sends_little_to_the_browser(open_app: OpenApp) -> None:
    app = open_app(region="74", cutoff="60")
    app.number_input(key="cutoff").set_value(90).run()
    # Names to choose a village from do not change with the cutoff, and the browser keeps them.
    protos = [element.proto for element in app.main if element.proto is not None and element.type != "selectbox"]
    sent = sum(len(proto.SerializeToString()) for proto in protos)
    assert "component_instance" in [element.type for element in app.main]
    assert sent < 150_000


@pytest.mark.parametrize(("region", "first"), [("74", "Kab/kota"), ("74.71", "Kelurahan/desa")])
def test_the_tables_open_on_what_is_looked_for(open_app: OpenApp, region: str, first: str) -> None:
    assert open_tab(open_app(region=region)) == first


def test_the_open_tab_stays_after_saving_and_in_another_region_and_language(open_app: OpenApp) -> None:
    app = open_app("data", region="74")
    assert open_tab(app) == "Unit"
    app.session_state["data-tabs-id"] = "Penyeberangan"
    app.run()
    start = gaps(open_study("74"), 60).villages.query("state == 'not_connected'").index[0]
    next(box for box in app.selectbox if box.label == "Dari kelurahan/desa").set_value(start)
    next(box for box in app.text_input if box.label.startswith("Ke kelurahan")).set_value("74.72.02.1005")
    next(button for button in app.button if button.label == "Nyatakan penyeberangan").click().run()
    assert len(app.success) == 1
    assert open_tab(app) == "Penyeberangan"
    app.selectbox(key="region").set_value("16.73").run()
    assert open_tab(app) == "Penyeberangan"
    app.radio(key="lang").set_value("en").run()
    assert open_tab(app) == say("dashboard.tab_ferries", "en")


def test_bases_of_the_region_come_first_each_with_its_regency(open_app: OpenApp) -> None:
    app = open_app("pokling", region="74.71", date="2024-10-05")
    units = open_study("74.71").units
    (box,) = [box for box in app.selectbox if box.label == say("dashboard.base", "id")]
    inside = int(units["in_region"].sum())
    assert 0 < inside < len(units)
    assert all(label.endswith(", Kota Kendari") for label in box.options[:inside])
    assert not any(label.endswith(", Kota Kendari") for label in box.options[inside:])


def test_the_data_page_does_not_count_what_is_none(open_app: OpenApp) -> None:
    units = Workspace.open().units().loc[["bnnk-lumajang"]].assign(location_quality="disurvei")
    Workspace.open().save_units(units)
    assert open_app("data", region="35.08").title[0].value == plain("1 unit di Kabupaten Lumajang")
