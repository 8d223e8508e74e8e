"""One visitor without a browser: Streamlit's own websocket protocol, spoken as its frontend does.

Sends all widgets with every rerun, asks for a fragment alone where one holds the changed widget,
and keeps the hashes of large messages for two runs, so that the server may answer with references.
Draws nothing, and asks for a rerun only when told to; components never answer.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import time
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.widgets import Drawn, Widgets

_XSRF = "_streamlit_xsrf"
_BROKEN = "script_compilation_exception"
_BOUNDARY = "cnnviz-benchmark"
_KEPT_RUNS = 2  # global.maxCachedMessageAge
_DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Refused(RuntimeError):
    """The server answered with an exception, or with something other than a run."""


@dataclass(slots=True)
class Run:
    """One script run as the visitor saw it; times in seconds from the sending of the request.

    Attributes:
        first_s: Seconds until the first message of the answer.
        finished_s: Seconds until the script reported its end.
        messages: How many came.
        size_bytes: Bytes of all of them.
        is_whole: Whether it was the whole script, and not a fragment alone.
        drawn: What was drawn, in order; references are left out.
        exceptions: What the script showed as exceptions.
    """

    first_s: float = 0.0
    finished_s: float = 0.0
    messages: int = 0
    size_bytes: int = 0
    is_whole: bool = True
    drawn: list[Drawn] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)


def cookie(address: str) -> str:
    """Return the XSRF token that the server gives to every visitor."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"{address}/_stcore/health", timeout=60).close()
    return next((each.value or "" for each in jar if each.name == _XSRF), "")


class Visitor:
    """One session on one page."""

    def __init__(self, address: str, page: str, token: str) -> None:
        """Prepare a visit.

        Args:
            address: Address of the server.
            page: Path and query, like `convolution?lang=en`.
            token: Token from `cookie`; visitors may share it.
        """
        split = urlsplit(page)
        self.address, self.page_name, self.token = address, split.path, token
        self.query = dict(parse_qsl(split.query))
        self.session_id = ""
        self._socket: ClientConnection | None = None
        self._page_hash = ""
        self._widgets = Widgets()
        self._hashes: dict[str, int] = {}

    async def open(self) -> Run:
        """Connect and run the page for the first time."""
        self._socket = await connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit", self.token],  # type: ignore[list-item]
            origin=self.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{_XSRF}={self.token}"},
            compression=None,
            max_size=None,
            open_timeout=60,
            ping_interval=None,
        )
        return await self.rerun()

    async def close(self) -> None:
        """Leave."""
        if self._socket:
            await self._socket.close()

    async def choose(self, key: str, option: str) -> Run:
        """Choose an option of a segmented control, by its words, and wait for the answer."""
        found = self._widgets.find(key)
        self._widgets.states[found].string_array_value.data[:] = [option]
        if parameter := self._widgets.parameter(found):
            self.query[parameter] = option
        return await self.rerun(self._widgets.fragment(found))

    async def upload(self, key: str, name: str, data: bytes) -> Run:
        """Give a file to the uploader of that key, as the browser does, and wait for the answer."""
        assert self._socket is not None
        found = self._widgets.find(key)
        request = BackMsg()
        request.file_urls_request.request_id = name
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self.session_id
        await self._socket.send(request.SerializeToString())
        urls = None
        while urls is None:
            message = ForwardMsg.FromString(await self._socket.recv(decode=False))
            if message.WhichOneof("type") == "file_urls_response":
                urls = message.file_urls_response.file_urls[0]
        await asyncio.to_thread(self._put, urls.upload_url, name, data)
        info = self._widgets.states[found].file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(data), urls.file_id
        info.file_urls.CopyFrom(urls)
        return await self.rerun(self._widgets.fragment(found))

    def _put(self, url: str, name: str, data: bytes) -> None:
        head = (
            f"--{_BOUNDARY}\r\nContent-Disposition: form-data; "
            f'name="{name}"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        )
        request = urllib.request.Request(
            urljoin(self.address, url),
            head.encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode(),
            {
                "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
                "X-Xsrftoken": self.token,
                "Cookie": f"{_XSRF}={self.token}",
            },
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=60).close()

    async def rerun(self, fragment: str = "") -> Run:
        """Ask for a run with everything as it is, and wait until it is answered.

        Args:
            fragment: Fragment to run alone; "" for the whole script.
        """
        assert self._socket is not None
        request = BackMsg()
        client = request.rerun_script
        client.query_string = urlencode(self.query)
        client.page_script_hash = self._page_hash
        client.page_name = "" if self._page_hash else self.page_name
        client.fragment_id = fragment
        client.widget_states.widgets.extend(self._widgets.states.values())
        client.cached_message_hashes.extend(self._hashes)
        client.context_info.locale = "en-US"
        client.context_info.timezone = "UTC"
        client.context_info.url = f"{self.address}/{self.page_name}"
        client.context_info.color_scheme = "light"
        sent = time.perf_counter()
        await self._socket.send(request.SerializeToString())
        run = await self._answer(self._socket, sent)
        self._learn(run)
        return run

    async def _answer(self, socket: ClientConnection, sent: float) -> Run:
        run, run_id = Run(), None
        while True:
            data = await socket.recv(decode=False)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            run.first_s = run.first_s or time.perf_counter() - sent
            run.messages += 1
            run.size_bytes += len(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                run_id = message.metadata.run.script_run_id
                run.is_whole = not message.metadata.run.fragment_ids
                run.drawn.clear()
                self._page_hash = message.new_session.page_script_hash
                self.session_id = message.new_session.initialize.session_id
            elif kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                run.drawn.append(Drawn(message.delta.new_element, message.delta.fragment_id))
            elif kind == "session_event" and message.session_event.WhichOneof("type") == _BROKEN:
                raise Refused(str(message.session_event)[:300])
            elif _is_end(message, run_id):
                run.finished_s = time.perf_counter() - sent
                return run
            if message.metadata.cacheable:
                self._hashes[message.hash] = 0
            elif kind == "ref_hash":
                self._hashes[message.ref_hash] = 0

    def _learn(self, run: Run) -> None:
        """Keep what a browser keeps: widgets with their values, and hashes of large messages."""
        self._hashes = {name: age + 1 for name, age in self._hashes.items() if age < _KEPT_RUNS}
        self._widgets.learn(run.drawn, is_whole=run.is_whole)
        for element, _ in run.drawn:
            if element.WhichOneof("type") == "exception":
                run.exceptions.append(element.exception.message or element.exception.type)


def _is_end(message: ForwardMsg, run_id: str | None) -> bool:
    """Whether a run is over; one that starts over, or makes way for another, is not."""
    return (
        message.WhichOneof("type") == "script_finished"
        and message.metadata.run.script_run_id == run_id
        and message.script_finished in _DONE
    )
