// The map: a canvas in Web Mercator that pans and zooms, with zones, sites and the route. No tiles.

import { STATES } from "./flights.js";
import { COLOURS, project, unproject } from "./zones.js";

const SITE_RADIUS = 5.5;

export class MapView {
  constructor(canvas) {
    this.canvas = canvas;
    this.zones = [];
    this.sites = [];
    this.flights = [];
    this.hidden = new Set();
    this.active = null;
    this.marked = new Set();
    this.route = null;
    this.ends = { origin: null, destination: null };
    this.cursor = null;
    this.hovered = null;
    // Canvas metres are counted from an anchor: 32-bit path coordinates would jitter at world scale.
    this.centre = project(120.75, 30.72);
    this.scale = 1 / 60;
    this.onHover = this.onClick = this.onMove = () => {};
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.listen();
  }

  /** Shows everything that there is. */
  fit(boxes) {
    const all = boxes ?? [...this.zones.map((zone) => zone.box), ...this.sites.map((site) => [...site.at, ...site.at])];
    if (all.length === 0) return;
    const box = all.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.centre = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    this.scale = Math.min(0.5, 0.9 * Math.min(width / Math.max(1, box[2] - box[0]), height / Math.max(1, box[3] - box[1])));
    this.draw();
  }

  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const [before] = [this.toWorld(x, y)];
    this.scale = Math.max(1e-6, Math.min(4, this.scale * factor));
    const after = this.toWorld(x, y);
    this.centre = [this.centre[0] + before[0] - after[0], this.centre[1] + before[1] - after[1]];
    this.draw();
  }

  toScreen([x, y]) {
    return [
      this.canvas.clientWidth / 2 + (x - this.centre[0]) * this.scale,
      this.canvas.clientHeight / 2 - (y - this.centre[1]) * this.scale,
    ];
  }

  toWorld(x, y) {
    return [
      this.centre[0] + (x - this.canvas.clientWidth / 2) / this.scale,
      this.centre[1] - (y - this.canvas.clientHeight / 2) / this.scale,
    ];
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.canvas.clientWidth * ratio);
    this.canvas.height = Math.round(this.canvas.clientHeight * ratio);
    this.paint();
  }

  /** Paints before the next frame, once however often it is asked. */
  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.waiting = false;
    const context = this.canvas.getContext("2d");
    this.ratio = window.devicePixelRatio || 1;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = "#f7f9fb";
    context.fillRect(0, 0, this.canvas.clientWidth, this.canvas.clientHeight);
    this.paintGraticule(context);
    this.paintZones(context);
    this.paintFlights(context);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.paintSites(context);
    this.paintRoute(context);
    this.onMove();
  }

  paintGraticule(context) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const [west, north] = unproject(...this.toWorld(0, 0));
    const [east, south] = unproject(...this.toWorld(width, height));
    const steps = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
    const step = steps.find((degrees) => (east - west) / degrees > 4) ?? 0.001;
    const digits = Math.max(0, Math.ceil(-Math.log10(step)));
    context.strokeStyle = "#dfe6ed";
    context.fillStyle = "#93a1af";
    context.lineWidth = 1;
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.beginPath();
    for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) {
      const [x] = this.toScreen(project(lon, 0));
      context.moveTo(x, 0);
      context.lineTo(x, height);
      context.fillText(`${lon.toFixed(digits)}°`, x, 12);
    }
    context.textAlign = "right";
    for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) {
      const [, y] = this.toScreen(project(0, lat));
      context.moveTo(0, y);
      context.lineTo(width, y);
      context.fillText(`${lat.toFixed(digits)}°`, width - 4, y - 3);
    }
    context.stroke();
  }

  paintZones(context) {
    const [left, top] = this.toWorld(0, 0);
    const [right, bottom] = this.toWorld(this.canvas.clientWidth, this.canvas.clientHeight);
    const scale = this.scale * this.ratio;
    context.setTransform(
      scale, 0, 0, -scale,
      (this.canvas.clientWidth / 2) * this.ratio - this.centre[0] * scale,
      (this.canvas.clientHeight / 2) * this.ratio + this.centre[1] * scale,
    );
    context.lineJoin = "round";
    for (const zone of this.zones) {
      const [west, south, east, north] = zone.box;
      if (this.hidden.has(zone.restriction) || east < left || west > right || north < bottom || south > top) continue;
      const idle = this.active !== null && !this.active.has(zone.id);
      const marked = this.marked.has(zone.identifier);
      const hovered = zone === this.hovered;
      context.fillStyle = context.strokeStyle = COLOURS[zone.restriction];
      context.globalAlpha = marked ? 0.5 : hovered ? 0.34 : idle ? 0.03 : zone.restriction === "NO_RESTRICTION" ? 0.08 : 0.17;
      context.fill(zone.path, "nonzero");
      context.globalAlpha = idle && !marked ? 0.45 : 0.95;
      // Stacked surfaces have many outlines close together.
      const thin = zone.outlines > 4 ? 0.4 : 1;
      context.lineWidth = ((marked ? 3.5 : hovered ? 2.5 : 1.3) * thin) / this.scale;
      context.setLineDash(idle ? [5 / this.scale, 4 / this.scale] : []);
      context.stroke(zone.path);
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  /** Under the transform of the zones: one's own as lines, those of others as areas. */
  paintFlights(context) {
    const [left, top] = this.toWorld(0, 0);
    const [right, bottom] = this.toWorld(this.canvas.clientWidth, this.canvas.clientHeight);
    for (const flight of this.flights) {
      const [west, south, east, north] = flight.box;
      if (east < left || west > right || north < bottom || south > top) continue;
      context.strokeStyle = context.fillStyle = STATES[flight.state] ?? "#93a1af";
      context.lineWidth = (flight === this.hovered ? 4 : flight.own ? 2 : 1) / this.scale;
      if (!flight.own) {
        context.globalAlpha = 0.15;
        context.fill(flight.path, "evenodd");
      }
      context.globalAlpha = 0.85;
      context.stroke(flight.path);
    }
    context.globalAlpha = 1;
  }

  paintSites(context) {
    if (this.hidden.has("sites")) return;
    context.font = "12px system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
    context.textAlign = "left";
    const labelled = [];
    for (const site of this.sites) {
      const [x, y] = this.toScreen(site.at);
      context.beginPath();
      context.arc(x, y, site === this.hovered ? SITE_RADIUS + 2 : SITE_RADIUS, 0, 2 * Math.PI);
      context.fillStyle = "#fff";
      context.fill();
      context.lineWidth = 2.5;
      context.strokeStyle = "#0d2b45";
      context.stroke();
      const width = context.measureText(site.label()).width;
      const box = [x + 9, y - 7, x + 9 + width, y + 7];
      // A label that would lie on another is left out until there is room.
      if (labelled.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
      labelled.push(box);
      context.lineWidth = 3;
      context.strokeStyle = "#ffffffd9";
      context.strokeText(site.label(), x + 9, y + 4);
      context.fillStyle = "#14212e";
      context.fillText(site.label(), x + 9, y + 4);
    }
  }

  paintRoute(context) {
    if (this.route) {
      const points = this.route.map((at) => this.toScreen(at));
      for (const [width, colour] of [[7, "#ffffffe6"], [3.5, "#0b3f8f"]]) {
        context.beginPath();
        points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.stroke();
      }
    }
    for (const [end, colour] of [["origin", "#1c9a5b"], ["destination", "#d4380d"]]) {
      if (this.ends[end]) this.paintDot(context, this.ends[end], 7, colour);
    }
    if (this.cursor) this.paintDot(context, this.cursor, 6, "#0b74c4");
  }

  paintDot(context, at, radius, colour) {
    const [x, y] = this.toScreen(at);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = 2.5;
    context.strokeStyle = "#fff";
    context.stroke();
  }

  /** The site or the topmost zone at a point of the screen. */
  under(x, y) {
    if (!this.hidden.has("sites")) {
      const near = this.sites.find((site) => {
        const [sx, sy] = this.toScreen(site.at);
        return Math.hypot(sx - x, sy - y) <= SITE_RADIUS + 4;
      });
      if (near) return near;
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    const [wx, wy] = this.toWorld(x, y);
    context.lineWidth = 10 / this.scale;
    const met = this.flights.find(({ own, path, box: [west, south, east, north] }) => {
      const room = 10 / this.scale;
      if (wx < west - room || wx > east + room || wy < south - room || wy > north + room) return false;
      return own ? context.isPointInStroke(path, wx, wy) : context.isPointInPath(path, wx, wy, "evenodd");
    });
    if (met) return met;
    for (let index = this.zones.length - 1; index >= 0; index -= 1) {
      const zone = this.zones[index];
      const [west, south, east, north] = zone.box;
      if (this.hidden.has(zone.restriction) || wx < west || wx > east || wy < south || wy > north) continue;
      if (context.isPointInPath(zone.path, wx, wy, "nonzero")) return zone;
    }
    return null;
  }

  listen() {
    const { canvas } = this;
    const pointers = new Map();
    let travelled = 0;
    let spread = 0;
    const place = (event) => [event.offsetX, event.offsetY];
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
      travelled = 0;
      spread = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      const [x, y] = place(event);
      const last = pointers.get(event.pointerId);
      if (!last) {
        this.hover(x, y);
        return;
      }
      pointers.set(event.pointerId, [x, y]);
      if (pointers.size === 1) {
        travelled += Math.hypot(x - last[0], y - last[1]);
        if (travelled < 4) return;
        canvas.parentElement.classList.add("dragging");
        this.centre = [this.centre[0] - (x - last[0]) / this.scale, this.centre[1] + (y - last[1]) / this.scale];
        this.draw();
      } else {
        const [a, b] = [...pointers.values()];
        const now = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (spread > 0) this.zoom(now / spread, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
        spread = now;
        travelled = Infinity;
      }
    });
    const release = (event) => {
      const clicked = pointers.has(event.pointerId) && travelled < 4 && event.type === "pointerup";
      pointers.delete(event.pointerId);
      canvas.parentElement.classList.remove("dragging");
      if (clicked) this.onClick(this.under(...place(event)), unproject(...this.toWorld(...place(event))));
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("pointerleave", () => this.setHovered(null));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), event.offsetX, event.offsetY);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
      if (steps[event.key]) {
        const [dx, dy] = steps[event.key];
        this.centre = [this.centre[0] + dx / this.scale, this.centre[1] + dy / this.scale];
        this.draw();
      } else if (event.key === "+" || event.key === "=") this.zoom(1.5);
      else if (event.key === "-") this.zoom(1 / 1.5);
    });
  }

  hover(x, y) {
    this.setHovered(this.under(x, y), x, y);
  }

  setHovered(what, x = 0, y = 0) {
    this.onHover(what, x, y, unproject(...this.toWorld(x, y)));
    if (what === this.hovered) return;
    this.hovered = what;
    this.canvas.parentElement.classList.toggle("pointing", what !== null);
    this.draw();
  }
}
