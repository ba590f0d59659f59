// The page: loads zones, sites and aircraft, and plans routes.

import { call, follow, heldToken, holdToken } from "./calls.js";
import { eventList, flightLines, flightList, lead, loadFlights } from "./flights.js";
import { Form, siteOf } from "./form.js";
import { MapView } from "./map.js";
import { drawProfile } from "./profile.js";
import { make, switchLanguage, time, word, writeWords } from "./words.js";
import { RESTRICTIONS, activeIds, allHeights, describe, loadZones, nameOf, project } from "./zones.js";

const part = (id) => document.getElementById(id);
const map = new MapView(part("canvas"));
const form = new Form();
const state = { zones: [], sites: [], fleet: {}, picking: null, answer: null, drawn: null, flights: [], events: [], asked: null };

// --- loading

async function load() {
  const [landing, zones, sites, fleet] = await Promise.all([
    json("/?f=json"), loadZones(), json("/collections/sites/items?limit=10000"), json("/aircraft"),
  ]);
  part("title").textContent = landing.description.split(". ")[0];
  Object.assign(state, { zones, fleet, sites: sites.features.map((feature) => siteOf(feature, project)) });
  map.sites = state.sites;
  showZones();
  map.fit();
  await showActive();
  await refreshFlights();
  await planFromAddress();
  document.body.dataset.state = "ready";
  if (new URLSearchParams(location.search).get("follow") !== "0") listen();
}

// --- flights and events

let following = new AbortController();

/** Follows the server's events, with the token that is held now. */
function listen() {
  following.abort();
  following = new AbortController();
  follow(heard, () => refreshSoon(true), following.signal);
}

function heard(event) {
  state.events = [event, ...state.events].slice(0, 30);
  document.body.dataset.events = Number(document.body.dataset.events ?? 0) + 1;
  part("events").replaceChildren(eventList(state.events));
  refreshSoon(["zones.changed", "state.restored"].includes(event.kind));
}

/** Reads the state anew, once however many events come at a time. */
function refreshSoon(zonesToo) {
  state.stale = { zones: zonesToo || state.stale?.zones };
  clearTimeout(state.timer);
  state.timer = setTimeout(async () => {
    const { zones } = state.stale;
    state.stale = null;
    if (zones) {
      state.zones = await loadZones().catch(() => state.zones);
      showZones();
    }
    await refreshFlights();
  }, 300);
}

async function refreshFlights() {
  state.flights = await loadFlights().catch(() => state.flights);
  showFlights();
}

function showFlights() {
  map.flights = state.flights;
  document.body.dataset.flights = state.flights.length;
  const show = (flight) => {
    map.fit([widened(flight.box)]);
    showCard(flight);
  };
  part("flights").replaceChildren(...flightList(state.flights, show, async (flight, to) => {
    const problem = await lead(flight.id, to).catch(() => word("unreachable"));
    await refreshFlights();
    if (problem) part("flights").prepend(make("p", { className: "problem", textContent: problem }));
  }));
  if (state.events.length === 0) part("events").replaceChildren(make("p", { textContent: word("noEvents") }));
  map.draw();
}

/** Plans what was asked for once more and keeps it. */
async function reserve(button) {
  button.disabled = true;
  const response = await call("/flights", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(state.asked),
  }).catch(() => null);
  const body = await response?.json().catch(() => null);
  if (response?.ok) {
    document.body.dataset.reserved = body.request;
    button.replaceWith(make("p", { textContent: `${word("reserved")}: ${body.request}` }));
    await refreshFlights();
  } else {
    button.disabled = false;
    button.after(make("p", { className: "problem", textContent: `${word("notReserved")}: ${body?.detail ?? word("unreachable")}` }));
  }
}

async function json(address) {
  return (await call(address, { headers: { accept: "application/json" } })).json();
}

function showZones() {
  map.zones = state.zones;
  form.fill(state);
  writeLegend();
  document.body.dataset.zones = state.zones.length;
  document.body.dataset.sites = state.sites.length;
  map.draw();
}

/** Zones that are not active in the departure window fade. */
async function showActive() {
  const departure = form.departure();
  if (!departure) return;
  map.active = await activeIds(departure.earliest, departure.latest).catch(() => null);
  if (map.active) document.body.dataset.active = map.active.size;
  map.draw();
}

/** `?plan=A,B` plans on loading; an end is a site's id or `lon;lat`. */
async function planFromAddress() {
  const ends = new URLSearchParams(location.search).get("plan")?.split(",");
  if (ends?.length !== 2) return;
  ["origin", "destination"].forEach((end, index) => {
    const site = state.sites.find((one) => one.id === ends[index]);
    const [lon, lat] = ends[index].split(";").map(Number);
    if (site) form.setEnd(end, { site });
    else if (Number.isFinite(lon) && Number.isFinite(lat)) form.setEnd(end, { place: { lon, lat } });
  });
  await plan();
}

// --- planning

async function plan() {
  if (!form.place("origin") || !form.place("destination")) return;
  part("plan").disabled = true;
  part("plan").textContent = word("planning");
  state.asked = form.request();
  try {
    const response = await call("/routes", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(state.asked),
    });
    state.answer = await response.json();
  } catch {
    state.answer = { code: "", detail: word("unreachable") };
  }
  part("plan").disabled = false;
  part("plan").textContent = word("plan");
  showAnswer(true);
}

function showAnswer(move) {
  const { answer } = state;
  if (!answer) return;
  const flown = answer.status === "PLANNED";
  document.body.dataset.route = flown ? "PLANNED" : (answer.reason?.code ?? answer.code ?? "FAILED");
  document.body.dataset.points = answer.trajectory?.length ?? 0;
  map.marked = new Set(answer.reason?.zones ?? []);
  map.route = flown ? answer.trajectory.map((point) => project(point.lon, point.lat)) : null;
  map.cursor = null;
  part("profile").hidden = true;
  part("result").replaceChildren(flown ? plannedCard(answer) : refusedCard(answer));
  if (flown) {
    drawProfile(part("profile"), answer.trajectory, form.band(), (place) => {
      map.cursor = place && project(place.lon, place.lat);
      map.draw();
    });
    if (move) requestAnimationFrame(() => map.fit([widened(boxOf(map.route))]));
  } else if (move && map.marked.size > 0) {
    const ends = Object.values(map.ends).filter(Boolean);
    const boxes = state.zones.filter((zone) => map.marked.has(zone.identifier)).map((zone) => zone.box);
    map.fit([widened(boxOf(ends)), ...boxes]);
  }
  map.draw();
}

function plannedCard(answer) {
  const [first, last] = [answer.trajectory.find((point, i) => i + 1 === answer.trajectory.length
    || answer.trajectory[i + 1].alt_m !== point.alt_m || answer.trajectory[i + 1].lon !== point.lon), answer.trajectory.at(-1)];
  const seconds = Math.round(answer.duration_s);
  const usable = form.usable();
  const share = Number.isFinite(usable) ? `${((100 * answer.energy_wh) / usable).toFixed(0)} % ${word("ofUsable")}` : "";
  const figures = [
    ["departure", ...time(first.time).split(" ").reverse()], ["arrival", ...time(last.time).split(" ").reverse()],
    ["length", `${(answer.length_m / 1000).toFixed(2)} km`, ""],
    ["duration", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`, "min"],
    ["energy", `${answer.energy_wh.toFixed(0)} Wh`, share],
    ["height", `${Math.max(...answer.trajectory.map((point) => point.alt_m)).toFixed(0)} m`, "AMSL"],
  ];
  if (answer.delay_s > 0) figures.push(["delay", `${answer.delay_s.toFixed(0)} s`, ""]);
  const list = make("dl", { className: "figures" }, ...figures.map(([key, value, small]) =>
    make("div", {}, make("dt", { textContent: word(key) }), make("dd", {}, value, " ", make("small", { textContent: small })))));
  const card = make("div", { className: "answer" }, make("h3", { textContent: word("planned") }), list);
  if (answer.advisories.length > 0) {
    card.append(make("h2", { textContent: word("advisories") }), make("ul", { className: "zone-list" }, ...answer.advisories.map((one) =>
      make("li", { className: one.type }, make("i", { className: "swatch" }),
        make("div", {}, zoneLink(one.zone), make("p", { textContent: one.text }))))));
  }
  const file = new Blob([JSON.stringify(answer, null, 1)], { type: "application/json" });
  const save = make("button", { type: "button", className: "small", textContent: word("save") });
  save.addEventListener("click", () => {
    const link = make("a", { href: URL.createObjectURL(file), download: "plan.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  const keep = make("button", { type: "button", className: "primary", id: "reserve", textContent: word("reserve") });
  keep.addEventListener("click", () => reserve(keep));
  card.append(keep, make("div", {}, save));
  return card;
}

function refusedCard(answer) {
  const title = answer.reason ? word("refused") : word("failed");
  const code = answer.reason?.code ?? answer.code;
  const card = make("div", { className: "answer no" }, make("h3", {}, title, " ", make("code", { textContent: code })),
    make("p", { textContent: answer.reason?.text ?? answer.detail }));
  const zones = answer.reason?.zones ?? [];
  if (zones.length > 0) {
    card.append(make("h2", { textContent: word("inTheWay") }), make("ul", { className: "zone-list" }, ...zones.map((identifier) => {
      const zone = state.zones.find((one) => one.identifier === identifier);
      const item = make("li", { className: zone?.restriction ?? "" }, make("i", { className: "swatch" }), zoneLink(identifier));
      if (zone) {
        const allow = make("button", { type: "button", textContent: word(zone.restriction === "PROHIBITED" ? "exempt" : "authorize") });
        allow.addEventListener("click", () => {
          form.allow(zone);
          plan();
        });
        item.append(allow);
      }
      return item;
    })));
  }
  const instead = changes(answer.reason ?? {});
  if (instead.length > 0) {
    card.append(make("h2", { textContent: word("instead") }), make("ul", { className: "zone-list" }, ...instead.map((change) => {
      const attempt = make("button", { type: "button", textContent: word("tryIt") });
      attempt.addEventListener("click", () => {
        form.apply(change);
        plan();
      });
      return make("li", {}, make("span", { textContent: changeText(change) }), attempt);
    })));
  }
  return card;
}

/** What would work instead of a refused request: members that replace its own, `authorizations` added to its own. */
function changes({ first_departure: first, other_heights: heights = [], missing_authorizations: missing = [] }) {
  return [
    ...(first ? [{ departure: { earliest: first, latest: first } }] : []),
    ...heights.map((band) => ({ cruise_agl_m: band })),
    ...(missing.length > 0 ? [{ authorizations: missing }] : []),
  ];
}

function changeText({ departure, cruise_agl_m: band, authorizations }) {
  if (departure) return `${word("leaveAt")} ${time(departure.earliest)}`;
  if (band) return `${word("cruiseAt")} ${band.min} m AGL`;
  return `${word("holdAuthorization")} ${authorizations.join(", ")}`;
}

function zoneLink(identifier) {
  const zone = state.zones.find((one) => one.identifier === identifier);
  const link = make("a", { textContent: zone ? nameOf(zone) : identifier });
  link.addEventListener("click", () => zone && showCard(zone));
  return link;
}

// --- the map's furniture

function writeLegend() {
  const count = (kind) => (kind === "sites" ? state.sites : state.zones.filter((zone) => zone.restriction === kind)).length;
  part("legend").replaceChildren(...[...RESTRICTIONS, "sites"].filter((kind) => count(kind) > 0).map((kind) => {
    const box = make("input", { type: "checkbox", checked: !map.hidden.has(kind) });
    box.addEventListener("change", () => {
      if (box.checked) map.hidden.delete(kind);
      else map.hidden.add(kind);
      map.draw();
    });
    const swatch = kind === "sites" ? null : make("i", { className: "swatch" });
    return make("label", { className: kind }, box, swatch, make("span", { textContent: word(kind) }), make("output", { textContent: count(kind) }));
  }));
}

map.onMove = () => {
  const [, y] = map.centre;
  const metresOnGround = (pixels) => pixels / map.scale / Math.cosh(y / 6378137);
  const most = metresOnGround(130);
  const power = 10 ** Math.floor(Math.log10(most));
  const length = [5, 2, 1].map((unit) => unit * power).find((size) => size <= most);
  const bar = part("scale").firstElementChild;
  bar.style.width = `${(length / most) * 130}px`;
  bar.dataset.text = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  const shown = `${map.zones.length} ${map.hidden.size}`;
  if (state.drawn !== shown) document.body.dataset.drawn = map.zones.filter((zone) => !map.hidden.has(zone.restriction)).length;
  state.drawn = shown;
};

map.onHover = (what, x, y, [lon, lat]) => {
  part("pointer").textContent = `${lon.toFixed(5)}, ${lat.toFixed(5)}`;
  const tip = part("hover");
  tip.hidden = what === null || state.picking !== null;
  if (what === null) return;
  const lines = what.flight ? flightLines(what) : what.label ? [what.label()] : [nameOf(what), `${word(what.restriction)} · ${allHeights(what, 2).replace("\n", ", ")}`];
  tip.replaceChildren(lines[0], ...lines.slice(1).map((line) => make("small", { textContent: line })));
  tip.style.left = `${Math.min(x + 14, part("map").clientWidth - 330)}px`;
  tip.style.top = `${y + 14}px`;
};

map.onClick = (what, [lon, lat]) => {
  if (state.picking) {
    form.setEnd(state.picking, what?.label ? { site: what } : { place: { lon: round(lon), lat: round(lat) } });
    pick(null);
  } else if (what) showCard(what);
  else part("card").hidden = true;
};

const round = (degrees) => Math.round(degrees * 1e7) / 1e7;

function showCard(what) {
  const card = part("card");
  const close = make("button", { type: "button", className: "close", textContent: "×", title: word("close") });
  close.addEventListener("click", () => (card.hidden = true));
  const act = (key, kind, does) => {
    const button = make("button", { type: "button", className: `small ${kind}`, textContent: word(key) });
    button.addEventListener("click", does);
    return button;
  };
  if (what.flight) {
    const [name, ...lines] = flightLines(what);
    card.replaceChildren(close, make("h3", { textContent: name }), ...lines.map((line) => make("p", { textContent: line })));
  } else if (what.label) {
    const fly = (key, end) => act(key, "", () => {
      form.setEnd(end, { site: what });
      card.hidden = true;
    });
    card.replaceChildren(close, make("h3", { textContent: what.label() }),
      make("div", { className: "acts" }, fly("flyFrom", "origin"), fly("flyTo", "destination")));
  } else {
    const acts = make("div", { className: "acts" }, act("remove", "danger", () => removeZone(what)));
    if (["PROHIBITED", "REQ_AUTHORIZATION"].includes(what.restriction)) acts.prepend(act("allow", "", () => form.allow(what)));
    card.replaceChildren(close, ...describe(what), acts);
  }
  card.hidden = false;
}

function pick(end) {
  state.picking = end;
  part("map").classList.toggle("picking", end !== null);
  part("hint").hidden = end === null;
  part("hint").textContent = word("pickHint");
  for (const one of ["origin", "destination"]) part(`pick-${one}`).classList.toggle("on", one === end);
}

// --- changing the airspace

async function removeZone(zone) {
  const address = `/collections/zones/items/${encodeURIComponent(zone.id)}`;
  const etag = (await call(address)).headers.get("etag");
  const response = await call(address, { method: "DELETE", headers: etag ? { "if-match": etag } : {} });
  if (response.ok) {
    state.zones = state.zones.filter((one) => one !== zone);
    part("card").hidden = true;
    showZones();
  }
}

async function addFile(file) {
  const answer = part("file-answer");
  const response = await call("/collections/zones/items", {
    method: "POST", headers: { "content-type": "application/octet-stream" }, body: file,
  }).catch(() => null);
  const body = await response?.json();
  if (response?.ok) {
    const lines = body.warnings.map((text) => make("li", { textContent: text }));
    answer.replaceChildren(make("div", { className: "answer" }, make("h3", { textContent: `${body.created.length} ${word("added")}` }),
      make("ul", { className: "zone-list" }, ...lines)));
    state.zones = await loadZones();
    showZones();
    map.fit(state.zones.filter((zone) => body.created.includes(zone.id)).map((zone) => zone.box));
    await showActive();
  } else {
    const lines = (body?.errors ?? []).map((fault) => make("li", {
      textContent: `${fault.index === null ? "" : `${fault.place} ${fault.index} `}${fault.identifier ?? ""} ${fault.field}: ${fault.found} ≠ ${fault.expected}`,
    }));
    answer.replaceChildren(make("div", { className: "answer no" },
      make("h3", {}, word("notAdded"), " ", make("code", { textContent: body?.code ?? "" })),
      lines.length > 0 ? make("ul", { className: "zone-list" }, ...lines) : make("p", { textContent: body?.detail ?? word("unreachable") })));
  }
}

const boxOf = (points) => points.reduce(
  (box, [x, y]) => [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)],
  [Infinity, Infinity, -Infinity, -Infinity],
);

/** With room around it, and never smaller than a kilometre. */
function widened([west, south, east, north]) {
  const room = Math.max(500, 0.15 * Math.max(east - west, north - south));
  return [west - room, south - room, east + room, north + room];
}

// --- listening

form.onChange = () => {
  for (const end of ["origin", "destination"]) {
    const place = form.place(end);
    map.ends[end] = place && project(place.lon, place.lat);
  }
  map.draw();
};
part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  plan();
});
for (const end of ["origin", "destination"]) {
  part(`pick-${end}`).addEventListener("click", () => pick(state.picking === end ? null : end));
}
for (const id of ["earliest", "window"]) part(id).addEventListener("change", showActive);
addEventListener("keydown", (event) => event.key === "Escape" && pick(null));
addEventListener("resize", () => showAnswer(false));
part("zoom-in").addEventListener("click", () => map.zoom(1.5));
part("zoom-out").addEventListener("click", () => map.zoom(1 / 1.5));
part("zoom-fit").addEventListener("click", () => map.fit());
part("lang").addEventListener("click", () => {
  switchLanguage();
  form.fill(state);
  writeLegend();
  part("card").hidden = true;
  showAnswer(false);
  showFlights();
  if (state.events.length > 0) part("events").replaceChildren(eventList(state.events));
  map.draw();
});
part("token").value = heldToken();
part("token").addEventListener("change", () => {
  holdToken(part("token").value);
  load().catch(failed);
});
part("file").addEventListener("change", () => {
  const [file] = part("file").files;
  if (file) addFile(file);
  part("file").value = "";
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) addFile(file);
});

writeWords();
load().catch(failed);

function failed() {
  document.body.dataset.state = "failed";
  part("result").replaceChildren(refusedCard({ code: "", detail: word("unreachable") }));
}
