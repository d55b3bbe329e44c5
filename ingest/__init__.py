"""World → Entry: fetch, parse and clean what sources publish. Door: `ingest.collect`."""

import sys
from typing import Any

# httpx brings a command line of its own, which it does without where the packages for it are missing. Where they are
# there, it would import them, and they would be a tenth of what `watchfire collect` takes to start.
_modules: dict[str, Any] = sys.modules
_modules.setdefault("httpx._main", None)
