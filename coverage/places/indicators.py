"""The indicators that offices report, each with one spelling and the unit it is counted in."""

import re
from dataclasses import dataclass

__all__ = ["AGEN_PEMULIHAN", "IBM", "IKM", "INDICATORS", "Indicator", "indicator_of", "is_counted", "unit_of"]


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes
    ----------
    name, unit
        As they are written down.
    counted
        Whether it is a count that grows within the period, so that it has a pace and adds up over offices; an index
        is not.
    also
        Other ways to write it, in small letters.
    """

    name: str
    unit: str
    counted: bool = True
    also: tuple[str, ...] = ()


IBM = "IBM"
IKM = "IKM"
AGEN_PEMULIHAN = "agen pemulihan"
INDICATORS = (
    Indicator("rehabilitasi", "orang", also=("rehab", "layanan rehabilitasi", "klien rehabilitasi")),
    Indicator("SKHPN", "surat", also=("surat keterangan hasil pemeriksaan narkotika", "layanan skhpn", "surat skhpn")),
    Indicator("rawat lanjut", "orang", also=("pascarehabilitasi", "pasca rehabilitasi", "bina lanjut")),
    Indicator(IBM, "unit", also=("unit ibm", "ibm unit", "intervensi berbasis masyarakat")),
    Indicator("SIL", "kali", also=("skrining intervensi lapangan",)),
    Indicator(IKM, "indeks (skala 4)", counted=False, also=("indeks kepuasan masyarakat",)),
    Indicator(AGEN_PEMULIHAN, "orang", also=("ap", "agen pemulihan ap")),
    Indicator("Desa Bersinar", "desa", also=("kelurahan bersinar", "desa kelurahan bersinar")),
)
"""In the order in which they are told."""


_BY_NAME = {
    name: one for one in INDICATORS for name in (one.name.casefold(), f"{one.name} {one.unit}".casefold(), *one.also)
}


def indicator_of(text: str) -> Indicator:
    """Find the indicator a text names; one that is not known is taken as it is written, a count without a unit.

    Examples
    --------
    >>> indicator_of("Jumlah unit IBM").name, indicator_of("skhpn").unit, indicator_of("Tes  urine").name
    ('IBM', 'surat', 'Tes urine')
    """
    wanted = " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split()).removeprefix("jumlah ")
    return _BY_NAME.get(wanted) or Indicator(" ".join(text.split()), "")


def unit_of(indicator: Indicator, text: str) -> str:
    """Give the unit of a figure: what is written, or the indicator's own where nothing or the same is written."""
    written = " ".join(text.split())
    same = {"", indicator.unit.casefold(), indicator.unit.partition(" ")[0].casefold()}
    return indicator.unit if written.casefold() in same else written


def is_counted(name: str, unit: str) -> bool:
    """Tell whether a figure is a count: by its indicator, or by its unit where the indicator is not known.

    Examples
    --------
    >>> is_counted("SIL", "kali"), is_counted("IKM", ""), is_counted("Kepatuhan", "persen")
    (True, False, False)
    """
    return indicator_of(name).counted and _INDEX_UNITS.search(unit.casefold()) is None


_INDEX_UNITS = re.compile(r"%|\b(?:indeks|persen|persentase|nilai|skor|skala)\b")
