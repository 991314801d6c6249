// What a device keeps of reports: a draft while it is written, and what waits to be sent.
// Loaded by the page of the form and by its service worker. The same key is sent with every try,
// so that however often a report goes out, it is one.
(() => {
  "use strict";
  const DRAFT_DAYS = 7;
  const STORES = ["drafts", "outbox", "sent"];

  const opened = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("novator-reports", 1);
    asked.onupgradeneeded = () => {
      for (const name of STORES) asked.result.createObjectStore(name, { keyPath: "id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  const within = async (store, mode, act) => {
    const base = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const work = base.transaction(store, mode);
        const asked = act(work.objectStore(store));
        work.oncomplete = () => resolve(asked && asked.result);
        work.onerror = work.onabort = () => reject(work.error);
      });
    } finally {
      base.close();
    }
  };

  const put = (store, row) => within(store, "readwrite", (rows) => rows.put(row));
  const get = (store, id) => within(store, "readonly", (rows) => rows.get(id));
  const all = (store) => within(store, "readonly", (rows) => rows.getAll());
  const remove = (store, id) => within(store, "readwrite", (rows) => rows.delete(id));

  // A token first: the page may come from the device's own store, with a token of another day.
  const token = async (entry) => {
    if (!entry.ready) return "";
    const answer = await fetch(entry.ready, { cache: "no-store", headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).token : "";
  };

  const bodyOf = (entry) => {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    body.set("key", entry.id);
    body.set("age", String(Math.max(0, Date.now() - entry.writtenAt) / 1000));
    entry.photos.forEach((photo, place) => body.append("photos", photo, `photo-${place + 1}.jpg`));
    return body;
  };

  // Gives {state: "sent" | "refused" | "later" | "unknown", …}; throws never.
  const send = async (entry) => {
    try {
      const headers = { Accept: "application/json" };
      const proof = await token(entry);
      if (proof) headers["X-CSRFToken"] = proof;
      const answer = await fetch(entry.post, { method: "POST", body: bodyOf(entry), headers });
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      const isDecided = answer.status >= 400 && answer.status < 500;
      if (!isJson && isDecided) return { state: "refused", status: answer.status, errors: [] };
      if (!isJson || answer.status >= 500) return { state: "unknown", status: answer.status };
      const said = await answer.json();
      if (answer.ok && said.number) return { state: "sent", ...said };
      if (answer.status === 429) return { state: "later", errors: said.errors || [] };
      return { state: "refused", errors: said.errors || [] };
    } catch (fault) {
      return { state: "unknown", status: 0 };
    }
  };

  // Sends everything that waits; what was sent or refused is told to the next open page.
  const flush = async () => {
    const results = [];
    for (const entry of await all("outbox")) {
      if (entry.state === "refused") continue;
      const result = await send(entry);
      if (result.state === "sent") {
        await put("sent", { id: entry.id, number: result.number, address: result.address, city: entry.cityName, at: Date.now() });
        await remove("outbox", entry.id);
      } else if (result.state === "refused") {
        await put("outbox", { ...entry, state: "refused", errors: result.errors });
      }
      results.push({ id: entry.id, ...result });
    }
    return results;
  };

  // When a page opens: old drafts, and word of a report sent that an earlier page has told.
  const forgetOld = async () => {
    const before = Date.now() - DRAFT_DAYS * 86400000;
    for (const draft of await all("drafts")) if (draft.at < before) await remove("drafts", draft.id);
    for (const sent of await all("sent")) if (sent.isSeen || sent.at < before) await remove("sent", sent.id);
  };

  self.novatorOutbox = { put, get, all, remove, send, flush, forgetOld };
})();
