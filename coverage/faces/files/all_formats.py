"""Every format that a list, a plan or a report can become: one registration each.

Asked by the command line (what ``--format`` and ``--output`` take), by the pages (their buttons), by whatever walks all
files. Of a kind, the order here is that of the buttons. Registering loads nothing that writes files.
"""

from coverage.faces.files.file_format import Format, Register

__all__ = ["FORMATS"]

FORMATS = Register()

_add = FORMATS.register
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KML = "application/vnd.google-earth.kml+xml"
_PDF, _GPX, _ICS = "application/pdf", "application/gpx+xml", "text/calendar"
_JSON, _GEOJSON = "application/json", "application/geo+json"
_TXT, _CSV = "text/plain", "text/csv"
_MACHINE, _EXCEL = "formats.for_programs", "formats.for_excel"

_add(Format("list", "json", "json", _JSON, "json_file.answer_json", text=True, needs="answer"))
_add(Format("list", "csv", "csv", _CSV, "csv_file.list_csv", text=True, hint=_MACHINE))
_add(
    Format("list", "csv-excel", "csv", _CSV, "csv_file.list_csv_excel", text=True, label="dashboard.csv", hint=_EXCEL),
)
_add(
    Format(
        "list", "xlsx", "xlsx", _XLSX, "xlsx_file.list_xlsx", label="dashboard.xlsx", to_print="dashboard.xlsx_print"
    )
)
_add(
    Format(
        "list", "geojson", "geojson", _GEOJSON, "geojson_file.list_geojson", text=True, label="dashboard.geojson",
        needs="areas",
    )
)  # fmt: skip
_add(Format("list", "text", "txt", _TXT, "text_file.answer_text", text=True, needs="text"))

_add(Format("plan", "xlsx", "xlsx", _XLSX, "xlsx_file.plan_xlsx", label="planning.file_xlsx"))
_add(Format("plan", "pdf", "pdf", _PDF, "pdf_file.plan_pdf", label="planning.file_pdf"))
_add(Format("plan", "gpx", "gpx", _GPX, "gpx_file.plan_gpx", text=True, label="planning.file_gpx"))
_add(Format("plan", "kml", "kml", _KML, "kml_file.plan_kml", text=True, label="planning.file_kml"))
_add(
    Format(
        "plan", "geojson", "geojson", _GEOJSON, "route_geojson.plan_geojson", text=True, label="planning.file_geojson"
    )
)
_add(Format("plan", "csv", "csv", _CSV, "csv_file.plan_csv", text=True, label="planning.file_csv", hint=_MACHINE))
_add(
    Format(
        "plan", "csv-excel", "csv", _CSV, "csv_file.plan_csv_excel", text=True, label="planning.file_csv_excel",
        hint=_EXCEL,
    )
)  # fmt: skip
_add(Format("plan", "ics", "ics", _ICS, "ics_file.plan_ics", text=True, label="planning.file_ics"))
# On a screen a plan as text is what a planner reads; as a file it is the message for phones.
_add(
    Format("plan", "txt", "txt", _TXT, "message_file.plan_message", text=True, label="planning.file_txt", typed="text")
)
_add(Format("plan", "md", "md", "text/markdown", "markdown_file.plan_markdown", text=True, label="planning.file_md"))
_add(Format("plan", "json", "json", _JSON, "json_file.answer_json", text=True, needs="answer"))

_add(Format("report", "pdf", "pdf", _PDF, "document_pdf.report_pdf", label="report.panel_pdf"))
_add(Format("report", "docx", "docx", _DOCX, "document_docx.report_docx", label="report.panel_docx"))
_add(Format("report", "xlsx", "xlsx", _XLSX, "xlsx_file.report_xlsx", label="report.panel_xlsx"))
