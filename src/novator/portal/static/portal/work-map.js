// Maps of the staff: places of the narrowed list, or one report with others near it. The list
// beside it says the same.
(() => {
  "use strict";
  if (!window.L || !window.novatorGround) return;
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const spot = (place, kind, title, url) => {
    const dot = document.createElement("span");
    dot.className = `work-spot ${kind}`;
    const size = kind === "is-this" ? 20 : 14;
    const marker = L.marker(place, {
      icon: L.divIcon({ className: "", html: dot, iconSize: [size, size] }), title, alt: title,
      keyboard: Boolean(url), interactive: Boolean(url), zIndexOffset: kind === "is-this" ? 1000 : 0,
    });
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.textContent = title;
      marker.bindPopup(link);
    }
    return marker;
  };

  const pair = (text) => text.split(",").map(Number);
  const json = (address) => fetch(address, { headers: { Accept: "application/json" } }).then(
    (answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)),
  );

  const begin = async (frame) => {
    if (frame.classList.contains("is-live")) return;
    const said = frame.parentElement.querySelector("[data-map-words]");
    const words = frame.dataset;
    const told = await json(words.ground);
    frame.classList.add("is-live");
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", words.label);
    const [south, west, north, east] = told.box;
    const map = L.map(frame, {
      attributionControl: Boolean(told.credit), zoomControl: false, scrollWheelZoom: false, minZoom: 8, maxZoom: 19,
      zoomAnimation: !isStill, fadeAnimation: !isStill, markerZoomAnimation: !isStill,
    });
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    L.control.zoom({ position: "topright", zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.fitBounds([[south, west], [north, east]]);
    window.novatorGround(map, told);
    const group = L.featureGroup().addTo(map);
    const own = words.point ? pair(words.point) : null;
    if (own) spot(own, "is-this", words.label).addTo(map);
    if (words.other) spot(pair(words.other), "is-late", words.label).addTo(map);
    if (words.points) {
      const found = await json(words.points);
      for (const one of found.points) {
        if (own && one.place[0] === own[0] && one.place[1] === own[1]) continue;
        spot(one.place, one.is_danger ? "is-bad" : one.is_late ? "is-late" : "", one.words, one.url).addTo(group);
      }
      if (said) said.textContent = found.is_cut ? words.cut : found.points.length ? "" : words.none;
    }
    if (own) map.setView(own, words.other ? 17 : 16);
    if (own && words.other) map.fitBounds([own, pair(words.other)], { maxZoom: 18, padding: [40, 40] });
    else if (!own && group.getLayers().length) map.fitBounds(group.getBounds(), { maxZoom: 16, padding: [24, 24] });
  };

  for (const frame of document.querySelectorAll(".work-map")) {
    const fold = frame.closest("details");
    if (fold) fold.addEventListener("toggle", () => fold.open && begin(frame).catch(() => {}));
    else begin(frame).catch(() => {});
  }
})();
