// The vertical profile of a route: height over distance, as SVG.

import { time, word } from "./words.js";

const HEIGHT = 150;
const LEFT = 44;
const RIGHT = 16;
const TOP = 10;
const BOTTOM = 22;

function shape(tag, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Metres between two places (haversine): near enough for a drawing. */
function metres(a, b) {
  const rad = Math.PI / 180;
  const h = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2
    + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.sqrt(h));
}

/** A round step that cuts a span into a few parts. */
function step(span, parts) {
  const rough = span / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((unit) => unit * power).find((size) => size >= rough);
}

/** Draws the profile into a section; `onCursor` hears which place the pointer is over. */
export function drawProfile(section, trajectory, band, onCursor) {
  const along = [0];
  for (let i = 1; i < trajectory.length; i += 1) along.push(along[i - 1] + metres(trajectory[i - 1], trajectory[i]));
  const total = Math.max(1, along.at(-1));
  const low = Math.min(0, ...trajectory.map((point) => point.alt_m));
  const top = Math.max(...trajectory.map((point) => point.alt_m), low + band.max) * 1.12 + 5;

  section.hidden = false;
  const width = Math.max(200, section.clientWidth - 32);
  const x = (distance) => LEFT + (distance / total) * (width - LEFT - RIGHT);
  const y = (height) => HEIGHT - BOTTOM - ((height - low) / (top - low)) * (HEIGHT - TOP - BOTTOM);
  const svg = shape("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });

  const ground = trajectory[0].alt_m;
  svg.append(shape("rect", { class: "band", x: LEFT, width: width - LEFT - RIGHT, y: y(ground + band.max), height: y(ground + band.min) - y(ground + band.max) }));
  for (const height of [band.min, band.max]) {
    svg.append(shape("line", { class: "band-edge", x1: LEFT, x2: width - RIGHT, y1: y(ground + height), y2: y(ground + height) }));
  }
  for (let height = 0, by = step(top - low, 4); height <= top; height += by) {
    svg.append(shape("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(height), y2: y(height) }));
    svg.append(shape("text", { x: LEFT - 6, y: y(height) + 4, "text-anchor": "end" }, height));
  }
  for (let distance = 0, by = step(total, 8); distance <= total; distance += by) {
    svg.append(shape("text", { x: x(distance), y: HEIGHT - 6, "text-anchor": "middle" }, `${distance / 1000} km`));
  }
  const points = trajectory.map((point, i) => `${x(along[i]).toFixed(1)},${y(point.alt_m).toFixed(1)}`);
  svg.append(shape("polygon", { class: "under", points: `${x(0)},${y(low)} ${points.join(" ")} ${x(total)},${y(low)}` }));
  svg.append(shape("polyline", { class: "path", points: points.join(" ") }));
  svg.append(shape("line", { class: "ground", x1: LEFT, x2: width - RIGHT, y1: y(low), y2: y(low) }));
  const cursor = shape("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM, visibility: "hidden" });
  svg.append(cursor);

  const heading = document.createElement("h2");
  const readout = document.createElement("span");
  heading.append(word("profile"), readout);
  section.replaceChildren(heading, svg);

  svg.addEventListener("pointermove", (event) => {
    const at = Math.max(0, Math.min(1, (event.offsetX * (width / svg.clientWidth) - LEFT) / (width - LEFT - RIGHT))) * total;
    const index = Math.max(1, along.findIndex((distance) => distance >= at));
    const [a, b] = [trajectory[index - 1], trajectory[index]];
    const share = along[index] > along[index - 1] ? (at - along[index - 1]) / (along[index] - along[index - 1]) : 0;
    const mix = (from, to) => from + (to - from) * share;
    const moment = new Date(mix(Date.parse(a.time), Date.parse(b.time)));
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, x(at));
    cursor.setAttribute("visibility", "visible");
    readout.textContent = `${(at / 1000).toFixed(2)} km · ${mix(a.alt_m, b.alt_m).toFixed(0)} m · ${time(moment)}`;
    onCursor({ lon: mix(a.lon, b.lon), lat: mix(a.lat, b.lat) });
  });
  svg.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    readout.textContent = "";
    onCursor(null);
  });
}
