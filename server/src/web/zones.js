// Zones: from ED-318 features to what the map draws and the cards say.

import { call } from "./calls.js";
import { lang, make, textOf, word } from "./words.js";

export const RESTRICTIONS = ["PROHIBITED", "REQ_AUTHORIZATION", "CONDITIONAL", "USPACE", "NO_RESTRICTION"];
export const COLOURS = {
  PROHIBITED: "#d23f3f", REQ_AUTHORIZATION: "#e08a1e", CONDITIONAL: "#2f7ed8", USPACE: "#8557e0", NO_RESTRICTION: "#3b9e6e",
};
const EARTH_RADIUS_M = 6378137;

/** Web Mercator, metres. */
export const project = (lon, lat) => [
  (EARTH_RADIUS_M * lon * Math.PI) / 180,
  EARTH_RADIUS_M * Math.log(Math.tan(Math.PI / 4 + (Math.max(-85, Math.min(85, lat)) * Math.PI) / 360)),
];

/** Longitude and latitude of a point of Web Mercator. */
export const unproject = (x, y) => [
  ((x / EARTH_RADIUS_M) * 180) / Math.PI,
  (360 / Math.PI) * Math.atan(Math.exp(y / EARTH_RADIUS_M)) - 90,
];

/** Every zone of the server, page by page. */
export async function loadZones() {
  const zones = [];
  let next = "/collections/zones/items?limit=10000";
  while (next) {
    const page = await (await call(next)).json();
    zones.push(...page.features.map(zoneOf));
    next = page.links.find((link) => link.rel === "next")?.href;
  }
  // Small ones last: they lie on top.
  return zones.sort((a, b) => b.size - a.size);
}

/** The ids of the zones that are active at some time of an interval. */
export async function activeIds(earliest, latest) {
  const ids = new Set();
  let next = `/collections/zones/items?limit=10000&datetime=${encodeURIComponent(`${earliest}/${latest}`)}`;
  while (next) {
    const page = await (await call(next)).json();
    for (const feature of page.features) ids.add(feature.id);
    next = page.links.find((link) => link.rel === "next")?.href;
  }
  return ids;
}

function zoneOf(feature) {
  const geometries = feature.geometry.geometries ?? [feature.geometry];
  const properties = feature.properties;
  const zone = {
    id: feature.id, identifier: properties.identifier, restriction: properties.type, properties,
    layers: geometries.map((geometry) => geometry.layer ?? {}), path: new Path2D(), box: [Infinity, Infinity, -Infinity, -Infinity],
  };
  // Layers over the same ground are drawn once.
  const drawn = new Set();
  for (const geometry of geometries) {
    const key = JSON.stringify([geometry.coordinates, geometry.extent]);
    if (!drawn.has(key)) addOutline(zone, geometry);
    drawn.add(key);
  }
  zone.outlines = drawn.size;
  const [west, south, east, north] = zone.box;
  zone.size = (east - west) * (north - south);
  return zone;
}

function addOutline(zone, geometry) {
  const stretch = ([x, y]) => {
    zone.box = [Math.min(zone.box[0], x), Math.min(zone.box[1], y), Math.max(zone.box[2], x), Math.max(zone.box[3], y)];
  };
  if (geometry.type === "Point") {
    const [lon, lat] = geometry.coordinates;
    const [x, y] = project(lon, lat);
    const radius = (geometry.extent?.radius ?? 0) / Math.cos((lat * Math.PI) / 180);
    zone.path.moveTo(x + radius, y);
    zone.path.arc(x, y, radius, 0, 2 * Math.PI);
    stretch([x - radius, y - radius]);
    stretch([x + radius, y + radius]);
    return;
  }
  const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  for (const polygon of polygons) {
    polygon.forEach((ring, index) => {
      const points = ring.map(([lon, lat]) => project(lon, lat));
      points.forEach(stretch);
      // Outer rings one way round and holes the other: so layers that overlap are filled as one.
      if (isLeftHanded(points) === (index === 0)) points.reverse();
      zone.path.moveTo(...points[0]);
      for (const point of points.slice(1)) zone.path.lineTo(...point);
      zone.path.closePath();
    });
  }
}

function isLeftHanded(points) {
  let doubled = 0;
  for (let i = 1; i < points.length; i += 1) doubled += (points[i][0] - points[i - 1][0]) * (points[i][1] + points[i - 1][1]);
  return doubled > 0;
}

export const nameOf = (zone) => textOf(zone.properties.name) || zone.identifier;

/** "60 m AGL – 300 m AMSL". */
export function heightsOf(layer) {
  const limit = (value, reference, none) =>
    value === undefined || value === null ? word(none) : `${Math.round(value * 10) / 10} ${layer.uom ?? "m"} ${reference ?? ""}`.trim();
  return `${limit(layer.lower, layer.lowerReference, "ground")} – ${limit(layer.upper, layer.upperReference, "unlimited")}`;
}

/** The heights of all layers, each once, at most `most` of them. */
export function allHeights(zone, most) {
  const heights = [...new Set(zone.layers.map(heightsOf))];
  const shown = heights.slice(0, most);
  if (heights.length > most) shown.push(`+ ${heights.length - most} ${word("more")}`);
  return shown.join("\n");
}

function whenOf(zone) {
  const periods = zone.properties.limitedApplicability;
  if (!periods) return word("always");
  if (periods.length === 0) return word("never");
  const lines = periods.slice(0, 5).map((period) => {
    const dates = [period.startDateTime, period.endDateTime].map((time) => time?.replace("T", " ") ?? "…").join(" – ");
    const schedule = (period.schedule ?? []).map((daily) => {
      const days = (daily.day ?? []).join(" ");
      return `${days} ${daily.startTime ?? daily.startEvent ?? ""}–${daily.endTime ?? daily.endEvent ?? ""}`;
    });
    return [period.startDateTime || period.endDateTime ? dates : "", ...schedule].filter(Boolean).join("\n") || word("always");
  });
  if (periods.length > 5) lines.push(`+ ${periods.length - 5} ${word("more")}`);
  return lines.join("\n");
}

function authorityOf(zone) {
  return (zone.properties.zoneAuthority ?? [])
    .map((one) => [textOf(one.name), textOf(one.service), one.phone, one.email, one.siteURL].filter(Boolean).join(" · "))
    .filter(Boolean)
    .join("\n");
}

/** The elements of a zone's card. */
export function describe(zone) {
  const rows = [
    ["identifier", zone.identifier], ["heights", allHeights(zone, 6)], ["when", whenOf(zone)],
    ["reason", [].concat(zone.properties.reason ?? []).join(", ")],
    ["conditions", zone.properties.restrictionConditions], ["message", textOf(zone.properties.message)],
    ["authority", authorityOf(zone)],
  ].filter(([, value]) => value);
  const list = make("dl", {}, ...rows.flatMap(([key, value]) => [
    make("dt", { textContent: word(key) }), make("dd", { textContent: value }),
  ]));
  const tag = make("span", { className: `tag ${zone.restriction}` }, make("i", { className: "swatch" }), word(zone.restriction));
  return [make("h3", { textContent: nameOf(zone), lang: lang() }), tag, list];
}
