"""What an uploaded file says."""

from werkzeug.datastructures import FileStorage

from deliberate.inputs.spreadsheets import MOST_ROWS, read_text


def read_upload(upload: FileStorage | None, most_rows: int = MOST_ROWS) -> str:
    """What an uploaded CSV, JSON or XLSX says, as text; empty when no file was chosen. Raises Refusal, FaultyEntry."""
    if not upload or not upload.filename:
        return ""
    return read_text(upload.read(), most_rows)
