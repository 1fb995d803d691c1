"""The log reads as sentences: what, when in the region's own time, and from where."""

import pytest

from coverage.faces.words.change_lines import change_lines
from coverage.places.workspace.log import Entry


def entry(command, layers="visits"):
    return Entry("2026-11-24T23:05:00+00:00", command, layers, 3, "", "")


@pytest.mark.parametrize(
    ("region", "lang", "said"),
    [
        ("74.71", "id", "25 Nov 2026 pukul 07.05 WITA: kunjungan, 3 baris (Data)."),
        ("16.73", "id", "25 Nov 2026 pukul 06.05 WIB: kunjungan, 3 baris (Data)."),
        ("91", "en", "25 Nov 2026 at 08:05 WIT: visits, 3 rows (Data)."),
    ],
)
def test_a_change_is_told_in_the_region_s_time(region, lang, said):
    assert change_lines([entry("dasbor data")], region, lang) == [said]


def test_a_command_is_told_as_it_is_typed_and_an_unknown_layer_by_its_name():
    (line,) = change_lines([entry("import units", "units, sesuatu")], "74", "id")
    assert line.endswith("unit, sesuatu, 3 baris (jangkau import units).")
