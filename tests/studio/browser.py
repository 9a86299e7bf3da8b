"""agent-chat-ui in Chromium against the server: asked, approved, talked over, and its other buttons pressed.

`make browser` builds the interface and runs this; it ends with status 0 when everything went as it should, and says
what was skipped where a part cannot be had. The pictures are left in the folder that is named.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from app.studio.people import PEOPLE
from tests.studio.served import Served, free_port, served
from tests.studio.talk import SEND, Person, Told

Found = TypeVar("Found")
PATIENCE = 60_000
"""Milliseconds."""


def main(parts: Path) -> int:
    """`parts` holds agent-chat-ui, built, and mermaid in node_modules."""
    interface = parts / "agent-chat-ui"
    chromium = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    try:
        import playwright.sync_api  # type: ignore[import-not-found]
    except ImportError:
        return _skipped("the package playwright is not installed")
    if chromium is None:
        return _skipped("there is no Chromium on this machine")
    if not (interface / ".next").is_dir():
        return _skipped(f"agent-chat-ui is not built in {interface}")
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as server,
        _interface(interface) as page_of,
        playwright.sync_api.sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        visit = Visit(server, browser, page_of, parts)
        for step in (visit.draw, visit.approve, visit.regenerate, visit.talk_over, visit.resolve, visit.reject):
            step()
            sys.stdout.write(f"passed  {step.__doc__}\n")
        browser.close()
    return 0


def _skipped(why: str) -> int:
    sys.stdout.write(f"skipped  agent-chat-ui in a browser: {why}\n")
    return 0


class Visit:
    """One person before the browser. Every step has a thread and a window of its own."""

    def __init__(self, server: Served, browser: Any, origin: str, parts: Path) -> None:
        self.server, self.browser, self.origin = server, browser, origin
        self.pictures, self.drawing = parts / "pictures", parts / "node_modules/mermaid/dist/mermaid.min.js"
        self.pictures.mkdir(exist_ok=True)
        self.key = server.key("ana")

    def approve(self) -> None:
        """ask, see the card, approve, see the receipt"""
        page = self._card("approve")
        page.get_by_role("button", name="Approve", exact=True).click()
        page.get_by_text("(receipt ").first.wait_for(timeout=PATIENCE)
        self._picture(page, "receipt")
        assert len(self._told(page).receipts) == 1

    def regenerate(self) -> None:
        """let it say the same once more, from before: nothing is sent a second time"""
        page = self._card("regenerate")
        page.get_by_role("button", name="Approve", exact=True).click()
        page.get_by_text("(receipt ").first.wait_for()
        before = self._sent()
        page.get_by_role("button", name="Refresh").last.click()
        page.get_by_role("button", name="Cancel").wait_for()
        page.get_by_role("button", name="Send", exact=True).wait_for()
        self._picture(page, "regenerated")
        assert self._sent() == before

    def talk_over(self) -> None:
        """type a message instead of deciding: nothing is sent, nothing is faked"""
        page = self._card("talk-over")
        self._say(page, "What is 2 plus 2?")
        page.get_by_text("2 + 2 = 4").first.wait_for(timeout=PATIENCE)
        self._picture(page, "talked-over")
        self._nothing_done(page)

    def resolve(self) -> None:
        """mark the card as resolved: nothing is sent, and it is still there"""
        page = self._card("resolve")
        page.get_by_role("button", name="Mark as Resolved").first.click()
        page.wait_for_load_state("networkidle")
        self._picture(page, "resolved")
        self._nothing_done(page)
        assert self._told(page).pending

    def reject(self) -> None:
        """reject it with a reason: nothing is sent"""
        page = self._card("reject")
        page.get_by_placeholder("Share feedback with the agent...").fill("not now")
        page.get_by_role("button", name="Submit rejection").click()
        page.get_by_text("not now").first.wait_for(timeout=PATIENCE)
        self._picture(page, "rejected")
        self._nothing_done(page)

    def draw(self) -> None:
        """the graph, drawn of what the server says it is"""
        graph = _done(self._graph())
        page = self.browser.new_page(viewport={"width": 1500, "height": 900})
        page.set_content(f'<pre class="mermaid">{mermaid(graph)}</pre>')
        page.add_script_tag(path=self.drawing)
        page.evaluate("mermaid.run()")
        page.locator("svg .node").first.wait_for(timeout=PATIENCE)
        self._picture(page, "graph")
        assert {"route", "approve", "gmail_send", "answer"} <= {str(node["id"]) for node in graph["nodes"]}

    def _card(self, name: str) -> Any:
        """A new window in which the mail was asked for, and waits."""
        page = self.browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(f"localStorage.setItem('lg:chat:apiKey', {self.key!r})")
        page.goto(f"{self.origin}/?{urlencode({'apiUrl': self.server.origin, 'assistantId': 'valet'})}")
        self._say(page, SEND)
        page.get_by_role("button", name="Approve", exact=True).wait_for()
        self._picture(page, f"card-{name}")
        return page

    def _say(self, page: Any, text: str) -> None:
        box = page.get_by_placeholder("Type your message...")
        box.fill(text)
        box.press("Enter")

    def _picture(self, page: Any, name: str) -> None:
        page.screenshot(path=self.pictures / f"{name}.png", full_page=True)

    def _sent(self) -> int:
        """How many writes the person's ledger says were done."""
        with closing(sqlite3.connect(self.server.home / PEOPLE / "ana" / "valet.db")) as database:
            return int(database.execute("SELECT count(*) FROM effects WHERE stage = 'done'").fetchone()[0])

    def _nothing_done(self, page: Any) -> None:
        told = self._told(page)
        assert not told.receipts
        assert not [m for m in told.messages if "Successfully handled" in str(m["content"])]

    def _told(self, page: Any) -> Told:
        thread = str(page.evaluate("new URL(location.href).searchParams.get('threadId')"))

        async def ask() -> Told:
            async with self.server.client(self.key) as client:
                return await Person(client).told(thread)

        return _done(ask())

    async def _graph(self) -> Any:
        async with self.server.client(self.key) as client:
            [assistant] = await client.assistants.search()
            return await client.assistants.get_graph(assistant["assistant_id"])


def mermaid(graph: Any) -> str:
    """The graph in mermaid's words; the edges that are taken by a choice are dotted."""
    arrows = {True: "-.->", False: "-->"}
    edges = [f"  {e['source']} {arrows[bool(e.get('conditional'))]} {e['target']}" for e in graph["edges"]]
    return "\n".join(["graph LR", *edges]).replace("__start__", "START").replace("__end__", "END_")


@contextmanager
def _interface(folder: Path) -> Iterator[str]:
    """The built interface, served on this machine."""
    port = free_port()
    command = [str(folder / "node_modules/.bin/next"), "start", "-H", "127.0.0.1", "-p", str(port)]
    environ = {**os.environ, "NEXT_TELEMETRY_DISABLED": "1"}
    with subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert any("Ready in" in line for line in process.stdout), "the interface did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _done(work: Coroutine[Any, Any, Found]) -> Found:
    """What it gives; in a thread of its own, since the browser's driver has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
