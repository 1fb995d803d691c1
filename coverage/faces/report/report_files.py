"""What a report gives to be written as a file; which files there are stands in the registry of formats."""

from collections.abc import Callable, Mapping
from functools import cache

from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.document import Document
from coverage.faces.files.sources import ReportSource
from coverage.faces.report.answers import Answers
from coverage.faces.report.assemble import report_document
from coverage.faces.report.workbook import report_sheets
from coverage.ground.quantities import Language
from coverage.ground.texts import say

__all__ = ["report_files"]


def report_files(answers: Answers, lang: Language, *, again: str) -> Mapping[str, Callable[[], bytes]]:
    """Say how each format of a report is made, by its name; nothing is made before it is asked for.

    Parameters
    ----------
    again
        What is typed to get the same report again; "" where no command can.
    """

    @cache
    def document() -> Document:
        return report_document(answers, lang, again=again)

    title = f"{say('report.title', lang)}, {answers.study.region.name}"
    return FORMATS.files("report", ReportSource(title, document, lambda: report_sheets(answers, lang)), lang)
