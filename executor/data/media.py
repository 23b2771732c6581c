"""What kind of file a name promises, and a written file as a value."""

from pathlib import PurePosixPath

from executor.egress.files import ProjectFiles
from memory.model.base import sha256
from memory.model.errors import BadInput
from memory.model.work.value import File

TYPES = {
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".json": "application/json",
    ".jsonl": "application/x-ndjson", ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain",
    ".log": "text/plain", ".html": "text/html", ".htm": "text/html", ".pdf": "application/pdf",
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".svg": "image/svg+xml", ".webp": "image/webp", ".xml": "application/xml",
    ".yaml": "application/yaml", ".yml": "application/yaml", ".toml": "application/toml",
    ".py": "text/x-python", ".js": "text/javascript", ".css": "text/css",
    ".zip": "application/zip",
}  # fmt: skip


def media_type(path: str) -> str:
    """The media type by the name's ending; `application/octet-stream` where it says nothing."""
    return TYPES.get(PurePosixPath(path).suffix.casefold(), "application/octet-stream")


def written(files: ProjectFiles, path: str, data: bytes, *, title: str = "") -> File:
    """Write the bytes and give back the file as a value. Raises what `ProjectFiles.write` does.

    Git's own folder is left alone: a hook in it would be run as a program.
    """
    if any(part.casefold() == ".git" for part in files.resolve(path).relative_to(files.root).parts):
        raise BadInput("{path} belongs to Git, and I don't write there.", path=path)
    target = files.write(path, data)
    return File(
        path=files.relative(target),
        digest=sha256(data),
        media_type=media_type(target.name),
        size=len(data),
        title=title,
    )
