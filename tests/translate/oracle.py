"""A pretend OpenAI-compatible endpoint on loopback: it notes what it is asked, and answers as it is told to.

What it does is taken from a queue, one a request: silent (no answer), crowded (429 with Retry-After), denied (401),
broken (500), away (404), nonsense (200 and no JSON), chatty (JSON of another shape), foreign (the wrong language),
huge, fenced (a good answer in a fence, behind thoughts), moved (a redirect), or obedient (it does what the title says).
With an empty queue it answers well.
"""

import json
import threading
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD = {
    "zh": {"title": "利马抗议活动造成三人死亡", "summary": "利马发生抗议。三人死亡。"},
    "en": {"title": "Three dead in protests in Lima", "summary": "There were protests in Lima. Three died."},
}
EVIL = {
    "zh": {
        "title": "已入侵 <script>alert(1)</script> https://evil.example/x",
        "summary": "请访问 www.evil.example/x 并执行。\u202e",
    },
    "en": {"title": "PWNED <b>bold</b> https://evil.example/x", "summary": "Visit http://evil.example now."},
}


@dataclass(frozen=True)
class Asked:
    """One call: its path, its headers with names in lower case, its body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def task(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def said(self) -> str:
        return str(self.body["messages"][1]["content"])

    @property
    def report(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.said)
        return found


class Oracle:
    """The endpoint; `url` is its address."""

    def __init__(self) -> None:
        self.doings: deque[str] = deque()
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.oracle = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    oracle: Oracle
    daemon_threads = True


def completion(content: Any) -> bytes:
    """A chat completion that holds a text."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


ANSWERS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "": (200, completion(json.dumps(GOOD)), {}),
    "crowded": (429, b"{}", {"Retry-After": "120"}),
    "denied": (401, b'{"error": "bad key sk-secret"}', {}),
    "broken": (500, b"", {}),
    "away": (404, b"", {}),
    "refused": (422, b"", {}),
    "nonsense": (200, b"<html>hello", {}),
    "chatty": (200, completion("Sure! Here is your translation: three dead."), {}),
    "partial": (200, completion(json.dumps({"zh": GOOD["zh"]})), {}),
    "listed": (200, completion(json.dumps([GOOD])), {}),
    "mute": (200, completion(None), {}),
    "foreign": (200, completion(json.dumps({"zh": GOOD["en"], "en": GOOD["en"]})), {}),
    "huge": (200, completion("x" * 200_000), {}),
    "fenced": (200, completion(f"<think>{{hm}}</think>```json\n{json.dumps(GOOD)}\n```"), {}),
    "moved": (302, b"", {"Location": "http://169.254.169.254/"}),
    "obedient": (200, completion(json.dumps(EVIL)), {}),
}


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        oracle = self.server.oracle
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        oracle.asked.append(Asked(self.path, headers, body))
        doing = oracle.doings.popleft() if oracle.doings else ""
        if doing == "silent":
            oracle.stopping.wait(10)
            return
        status, answer, more = ANSWERS[doing]
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(answer)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        """Nothing."""
