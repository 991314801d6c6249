// The service worker of the form's pages: keeps the form and its files on the device, sends what
// waits when the line is back. Of personal data it keeps nothing; the draft lies in IndexedDB.
(() => {
  "use strict";
  const { version, files, scope } = self.NOVATOR;
  const NAME = `novator-report-${version}`;
  const PATIENCE = 5000;
  const base = new URL(scope, self.location.origin).pathname;
  const isPage = (path) => path.startsWith(base) && /^([-\w]+\/(consent\/[-\w]+\/)?)?$/.test(path.slice(base.length))
    && !/^(sent|confirm|photos)\//.test(path.slice(base.length));

  self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
      const kept = await caches.open(NAME);
      await Promise.all(files.map((file) => kept.add(file).catch(() => {})));
      await self.skipWaiting();
    })());
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith("novator-report-") && name !== NAME);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })());
  });

  const keptCopy = async (request) => (await caches.open(NAME)).match(request, { ignoreSearch: true });

  // Only pages that name nobody: the server says so, else a copy is asked for without cookies.
  const keep = async (request, answer) => {
    const kept = await caches.open(NAME);
    const path = new URL(request.url).pathname;
    if (answer.headers.get("X-Novator-Shell")) {
      await kept.put(path, answer);
      return;
    }
    const bare = await fetch(path, { credentials: "omit" });
    if (bare.ok && !bare.redirected) await kept.put(path, bare);
  };

  const page = async (event) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(event.request, { signal: stop.signal });
      if (answer.ok && !answer.redirected) event.waitUntil(keep(event.request, answer.clone()).catch(() => {}));
      return answer;
    } catch (fault) {
      const known = await keptCopy(event.request);
      if (known) return known;
      throw fault;
    } finally {
      clearTimeout(timer);
    }
  };

  const ground = async (event) => {
    const kept = await caches.open(NAME);
    try {
      const answer = await fetch(event.request);
      if (answer.ok) event.waitUntil(kept.put(event.request, answer.clone()));
      return answer;
    } catch (fault) {
      const known = await kept.match(event.request);
      if (known) return known;
      throw fault;
    }
  };

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (request.mode === "navigate" && isPage(url.pathname)) event.respondWith(page(event));
    else if (files.includes(url.pathname)) event.respondWith(keptCopy(request).then((known) => known || fetch(request)));
    else if (url.pathname.startsWith(base) && url.pathname.endsWith("/ground.json")) event.respondWith(ground(event));
  });

  const tell = async (results) => {
    for (const client of await self.clients.matchAll()) client.postMessage({ novator: "flushed", results });
  };

  self.addEventListener("sync", (event) => {
    if (event.tag !== "novator-reports") return;
    event.waitUntil(self.novatorOutbox.flush().then(async (results) => {
      await tell(results);
      if (results.some((each) => each.state === "unknown")) throw new Error("try again");
    }));
  });
})();
