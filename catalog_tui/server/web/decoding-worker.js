/** A worker that makes small pictures for the page, each asked for by a number. */

import { decoded } from "./decoding.js";

const flights = new Map();

/** `{number, address, width, height}` asks for a picture, answered by `{number, bitmap}`; `{number}` alone takes it back. */
self.addEventListener("message", async ({ data: { number, address, width, height } }) => {
  if (!address) return flights.get(number)?.abort();
  const flight = new AbortController();
  flights.set(number, flight);
  const bitmap = await decoded(address, width, height, flight.signal);
  flights.delete(number);
  return self.postMessage({ number, bitmap }, bitmap ? [bitmap] : []);
});
