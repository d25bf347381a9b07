"""Files that come with a form: bounded before any of their bytes is kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

# What the other fields of the form and the seams between them may take besides.
_BESIDES_BYTES = 512 * 1024


class BoundedUploads(FileUploadHandler):
    """Let files past only when the request is not too large; comes before the others.

    Where it is, the files are read off and dropped, so that the form can say so beside
    its field: `request.upload_too_large` holds the size of the request in bytes.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Judge the request by the length that it declares; no more is read of it."""
        self.is_too_large = content_length > settings.UPLOAD_MOST_BYTES + _BESIDES_BYTES
        if self.is_too_large and self.request is not None:
            self.request.upload_too_large = content_length  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip the file where the request is too large.

        Raises:
            SkipFile: it is.
        """
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the bytes on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that come after."""
