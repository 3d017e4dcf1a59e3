"""What an uploaded file says."""

from werkzeug.datastructures import FileStorage


def read_upload(upload: FileStorage | None) -> str:
    """The text of an uploaded file: UTF-8, or what a spreadsheet in western Europe writes."""
    if not upload or not upload.filename:
        return ""
    content: bytes = upload.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\0", "")
