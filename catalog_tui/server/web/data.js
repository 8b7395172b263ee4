/** What the server says: requests with their failures told apart, and long lists fetched a piece at a time. */

export const PIECE = 100;
const MOST_PIECES = 120; // of a list are kept: 12,000 items, about 10 MB
const MOST_LISTS = 12;

/** An answer that is none of success. `code` is the server's word for it; "offline" where none came. */
export class Failure extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const events = new EventTarget();
let away = false;

/** Whether the server was out of reach when it was last asked. */
export function isAway() {
  return away;
}

function tell(name, detail) {
  events.dispatchEvent(new CustomEvent(name, { detail }));
}

function setAway(now) {
  if (away === now) return;
  away = now;
  tell("reach", { away });
}

/** JSON from the server; Failure where that is not to be had. A body is sent by POST. */
export async function ask(address, { body, signal } = {}) {
  const options = { signal, headers: { accept: "application/json" } };
  if (body !== undefined) {
    Object.assign(options, { method: "POST", body: JSON.stringify(body) });
    options.headers["content-type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    setAway(true);
    throw new Failure(0, "offline", "");
  }
  setAway(false);
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  if (answer.status === 401) tell("locked");
  throw new Failure(answer.status, told.error ?? "failed", told.message ?? "");
}

/** While the server is out of reach, look now and then whether it is back; ten times as seldom as it has been away. */
events.addEventListener("reach", ({ detail }) => {
  if (!detail.away) return;
  let wait = 500;
  const look = async () => {
    if (!away) return;
    await ask("/healthz").catch(() => {});
    wait = Math.min(wait * 1.5, 10_000);
    if (away) setTimeout(look, wait);
  };
  setTimeout(look, wait);
});

/** A list of the server, of any length, of which the pieces that are looked at are fetched. */
export class List extends EventTarget {
  /** `address` makes the address of a piece from its number; `read` gives `{items, total}` of an answer. */
  constructor(address, read) {
    super();
    this.address = address;
    this.read = read;
    this.total = null;
    this.head = null;
    this.failure = null;
    this.pieces = new Map();
    this.flights = new Map();
  }

  /** The item at an index; undefined while it is not known. */
  at(index) {
    return this.pieces.get(Math.floor(index / PIECE))?.[index % PIECE];
  }

  /** See to it that the items from `first` to before `last` come; what is no longer looked at is let go. */
  need(first, last) {
    const [from, to] = [Math.floor(Math.max(0, first) / PIECE), Math.floor(Math.max(0, last - 1) / PIECE)];
    for (const [number, flight] of this.flights) {
      if (number < from - 1 || number > to + 1) flight.abort();
    }
    for (let number = from; number <= to; number += 1) {
      if (this.pieces.has(number)) this.pieces.set(number, this.take(number));
      else if (!this.flights.has(number)) this.fetch(number);
    }
  }

  take(number) {
    const piece = this.pieces.get(number);
    this.pieces.delete(number);
    return piece;
  }

  /** The item at an index, when it has come; undefined where there is none. */
  async get(index) {
    this.need(index, index + 1);
    if (!this.at(index)) await this.flights.get(Math.floor(index / PIECE))?.done; // else it is only looked at again
    return this.at(index);
  }

  /** Ask again for what was last looked at; what has changed is told. */
  refresh() {
    const numbers = [...this.pieces.keys()];
    const number = numbers.at(-1) ?? 0;
    return this.flights.get(number)?.done ?? this.fetch(number);
  }

  fetch(number) {
    const flight = new AbortController();
    flight.done = this.bring(number, flight.signal).finally(() => this.flights.delete(number));
    this.flights.set(number, flight);
    return flight.done;
  }

  async bring(number, signal) {
    try {
      const told = await ask(this.address(number), { signal });
      const { items, total } = this.read(told);
      const before = this.pieces.get(number);
      const changed = !same(before, items);
      if (this.total !== null && (total !== this.total || (before && changed))) this.forget(number);
      this.pieces.set(number, changed ? items : before);
      if (this.pieces.size > MOST_PIECES) this.pieces.delete(this.pieces.keys().next().value);
      const news = changed || this.total !== total || this.failure;
      Object.assign(this, { total, head: told, failure: null });
      if (news) this.dispatchEvent(new Event("change"));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failure = error;
      this.dispatchEvent(new Event("change"));
    }
  }

  /** The list has changed: what was kept of it beside this piece may be anywhere else now. */
  forget(number) {
    this.pieces.clear();
    for (const [other, flight] of this.flights) if (other !== number) flight.abort();
  }
}

function same(before, after) {
  if (before?.length !== after.length) return false;
  return before.every(
    (item, at) =>
      item.href === after[at].href && item.mtime_ns === after[at].mtime_ns && item.thumb === after[at].thumb,
  );
}

const lists = new Map();

/** The list of this name, as it was left, or a new one. */
export function listOf(name, make) {
  const list = lists.get(name) ?? make();
  lists.delete(name);
  lists.set(name, list);
  if (lists.size > MOST_LISTS) lists.delete(lists.keys().next().value);
  return list;
}

const channel = "BroadcastChannel" in window ? new BroadcastChannel("catalog") : null;
channel?.addEventListener("message", () => tell("stale"));

/** Files were moved: this page's lists and those of other tabs look again. */
export function announceChange() {
  tell("stale");
  channel?.postMessage("changed");
}

/** The models of a site, as the query of the view's address says. */
export function modelsList(query) {
  return listOf(
    `/site?${query}`,
    () =>
      new List(
        (number) => `/api/models?${query}&page=${number + 1}&limit=${PIECE}`,
        (told) => ({ items: told.models, total: told.pagination.total }),
      ),
  );
}

/** The files of a model, as the query of the view's address says. */
export function filesList(query) {
  return listOf(
    `/model?${query}`,
    () =>
      new List(
        (number) => `/api/model?${query}&images_limit=0&videos_limit=0&offset=${number * PIECE}&limit=${PIECE}`,
        (told) => ({ items: told.items, total: told.total_items }),
      ),
  );
}

/** What a search finds. */
export function foundList(text) {
  return listOf(
    `/search?${text}`,
    () =>
      new List(
        (number) => `/api/search?q=${encodeURIComponent(text)}&page=${number + 1}&limit=${PIECE}`,
        (told) => ({ items: told.results, total: told.pagination.total }),
      ),
  );
}
