"""Questions to the servers that pipelines talk to, by HTTP: what passes is tried again, what is refused is told."""

import http.client
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping

ATTEMPTS = 4
LONGEST = 60.0
BUSY = 429


class WebError(Exception):
    """A server refuses, or does not answer; `status` is 0 then, and `after` the seconds that it asks to wait.

    The text names the question. The server's own `words` stand apart: they may repeat what was asked.
    """

    def __init__(self, message: str, status: int, words: str = "", after: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.words = words
        self.after = after

    @property
    def passing(self) -> bool:
        """Whether the same question may be answered later."""
        return self.status in {0, BUSY} or self.status >= 500


class _Elsewhere(urllib.request.HTTPRedirectHandler):
    """Another server must not see what was meant for this one."""

    def redirect_request(  # noqa: PLR0917 - the library's own signature
        self, req: urllib.request.Request, fp: object, code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        made = super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
        if made is not None and urllib.parse.urlsplit(newurl).netloc != urllib.parse.urlsplit(req.full_url).netloc:
            for name in ("Authorization", "Job-token", "Private-token", "X-vault-token"):
                made.remove_header(name)
        return made


def ask(
    url: str,
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
    *,
    again: bool = True,
) -> bytes:
    """The body of the answer; WebError where it is no success.

    `again`: asking twice does no harm. A server that is busy (429) has done nothing yet, and is asked again anyway.
    """
    question = urllib.request.Request(url, data, dict(headers or {}), method=method)
    for left in reversed(range(ATTEMPTS)):
        try:
            return fetch(question)[1]
        except WebError as refusal:
            if not left or not refusal.passing or not (again or refusal.status == BUSY):
                raise
            pause = float(os.environ.get("WEB_PAUSE", "2")) * 2 ** (ATTEMPTS - left)
            time.sleep(min(max(refusal.after, pause), LONGEST))
    raise AssertionError  # the last try returns or raises


def fetch(question: urllib.request.Request, timeout: float = 60) -> tuple[int, bytes]:
    """Status and body of one answer; WebError where it is no success."""
    asked = f"{question.get_method()} {urllib.parse.urlsplit(question.full_url)._replace(query='').geturl()}"
    try:
        with urllib.request.build_opener(_Elsewhere).open(question, timeout=timeout) as answer:
            return answer.status, bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise _explain(asked, error) from None
    except (OSError, http.client.HTTPException) as error:
        message = f"{asked}: {getattr(error, 'reason', '') or error or type(error).__name__}"
        raise WebError(message, 0) from None


def _explain(asked: str, error: urllib.error.HTTPError) -> WebError:
    after = error.headers.get("Retry-After") or ""
    try:
        words = error.read().decode(errors="replace")[:500]
    except (OSError, http.client.HTTPException):
        words = ""
    return WebError(f"{asked}: {error.code}", error.code, words, float(after) if after.isdigit() else 0.0)
