// Reserved flights: what the map draws of them, their list, and the last events.

import { call, features } from "./calls.js";
import { make, time, word } from "./words.js";
import { project } from "./zones.js";

export const STATES = {
  ACCEPTED: "#4b6b8a", ACTIVATED: "#1c9a5b", NONCONFORMING: "#e0651e", CONTINGENT: "#d23f3f",
};

/** What may follow on a state by the operator's wish. */
const NEXT = { ACCEPTED: ["ACTIVATED", "CANCELLED"], ACTIVATED: ["ENDED"], NONCONFORMING: ["ENDED"], CONTINGENT: ["ENDED", "CANCELLED"] };

/** All flights that the caller may see, his own as lines, those of others as areas. */
export async function loadFlights() {
  return (await features("/collections/flights/items?limit=10000")).map(flightOf);
}

function flightOf({ id, geometry, properties }) {
  const flight = { id, flight: true, own: geometry.type === "LineString", state: properties.state, properties,
    path: new Path2D(), box: [Infinity, Infinity, -Infinity, -Infinity] };
  const draw = (places, closed) => {
    places.forEach(([lon, lat], index) => {
      const [x, y] = project(lon, lat);
      if (index === 0) flight.path.moveTo(x, y);
      else flight.path.lineTo(x, y);
      flight.box = [Math.min(flight.box[0], x), Math.min(flight.box[1], y), Math.max(flight.box[2], x), Math.max(flight.box[3], y)];
    });
    if (closed) flight.path.closePath();
  };
  if (flight.own) draw(geometry.coordinates, false);
  else for (const polygon of geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates) polygon.forEach((ring) => draw(ring, true));
  return flight;
}

/** Lines of text about a flight. */
export const flightLines = ({ id, state, properties: { start, end, cause } }) =>
  [`${id} · ${word(state)}`, `${time(start)} – ${time(end).split(" ")[1]}`, ...(cause ? [`${word("cause")}: ${cause}`] : [])];

/** Asks for another state of a flight. */
export async function lead(id, state) {
  const response = await call(`/flights/${encodeURIComponent(id)}`, {
    method: "PATCH", headers: { "content-type": "application/json" }, body: JSON.stringify({ state }),
  });
  return response.ok ? null : (await response.json().catch(() => null))?.detail ?? String(response.status);
}

/** The list of the caller's flights, with what he can do with each; others are counted. */
export function flightList(flights, onShow, onLead) {
  const own = flights.filter((flight) => flight.own);
  const items = own.slice(0, 50).map((flight) => {
    const link = make("a", { textContent: flight.id });
    link.addEventListener("click", () => onShow(flight));
    const dot = make("i", { className: "swatch" });
    dot.style.background = STATES[flight.state] ?? "#93a1af";
    const acts = (NEXT[flight.state] ?? []).map((state) => {
      const act = make("button", { type: "button", textContent: word(`to${state}`) });
      act.addEventListener("click", () => onLead(flight, state));
      return act;
    });
    return make("li", { className: "flight" }, dot, make("div", {}, link, " ", make("small", { textContent: word(flight.state) })),
      make("span", { className: "acts" }, ...acts));
  });
  const count = `${own.length} ${word("ownFlights")}, ${flights.length - own.length} ${word("otherFlights")}`;
  return [make("p", { textContent: count }), make("ul", { className: "zone-list" }, ...items)];
}

/** The last events, newest first. */
export const eventList = (events) => make("ul", { className: "zone-list events" }, ...events.map(({ kind, data }) => {
  const what = data.flight ?? [...(data.added ?? []).map((id) => `+${id}`), ...(data.removed ?? []).map((id) => `−${id}`)].slice(0, 3).join(" ");
  const more = [data.outcome, data.state].filter(Boolean).map(word).join(" · ");
  return make("li", {}, make("time", { textContent: time(data.time).split(" ")[1] }),
    make("div", {}, `${word(kind)} ${what}`, make("p", { textContent: [more, data.cause].filter(Boolean).join(" · ") })));
}));
