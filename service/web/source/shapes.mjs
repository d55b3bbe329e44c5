// The world's countries as paths by ISO 3166 code, in Equal Earth: `node shapes.mjs FILE CODES`, where CODES is JSON from
// ISO numbers to two letters. Arcs are thinned before they become rings, so that neighbours keep one border between them.
import { readFileSync, writeFileSync } from "node:fs";
import { geoArea, geoEqualEarth, geoGraticule, geoPath, geoStream } from "d3-geo";
import { feature } from "topojson-client";

const [into, codes] = [process.argv[2], JSON.parse(process.argv[3])];
const WIDE = 2000;
const MIDDLE = 11; // degrees east: the seam runs through the Bering Strait and cuts nobody
const NORTH = 84, SOUTH = -57; // Antarctica has no countries
const LEAST = 1.6; // units between two points of a coast
const SPECK = 5; // square units below which an island is left out, unless it is all there is
const DOT = 40; // square units below which a country is shown as a dot too

const world = JSON.parse(readFileSync(new URL("../../../node_modules/world-atlas/countries-50m.json", import.meta.url)));
const projection = geoEqualEarth().rotate([-MIDDLE, 0]).fitWidth(WIDE, { type: "Sphere" }).precision(0.3);
const top = projection([MIDDLE, NORTH])[1];
projection.translate([projection.translate()[0], projection.translate()[1] - top]);
const high = Math.ceil(projection([MIDDLE, SOUTH])[1]);

const { scale: [kx, ky], translate: [dx, dy] } = world.transform;
world.arcs = world.arcs.map(thinned);
delete world.transform;

function thinned(arc) {
  let [x, y] = [0, 0], last = null;
  const points = arc.map(([a, b]) => [(x += a) * kx + dx, (y += b) * ky + dy]);
  return points.filter((point, at) => {
    const here = projection(point);
    const far = !last || Math.hypot(here[0] - last[0], here[1] - last[1]) >= LEAST;
    if (far) last = here;
    return far || at === points.length - 1;
  });
}

// A thinned ring may have turned over, and would then be taken for the whole world without it; of some nothing is left.
function sound(object) {
  const every = (object.type === "Polygon" ? [object.coordinates] : object.coordinates).map((some) => some
    .filter((ring) => ring.length > 3)
    .map((ring, at) => (geoArea({ type: "Polygon", coordinates: [ring] }) > 2 * Math.PI) !== (at > 0) ? ring.slice().reverse() : ring));
  return { type: "MultiPolygon", coordinates: every.filter((some) => some.length) };
}

// Rings as integers, each step told from the one before: half the length of absolute ones.
function rings(object) {
  const found = [];
  let ring = null;
  const sink = {
    point: (x, y) => ring.push([Math.round(x), Math.round(y)]),
    lineStart: () => { ring = []; }, lineEnd: () => { found.push(ring); },
    polygonStart() {}, polygonEnd() {}, sphere() {},
  };
  geoStream(object, projection.stream(sink));
  return found;
}

const area = (ring) => Math.abs(ring.reduce((sum, [x, y], at) => {
  const [a, b] = ring[(at + 1) % ring.length];
  return sum + x * b - a * y;
}, 0)) / 2;

function line(ring, close) {
  let [x, y] = ring[0], told = `M${x} ${y}l`;
  const steps = [];
  for (const [a, b] of ring.slice(1)) {
    if (a === x && b === y) continue;
    steps.push(`${a - x} ${b - y}`);
    [x, y] = [a, b];
  }
  return steps.length ? told + steps.join(" ").replaceAll(" -", "-") + (close ? "z" : "") : "";
}

const shapes = {}, dots = {}, other = [], sizes = {};
for (const one of feature(world, world.objects.countries).features) {
  const code = codes[one.id] ?? (one.properties.name === "Kosovo" ? "XK" : null);
  const all = one.id === "010" ? [] : rings(sound(one.geometry)).sort((a, b) => area(b) - area(a));
  if (!all.length) continue;
  const path = all.filter((ring, at) => area(ring) >= SPECK || at === 0).map((ring) => line(ring, true)).join("");
  if (!code) { other.push(path); continue; }
  shapes[code] = (shapes[code] ?? "") + path;
  sizes[code] = (sizes[code] ?? 0) + all.reduce((sum, ring) => sum + area(ring), 0);
  dots[code] ??= geoPath(projection).centroid(one).map(Math.round);
}
for (const code of Object.keys(dots)) if (sizes[code] >= DOT) delete dots[code];

const grid = rings(geoGraticule().step([30, 30]).extentMajor([[-180, -60], [180, 84]])()).map((one) => line(one, false));
writeFileSync(into, JSON.stringify({
  credit: "Natural Earth", wide: WIDE, high, scale: projection.scale(),
  left: projection.translate()[0], top: projection.translate()[1], middle: MIDDLE,
  shapes, dots, other: other.join(""), grid: grid.join(""),
}));
