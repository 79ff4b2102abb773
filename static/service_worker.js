/* Keeps the portal's shell in the phone: styles, scripts, the blank patrol form, the list of what waits, the page that
   says there is no signal. Nothing that somebody signed in was shown. Served at /sw.js behind a line that names VERSION,
   STATIC, FILES and PAGES (portal/offline.py); a new version takes over at once, because what is written stands in
   IndexedDB and no page depends on which version it came from. */
"use strict";
const CACHE = `linzhi-${VERSION}`;
const PATIENCE = 8_000;                       // in a garage an answer that takes longer does not come

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clear().then(() => clients.claim())));

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  for (const page of new Set(Object.values(PAGES))) {
    const answer = await fetch(page, { credentials: "omit", cache: "no-store" });   // as nobody in particular
    if (!answer.ok || answer.redirected) throw new Error(page);
    await cache.put(page, answer);
  }
}

/* The version before stays, for pages that are still open. */
async function clear() {
  const own = (await caches.keys()).filter((name) => name.startsWith("linzhi-") && name !== CACHE);
  await Promise.all(own.slice(0, -1).map((name) => caches.delete(name)));
}

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET" || PAGES[pathname]) event.respondWith(page(request, pathname));
  } else if (request.method === "GET" && pathname.startsWith(STATIC)) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});

/* The server's page where there is signal; else the one kept for this address, else the one that says so. */
async function page(request, pathname) {
  const waits = request.method === "GET" && PAGES[pathname];
  const slow = new Promise((_, fail) => waits && setTimeout(() => fail(new Error("slow")), PATIENCE));
  try {
    return await Promise.race([fetch(request), slow]);
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(PAGES[pathname] || PAGES["*"]);
    if (kept) return kept;
    throw error;
  }
}
