"""The files a report can become; shared by command and dashboard."""

from collections.abc import Callable, Mapping
from functools import cache

from coverage.faces.files.document import Document
from coverage.faces.files.document_pdf import document_pdf
from coverage.faces.files.xlsx_file import workbook_bytes
from coverage.faces.report.answers import Answers
from coverage.faces.report.assemble import report_document
from coverage.faces.report.workbook import report_sheets
from coverage.ground.quantities import Language
from coverage.ground.texts import say

__all__ = ["FORMATS", "MEDIA", "report_files"]

FORMATS = ("pdf", "docx", "xlsx")

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def report_files(answers: Answers, lang: Language, *, again: str) -> Mapping[str, Callable[[], bytes]]:
    """Say how each format of a report is made; nothing is made before it is asked for.

    Parameters
    ----------
    again
        What is typed to get the same report again; "" where no command can.
    """

    @cache
    def document() -> Document:
        return report_document(answers, lang, again=again)

    title = f"{say('report.title', lang)}, {answers.study.region.name}"
    return {
        "pdf": lambda: document_pdf(document()),
        "docx": lambda: _docx(document()),
        "xlsx": lambda: workbook_bytes(report_sheets(answers, lang), title=title, lang=lang),
    }


def _docx(document: Document) -> bytes:
    # python-docx would take a tenth of the start of every command.
    from coverage.faces.files.document_docx import document_docx  # noqa: PLC0415 - slow to start

    return document_docx(document)
