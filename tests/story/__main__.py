"""`python -m tests.story` prints the story as it is told now; `--write` keeps it as the golden file."""

import logging
import sys
import tempfile
from pathlib import Path

from service.store.engine import open_store
from service.store.migrate import upgrade
from tests.story.play import stage
from tests.story.telling import FOLDER, load_story
from tests.story.timeline import timeline
from tests.story.watching import Notes

GOLDEN = FOLDER / "golden.txt"


def told() -> str:
    """The story played on a fresh database."""
    story, notes = load_story(), Notes()
    with tempfile.TemporaryDirectory(prefix="watchfire-story-") as folder:
        store = open_store(f"sqlite:///{folder}/story.db")
        upgrade(store)
        with stage(store, Path(folder), story) as desk:
            desk.play(notes)
        store.dispose()
    return timeline(story, notes)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    text = told()
    if "--write" in sys.argv[1:]:
        GOLDEN.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
