// The form of a report: a minute on a phone, with or without a line. Without this script the same
// form is sent as it stands.
(() => {
  "use strict";
  const form = document.getElementById("report");
  if (!form) return;
  document.documentElement.classList.add("scripted");
  const words = JSON.parse(document.getElementById("report-words").textContent);
  const { dataset } = form;
  const field = (name) => form.elements.namedItem(name);
  const byId = (id) => document.getElementById(id);
  const text = field("text");
  const address = field("address");
  const latitude = field("latitude");
  const longitude = field("longitude");
  const category = field("category");
  const send = byId("send");
  const said = byId("send-said");
  const states = byId("states");
  const keeps = Boolean(dataset.worker && window.indexedDB);
  const box = window.novatorOutbox;
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "photos", "key", "age"]);
  const NOT_RESTORED = new Set(["processing", "publication", "held", "drop", "seen", "ticket"]);
  let shots = [];
  let isSending = false;

  const fill = (phrase, values) => phrase.replace(/%\((\w+)\)s/g, (_all, name) => String(values[name]));
  const element = (name, className, words_) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (words_) made.textContent = words_;
    return made;
  };
  const later = (act, pause) => {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(act, pause);
    };
  };
  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  // The page may come from the device's store: its own key would make two reports one.
  if (!document.querySelector("[name=held]")) field("key").value = newKey();
  let writtenAt = Date.now();

  // Characters left.
  const counter = byId("text-left");
  const longest = Number(text.dataset.longest);
  const count = () => {
    const left = longest - [...text.value].length;
    counter.textContent = left < 0 ? fill(words.tooLong, { number: -left }) : fill(words.left, { number: left });
    counter.classList.toggle("is-over", left < 0);
  };
  text.addEventListener("input", count);
  count();

  // The draft.
  const fieldsNow = () => [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.has(name) && typeof value === "string");
  const keepDraft = later(() => {
    if (!keeps || isSending || (!text.value.trim() && !shots.length)) return;
    const fields = fieldsNow().filter(([name]) => !NOT_RESTORED.has(name));
    box.put("drafts", { id: dataset.city, key: field("key").value, fields, photos: shots.map((shot) => shot.blob), at: Date.now(), writtenAt }).catch(() => {});
  }, 400);
  form.addEventListener("input", keepDraft);
  form.addEventListener("change", keepDraft);

  const state = (id, className, phrase) => {
    let note = byId(id);
    if (!note) {
      note = element("div", `note ${className}`);
      note.id = id;
      states.append(note);
    }
    note.className = `note ${className}`;
    note.replaceChildren(element("p", "", phrase));
    return note;
  };
  const clearState = (id) => {
    if (byId(id)) byId(id).remove();
  };
  const button = (phrase, act) => {
    const made = element("button", "button button-quiet button-small", phrase);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  // Photos.
  const input = field("photos");
  const list = byId("shots");
  const drawShots = async () => {
    const rows = [];
    for (const [place, shot] of shots.entries()) {
      const row = element("li", "shot");
      const name = fill(words.photo, { number: place + 1 });
      const canvas = await window.novatorPhotos.preview(shot.blob, 96).catch(() => null);
      if (canvas) {
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", name + (shot.isBlurred ? `, ${words.blurred}` : ""));
        row.append(canvas);
      } else row.append(element("span", "shot-name", name));
      const tools = element("p", "shot-tools");
      const blur = button(words.blur, () => blurShot(shot, blur));
      const drop = button(words.dropPhoto, () => {
        shots = shots.filter((each) => each !== shot);
        drawShots();
        keepDraft();
      });
      blur.setAttribute("aria-label", `${words.blur}: ${name}`);
      drop.setAttribute("aria-label", `${words.dropPhoto}: ${name}`);
      tools.append(...(canvas ? [blur] : []), drop);
      row.append(tools);
      rows.push(row);
    }
    list.replaceChildren(...rows);
    if (input) input.hidden = shots.length >= photosLeft();
  };
  const photosLeft = () => Number(dataset.photos) - document.querySelectorAll("[name=held]").length;
  const blurShot = async (shot) => {
    const changed = await window.novatorPhotos.editor(byId("blur"), shot.blob, words);
    if (changed) {
      shot.blob = changed;
      shot.isBlurred = true;
      await drawShots();
      keepDraft();
    }
    const first = list.querySelector("button");
    if (first) first.focus();
  };
  if (input) {
    input.addEventListener("change", async () => {
      clearFaults();
      const chosen = [...input.files];
      const faults = [];
      for (const file of chosen) {
        if (shots.length >= photosLeft()) {
          faults.push(fill(words.tooManyPhotos, { number: dataset.photos }));
          break;
        }
        try {
          shots.push({ blob: await window.novatorPhotos.shrunk(file) });
        } catch (fault) {
          faults.push(fill(words.noPhoto, { name: file.name }));
        }
      }
      input.value = "";
      await drawShots();
      keepDraft();
      if (faults.length) showFaults(faults.map((fault) => ({ field: "photos", label: words.photos, text: fault })));
    });
  }

  // Faults, as the page of the server shows them.
  const clearFaults = () => {
    document.querySelectorAll(".error-summary").forEach((each) => each.remove());
    form.querySelectorAll("[data-field]").forEach((place) => {
      place.classList.remove("field-faulty");
      place.querySelectorAll(".field-faulty").forEach((each) => each.classList.remove("field-faulty"));
      place.querySelectorAll(".field-error").forEach((each) => each.remove());
      place.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
    });
  };
  const showFaults = (told_) => {
    const faults = told_.length ? told_ : [{ field: "", text: words.notTaken }];
    clearFaults();
    const summary = element("div", "note note-bad error-summary");
    summary.tabIndex = -1;
    summary.setAttribute("role", "alert");
    summary.append(element("h2", "error-summary-head", words.correct), element("p", "small", words.kept));
    const rows = element("ul");
    for (const fault of faults) {
      const row = element("li");
      const place = fault.field && form.querySelector(`[data-field="${CSS.escape(fault.field)}"]`);
      const control = fault.field && byId(`id_${fault.field}`);
      if (control) {
        const link = element("a", "", fault.label || fault.field);
        link.href = `#${control.id}`;
        link.addEventListener("click", (event) => {
          event.preventDefault();
          const fold = control.closest("details");
          if (fold) fold.open = true;
          control.focus();
        });
        row.append(link, `: ${fault.text}`);
        control.setAttribute("aria-invalid", "true");
        const beside = place || control.closest(".field");
        if (beside) {
          const note = element("p", "field-error", fault.text);
          note.id = `id_${fault.field}_error`;
          beside.classList.add("field-faulty");
          control.before(note);
          control.setAttribute("aria-describedby", note.id);
        }
      } else row.append(fault.text);
      rows.append(row);
    }
    summary.append(rows);
    form.before(summary);
    summary.focus();
  };

  // What the words and the place are like.
  const params = () => {
    const body = new URLSearchParams();
    for (const name of ["text", "address", "latitude", "longitude", "category"]) body.set(name, field(name).value);
    return body;
  };
  let asked = 0;
  const askHints = async () => {
    if (!text.value.trim()) return;
    const turn = (asked += 1);
    try {
      const answer = await fetch(dataset.hints, { method: "POST", body: params(), headers: { Accept: "application/json" } });
      if (!answer.ok || turn !== asked) return;
      const told = await answer.json();
      byId("danger").hidden = !told.danger;
      byId("appeal").hidden = !told.appeal;
      showLike(told.like);
      showKinds(told.kinds, told.sure);
      field("proposal").value = told.proposal;
    } catch (fault) { /* without a line the form is filled in all the same */ }
  };
  const hintsSoon = later(askHints, 700);
  const showLike = (html) => {
    const rows = byId("like-rows");
    byId("like").hidden = !html;
    if (rows.dataset.html !== html) {
      rows.dataset.html = html;
      rows.innerHTML = html;
    }
    if (html) field("seen").value = "1";
  };
  const showKinds = (kinds, isSure) => {
    const place = byId("kinds");
    place.hidden = !kinds.length;
    if (!kinds.length) return;
    const isFree = !category.value || field("chosen_by").value === "machine";
    if (isFree && isSure) choose(kinds[0].code, "machine");
    else if (isFree && category.value) choose("", "");
    const head = element("p", "small", words.proposed);
    const row = element("p", "kind-choices");
    for (const kind of kinds) {
      const chip = element("button", "choice", `${kind.name} – ${kind.percent} %`);
      chip.type = "button";
      chip.setAttribute("aria-pressed", String(category.value === kind.code));
      chip.addEventListener("click", () => {
        choose(kind.code, "citizen");
        place.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === chip)));
        hintsSoon();
      });
      row.append(chip);
    }
    place.replaceChildren(head, row);
  };
  const choose = (code, by) => {
    if (![...category.options].some((option) => option.value === code)) return;
    field("chosen_by").value = by;
    if (category.value === code) return;
    category.value = code;
    askQuestions();
    hintsSoon(); // like reports and danger depend on the kind too
  };
  const askQuestions = async () => {
    const place = byId("questions");
    try {
      const answer = await fetch(`${dataset.questions}?category=${encodeURIComponent(category.value)}`);
      if (answer.ok) place.innerHTML = await answer.text();
    } catch (fault) { place.replaceChildren(); }
  };
  category.addEventListener("change", () => {
    field("chosen_by").value = category.value ? "citizen" : "";
    byId("kinds").querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", "false"));
    askQuestions();
    hintsSoon();
  });
  text.addEventListener("input", hintsSoon);

  // The place.
  let map = null;
  const setPlace = (lat, lon, by) => {
    latitude.value = lat.toFixed(6);
    longitude.value = lon.toFixed(6);
    field("placed_by").value = by;
    if (map && by !== "pin") map.put(lat, lon);
    keepDraft();
    hintsSoon();
  };
  const nameOf = async (lat, lon) => {
    try {
      const answer = await fetch(`${dataset.places}?latitude=${lat.toFixed(5)}&longitude=${lon.toFixed(5)}`);
      const { places } = answer.ok ? await answer.json() : { places: [] };
      if (places.length && (!address.value.trim() || address.dataset.told === address.value)) {
        address.value = places[0].label;
        address.dataset.told = places[0].label;
        byId("address-said").textContent = fill(words.near, { address: places[0].label });
        keepDraft();
      }
    } catch (fault) { /* the point alone is enough */ }
  };
  const locate = byId("locate");
  if (!navigator.geolocation) locate.parentElement.hidden = true;
  locate.addEventListener("click", () => {
    byId("locate-said").textContent = words.locating;
    navigator.geolocation.getCurrentPosition((found) => {
      const { latitude: lat, longitude: lon, accuracy } = found.coords;
      const [south, west, north, east] = told ? told.box : [-90, -180, 90, 180];
      if (lat < south || lat > north || lon < west || lon > east) {
        byId("locate-said").textContent = fill(words.elsewhere, { city: dataset.cityName });
        return;
      }
      byId("locate-said").textContent = fill(words.located, { metres: Math.max(1, Math.round(accuracy)) });
      setPlace(lat, lon, "device");
      nameOf(lat, lon);
    }, (fault) => {
      byId("locate-said").textContent = fault.code === 1 ? words.locationRefused : words.locationUnknown;
    }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });

  const suggestions = byId("address-list");
  const hideSuggestions = () => { suggestions.hidden = true; };
  const suggest = later(async () => {
    const typed = address.value.trim();
    if (typed.length < 3 || typed === address.dataset.told) return hideSuggestions();
    try {
      const answer = await fetch(`${dataset.places}?q=${encodeURIComponent(typed)}`);
      const { places } = answer.ok ? await answer.json() : { places: [] };
      if (typed !== address.value.trim()) return undefined;
      suggestions.replaceChildren(...places.map((place) => {
        const row = element("li");
        row.append(button(place.label, () => {
          address.value = place.label;
          address.dataset.told = place.label;
          hideSuggestions();
          setPlace(place.latitude, place.longitude, "address");
          address.focus();
        }));
        return row;
      }));
      suggestions.hidden = !places.length;
      byId("address-said").textContent = places.length ? fill(words.addresses, { number: places.length }) : "";
    } catch (fault) { hideSuggestions(); }
    return undefined;
  }, 350);
  address.addEventListener("input", () => {
    if (field("placed_by").value === "address") {
      latitude.value = "";
      longitude.value = "";
      field("placed_by").value = "";
      if (map) map.clear();
    }
    suggest();
    hintsSoon();
  });
  address.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideSuggestions();
    if (event.key === "ArrowDown" && !suggestions.hidden) {
      event.preventDefault();
      suggestions.querySelector("button").focus();
    }
    if (event.key === "Enter") event.preventDefault();
  });
  suggestions.addEventListener("keydown", (event) => {
    const buttons = [...suggestions.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "Escape") { hideSuggestions(); address.focus(); }
    if (event.key === "ArrowDown" && at < buttons.length - 1) { event.preventDefault(); buttons[at + 1].focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); (buttons[at - 1] || address).focus(); }
  });

  let told = null;
  const frame = byId("map");
  const beginMap = async () => {
    try {
      const answer = await fetch(dataset.ground);
      told = answer.ok ? await answer.json() : null;
    } catch (fault) { told = null; }
    if (!told || !frame || !window.novatorPinMap) return;
    frame.hidden = false;
    byId("map-help").hidden = false;
    map = window.novatorPinMap(frame, told, words, (lat, lon) => {
      setPlace(lat, lon, "pin");
      nameOf(lat, lon);
    });
    const lat = Number(latitude.value.replace(",", "."));
    const lon = Number(longitude.value.replace(",", "."));
    if (latitude.value && longitude.value && Number.isFinite(lat) && Number.isFinite(lon)) map.put(lat, lon);
  };
  for (const each of [latitude, longitude]) {
    each.addEventListener("change", () => {
      const lat = Number(latitude.value.replace(",", "."));
      const lon = Number(longitude.value.replace(",", "."));
      if (latitude.value && longitude.value && Number.isFinite(lat) && Number.isFinite(lon)) setPlace(lat, lon, "device");
      field("placed_by").value = "pin";
    });
  }

  // Sending: into the store of the device first, out from there.
  const entryNow = () => ({
    id: field("key").value, city: dataset.city, cityName: dataset.cityName,
    post: form.getAttribute("action"), ready: dataset.worker ? dataset.ready : "",
    fields: fieldsNow(), photos: shots.map((shot) => shot.blob), writtenAt, at: Date.now(), state: "waiting",
  });
  const wakeLater = async () => {
    const ready = navigator.serviceWorker && await navigator.serviceWorker.ready;
    if (ready && ready.sync) await ready.sync.register("novator-reports");
  };
  form.addEventListener("submit", async (event) => {
    if (event.submitter && event.submitter.name === "show") return;
    event.preventDefault();
    if (isSending) return;
    const over = [...text.value].length - longest;
    if (!text.value.trim() || over > 0) {
      showFaults([{ field: "text", label: words.what, text: over > 0 ? fill(words.tooLong, { number: over }) : words.noText }]);
      return;
    }
    isSending = true;
    send.disabled = true;
    said.textContent = words.sending;
    clearFaults();
    const entry = entryNow();
    if (keeps) await box.put("outbox", entry).catch(() => {});
    const result = await box.send(entry);
    isSending = false;
    send.disabled = false;
    said.textContent = "";
    if (result.state === "sent") {
      if (keeps) {
        await box.remove("outbox", entry.id).catch(() => {});
        await box.remove("drafts", dataset.city).catch(() => {});
      }
      window.location.replace(result.address);
    } else if (result.state === "refused" || result.state === "later") {
      if (keeps) await box.remove("outbox", entry.id).catch(() => {});
      showFaults(result.errors);
    } else {
      unknown(entry);
    }
  });

  // The line broke: nobody knows whether the report arrived, and pressing again is safe.
  const unknown = (entry) => {
    const note = state("state-unknown", "note-notice", navigator.onLine ? words.unknown : words.noLine);
    note.append(element("p", "small", keeps ? words.goesByItself : words.pressAgain));
    const tools = element("p", "form-buttons");
    tools.append(button(words.again, () => form.requestSubmit(send)));
    if (keeps) {
      tools.append(button(words.takeBack, async () => {
        await box.remove("outbox", entry.id);
        clearState("state-unknown");
        said.textContent = words.takenBack;
      }));
      wakeLater().catch(() => {});
    }
    note.append(tools);
    note.tabIndex = -1;
    note.focus();
  };

  const showSent = async () => {
    for (const row of await box.all("sent")) {
      const note = state(`sent-${row.id}`, "", fill(words.sentMeanwhile, { number: row.number, city: row.city }));
      const link = element("a", "", words.sentPage);
      link.href = row.address;
      const tools = element("p", "form-buttons");
      tools.append(link, button(words.close, async () => {
        await box.remove("sent", row.id);
        note.remove();
      }));
      note.append(tools);
      if (row.id === field("key").value) startAfresh();
      for (const draft of await box.all("drafts")) if (draft.key === row.id) await box.remove("drafts", draft.id);
      if (document.visibilityState === "visible") await box.put("sent", { ...row, isSeen: true });
    }
  };
  const startAfresh = async () => {
    await box.remove("drafts", dataset.city).catch(() => {});
    clearState("state-unknown");
    shots = [];
    form.reset();
    await drawShots();
    field("key").value = newKey();
    writtenAt = Date.now();
    count();
  };
  const showWaiting = async () => {
    const waiting = (await box.all("outbox")).filter((entry) => entry.state !== "refused");
    if (!waiting.length) return clearState("state-waiting");
    const mine = waiting.some((entry) => entry.id === field("key").value);
    if (mine && byId("state-unknown")) return undefined;
    return state("state-waiting", "note-notice", fill(words.waiting, { number: waiting.length }));
  };
  const showRefused = async () => {
    for (const entry of await box.all("outbox")) {
      if (entry.state !== "refused" || entry.city !== dataset.city) continue;
      await restore({ ...entry, key: entry.id });
      await box.remove("outbox", entry.id);
      showFaults(entry.errors || []);
    }
  };
  const flush = async () => {
    if (!keeps || isSending || !navigator.onLine) return;
    if (!(await box.all("outbox")).some((entry) => entry.state !== "refused")) return;
    await box.flush();
    await settled();
  };
  const settled = async () => {
    await showSent();
    await showRefused();
    await showWaiting();
  };

  const restore = async (draft) => {
    const names = new Set(draft.fields.map(([name]) => name));
    const code = (draft.fields.find(([name]) => name === "category") || [])[1];
    if (code && [...category.options].some((option) => option.value === code)) {
      category.value = code;
      await askQuestions();
    }
    for (const [name, value] of draft.fields) {
      const control = field(name);
      if (control && !NOT_RESTORED.has(name) && "value" in control) control.value = value;
    }
    shots = draft.photos.map((blob) => ({ blob }));
    field("key").value = draft.key;
    writtenAt = draft.writtenAt || writtenAt;
    count();
    await drawShots();
    return names;
  };
  const offerDraft = async () => {
    const draft = await box.get("drafts", dataset.city);
    if (!draft || document.querySelector(".error-summary") || text.value) return;
    const isOut = await box.get("outbox", draft.key);
    if (isOut || await box.get("sent", draft.key)) return;
    await restore(draft);
    const note = state("state-draft", "", fill(words.draft, { when: new Date(draft.at).toLocaleString(document.documentElement.lang) }));
    const tools = element("p", "form-buttons");
    tools.append(button(words.dropDraft, async () => {
      await startAfresh();
      clearState("state-draft");
    }));
    note.append(tools);
  };

  const line = () => {
    if (navigator.onLine) clearState("state-line");
    else state("state-line", "note-notice", keeps ? words.offline : words.offlineBare);
  };
  window.addEventListener("online", () => { line(); flush().catch(() => {}); });
  window.addEventListener("offline", line);
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  line();

  (async () => {
    if (keeps) {
      await box.forgetOld().catch(() => {});
      await offerDraft().catch(() => {});
      await settled().catch(() => {});
      if (navigator.serviceWorker) {
        navigator.serviceWorker.addEventListener("message", (event) => {
          if (event.data && event.data.novator === "flushed") settled().catch(() => {});
        });
        navigator.serviceWorker.register(dataset.worker, { scope: dataset.scope }).catch(() => {});
      }
      flush().catch(() => {});
      setInterval(() => flush().catch(() => {}), 30000); // the site, not the line, may be away
    }
    await beginMap();
    if (text.value.trim()) askHints();
  })();
})();
