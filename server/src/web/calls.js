// Calls to the server, with the token if there is one, and the stream of events.

const KEPT = "token";
let token = sessionStorage.getItem(KEPT) ?? "";

/** The token that calls are made with; empty for none. */
export const heldToken = () => token;

/** Sets the token for this browser tab. */
export function holdToken(text) {
  token = text.trim();
  if (token) sessionStorage.setItem(KEPT, token);
  else sessionStorage.removeItem(KEPT);
}

/** As `fetch`, with the token. */
export function call(address, options = {}) {
  const headers = { ...options.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return fetch(address, { ...options, headers });
}

/** All features of a collection, page by page. */
export async function features(address) {
  const found = [];
  let next = address;
  while (next) {
    const response = await call(next, { headers: { accept: "application/geo+json" } });
    if (!response.ok) throw new Error(String(response.status));
    const page = await response.json();
    found.push(...page.features);
    next = page.links.find((link) => link.rel === "next")?.href;
  }
  return found;
}

/**
 * Follows the server's events until the signal ends it; goes on where it was after every break.
 *
 * `onEvent({ id, kind, data })` for each; `onStart()` each time the state has to be read anew.
 */
export async function follow(onEvent, onStart, signal) {
  let last = null;
  while (!signal.aborted) {
    try {
      const headers = { accept: "text/event-stream", ...(last === null ? {} : { "last-event-id": last }) };
      const response = await call("/events", { headers, signal });
      if (response.status === 410) {
        last = String((await response.json()).last);
        onStart();
        continue;
      }
      if (!response.ok) return;
      if (last === null) onStart();
      last = await read(response.body, onEvent, last);
    } catch {
      // The connection broke; it is tried again.
    }
    if (!signal.aborted) await new Promise((done) => setTimeout(done, 2000));
  }
}

async function read(body, onEvent, last) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return last;
      text += value;
      const whole = text.split("\n\n");
      text = whole.pop();
      for (const block of whole) {
        const fields = Object.fromEntries(block.split("\n").filter((line) => line.indexOf(":") > 0).map((line) => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
        }));
        if (fields.id) last = fields.id;
        if (fields.data) onEvent({ id: fields.id, kind: fields.event, data: JSON.parse(fields.data) });
      }
    }
  } catch {
    return last;
  }
}
