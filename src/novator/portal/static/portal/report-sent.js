// The report has a number: nothing of it stays on this device.
(() => {
  "use strict";
  const place = document.getElementById("sent");
  const key = place && place.dataset.key;
  if (!key || !window.indexedDB) return;
  const { remove, all } = window.novatorOutbox;
  (async () => {
    await remove("outbox", key);
    await remove("sent", key);
    for (const draft of await all("drafts")) if (draft.key === key) await remove("drafts", draft.id);
  })().catch(() => {});
})();
