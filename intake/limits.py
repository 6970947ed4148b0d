"""Keeping what is sent within bounds while it arrives: nothing above the limits reaches memory or disk."""

from __future__ import annotations

from typing import IO, Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from zaitaku.lib.archives import MAX_FILE_BYTES

MAX_FILES = 20
MAX_REQUEST_BYTES = 3 * MAX_FILE_BYTES


class PassedOver(SimpleUploadedFile):
    """Stands in for a file above a limit, of which nothing is kept."""

    def __init__(self, name: str) -> None:
        super().__init__(name or "file", b"")


class LimitedUpload(FileUploadHandler):
    """Stands before Django's own handlers; the names of files above a limit are in `too_large` and `too_many`.

    The rest of such a request is read and thrown away, so that the browser gets a page that says what happened.
    (Django's `SkipFile` would close the files received before it as well.)
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.too_large: list[str] = []
        self.too_many: list[str] = []
        self._files = self._received = self._received_of_all = 0
        self._exceeds_all = self._is_passed_over = False

    def handle_raw_input(
        self,
        _input_data: IO[bytes],
        _meta: dict[str, str],
        content_length: int,
        _boundary: str,
        _encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        """Note whether the request as a whole is too large."""
        self._exceeds_all = content_length > MAX_REQUEST_BYTES
        return None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Pass over what comes after the last allowed file."""
        super().new_file(*args, **kwargs)
        self._files += 1
        self._received, self._is_passed_over = 0, False
        if self._files > MAX_FILES:
            self._pass_over(self.too_many)
        elif self._exceeds_all:
            self._pass_over(self.too_large)

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes | None:
        """Count, and hand nothing on once the file is too large."""
        self._received += len(raw_data)
        self._received_of_all += len(raw_data)
        if not self._is_passed_over and (self._received > MAX_FILE_BYTES or self._received_of_all > MAX_REQUEST_BYTES):
            self._pass_over(self.too_large)
        return None if self._is_passed_over else raw_data

    def file_complete(self, _file_size: int) -> UploadedFile[bytes] | None:
        """The next handler makes the file, unless it was passed over."""
        return PassedOver(self.file_name or "") if self._is_passed_over else None

    def _pass_over(self, names: list[str]) -> None:
        self._is_passed_over = True
        names.append(self.file_name or "")
