/** Keeps the shell of the page, and only that: opened without a server, the page can say so. Nothing of the archive. */

const SHELL = "catalog-shell";
const FILES = /^\/static\//;

self.addEventListener("install", (event) => {
  const past = ["/thumb/*", "/media/*", "/api/*"].map((urlPattern) => ({ urlPattern }));
  event.addRoutes?.({ condition: { or: past }, source: "network" }); // where browsers can, these do not come here at all
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keep() {
  const cache = await caches.open(SHELL);
  const shell = await fetch("/", { cache: "no-cache" });
  if (!shell.ok || shell.redirected) return;
  const folder = /\/static\/[0-9a-f]+\//.exec(await shell.clone().text())[0];
  const files = await (await fetch(`${folder}files.json`)).json();
  await cache.addAll(files);
  await cache.put("/", shell);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (FILES.test(pathname) && !pathname.startsWith(folder)) await cache.delete(request);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && VIEWS.has(pathname)) event.respondWith(shellFor(event));
  else if (FILES.test(pathname)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

const VIEWS = new Set(["/", "/site", "/model", "/search", "/duplicates", "/statistics", "/settings"]);

/** The server's own shell; where it does not answer, the kept one. A new one is kept in its turn. */
async function shellFor(event) {
  try {
    const answer = await fetch(event.request);
    const kept = await (await caches.match("/"))?.text();
    if (answer.ok && !answer.redirected && kept !== (await answer.clone().text())) event.waitUntil(keep());
    return answer;
  } catch (error) {
    const kept = await caches.match("/");
    if (kept) return kept;
    throw error;
  }
}
