// The form: from what is chosen to a request, and the choices themselves.

import { lang, make, word } from "./words.js";

const MISSIONS = ["LOGISTICS", "RESCUE", "EMERGENCY", "STATE", "INSPECTION", "OTHER"];
const field = (id) => document.getElementById(id);

export class Form {
  constructor() {
    this.sites = [];
    this.zones = [];
    this.picked = { origin: null, destination: null };
    this.rights = new Map();
    this.onChange = () => {};
    const soon = new Date(Math.ceil(Date.now() / 300000) * 300000);
    field("earliest").value = localTime(soon);
    for (const end of ["origin", "destination"]) {
      field(end).addEventListener("change", () => {
        if (field(end).value !== "picked") this.picked[end] = null;
        this.onChange();
      });
    }
    field("swap").addEventListener("click", () => this.swap());
    field("right").addEventListener("change", () => {
      const zone = this.zones.find((one) => one.identifier === field("right").value.trim());
      if (zone) this.allow(zone);
      field("right").value = "";
    });
    field("right").addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }

  /** Fills the choices in the language in use. */
  fill({ sites, zones, fleet }) {
    Object.assign(this, { sites, zones, fleet });
    for (const end of ["origin", "destination"]) this.fillEnd(end);
    choose("aircraft", Object.keys(fleet), (name) => name);
    choose("mission", MISSIONS, word);
    const barred = zones.filter((zone) => ["PROHIBITED", "REQ_AUTHORIZATION"].includes(zone.restriction));
    field("right-zones").replaceChildren(...barred.slice(0, 500).map((zone) => make("option", { value: zone.identifier })));
    this.writeRights();
  }

  fillEnd(end) {
    const select = field(end);
    const before = select.value;
    const options = this.sites.map((site) => make("option", { value: site.id, textContent: site.label() }));
    const picked = this.picked[end];
    if (picked) {
      const text = `${word("onMap")}: ${picked.lon.toFixed(5)}, ${picked.lat.toFixed(5)}`;
      options.unshift(make("option", { value: "picked", textContent: text }));
    }
    select.replaceChildren(make("option", { value: "", textContent: word("choose") }), ...options);
    select.value = picked ? "picked" : before;
  }

  /** Sets an end to a site or to a place on the map. */
  setEnd(end, { site, place }) {
    this.picked[end] = place ?? null;
    this.fillEnd(end);
    field(end).value = site ? site.id : "picked";
    this.onChange();
  }

  swap() {
    const values = ["origin", "destination"].map((end) => field(end).value);
    this.picked = { origin: this.picked.destination, destination: this.picked.origin };
    this.fillEnd("origin");
    this.fillEnd("destination");
    field("origin").value = values[1];
    field("destination").value = values[0];
    this.onChange();
  }

  /** The place of an end, if it is chosen. */
  place(end) {
    return this.picked[end] ?? this.sites.find((site) => site.id === field(end).value)?.place ?? null;
  }

  /** Lets the flight into a zone: by authorization or by exemption, as the zone asks. */
  allow(zone) {
    this.rights.set(zone.identifier, zone.restriction === "PROHIBITED" ? "exemptions" : "authorizations");
    this.writeRights();
  }

  /** Fills in what would work instead of a refused request. */
  apply({ departure, cruise_agl_m: band, authorizations }) {
    if (departure) field("earliest").value = localTime(new Date(departure.earliest), 19);
    if (band) {
      field("band-min").value = band.min;
      field("band-max").value = band.max;
    }
    for (const identifier of authorizations ?? []) this.rights.set(identifier, "authorizations");
    this.writeRights();
  }

  writeRights() {
    field("rights").replaceChildren(...[...this.rights.keys()].map((identifier) => {
      const remove = make("button", { type: "button", textContent: "×", title: word("close") });
      remove.addEventListener("click", () => {
        this.rights.delete(identifier);
        this.writeRights();
      });
      return make("li", {}, identifier, remove);
    }));
  }

  /** From the earliest to the latest lift-off, as RFC 3339; null while the fields are not filled. */
  departure() {
    const earliest = new Date(field("earliest").value);
    const minutes = Number(field("window").value);
    if (Number.isNaN(earliest.getTime()) || !Number.isFinite(minutes)) return null;
    return { earliest: earliest.toISOString(), latest: new Date(earliest.getTime() + minutes * 60000).toISOString() };
  }

  band() {
    return { min: Number(field("band-min").value), max: Number(field("band-max").value) };
  }

  /** The request as the API takes it. */
  request() {
    const named = (kind) => [...this.rights].filter(([, one]) => one === kind).map(([identifier]) => identifier);
    return {
      aircraft: field("aircraft").value, mission: field("mission").value, priority: Number(field("priority").value),
      origin: this.place("origin"), destination: this.place("destination"), departure: this.departure(),
      cruise_agl_m: this.band(), authorizations: named("authorizations"), exemptions: named("exemptions"),
    };
  }

  /** Watt-hours that the chosen aircraft may use. */
  usable() {
    const energy = this.fleet[field("aircraft").value]?.energy;
    const capacity = energy?.capacity_wh ?? energy?.capacity_g / energy?.g_per_wh;
    return capacity * (1 - energy?.reserve_fraction);
  }
}

function choose(id, values, label) {
  const before = field(id).value;
  field(id).replaceChildren(...values.map((value) => make("option", { value, textContent: label(value) })));
  if (values.includes(before)) field(id).value = before;
}

/** A site of the API as the page uses it. */
export function siteOf(feature, project) {
  const [lon, lat] = feature.geometry.coordinates;
  const { name, name_zh: chinese, kind } = feature.properties;
  return { id: feature.id, kind, place: { lon, lat }, at: project(lon, lat), label: () => (lang() === "zh" ? chinese : name) || name || feature.id };
}

const localTime = (date, length = 16) => new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, length);
