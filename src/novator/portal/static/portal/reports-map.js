// Maps of reports with Leaflet: one place, the spots of a city, or a pin to be put. Without this
// script the words and tables of the page stay.
(() => {
  "use strict";
  if (!window.L) return;
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const MOST_NAMES = 40;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const read = (address) => fetch(address, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));

  // The ground: tiles of our own server where it has any, else districts, houses, street names.
  const lay = (map, ground) => {
    if (ground.tiles) {
      L.tileLayer(ground.tiles, { maxZoom: 19, attribution: ground.credit || "" }).addTo(map);
      return;
    }
    for (const area of ground.areas) {
      L.polygon(area.rings, { className: "ground-area", weight: 1, interactive: false }).addTo(map);
    }
    const style = getComputedStyle(document.documentElement);
    const canvas = L.canvas({ padding: 0.3 });
    const colour = style.getPropertyValue("--accent-line").trim();
    for (const [latitude, longitude] of ground.dots) {
      L.circleMarker([latitude, longitude], {
        renderer: canvas, radius: 2, stroke: false, fillColor: colour, fillOpacity: 1,
        interactive: false,
      }).addTo(map);
    }
    const names = L.layerGroup().addTo(map);
    const write = () => {
      names.clearLayers();
      if (map.getZoom() < 15) return;
      const seen = map.getBounds();
      const near = ground.streets.filter(([, a, b]) => seen.contains([a, b])).slice(0, MOST_NAMES);
      for (const [name, latitude, longitude] of near) {
        const label = L.divIcon({ className: "ground-name", html: element("span", "", name) });
        L.marker([latitude, longitude], { icon: label, interactive: false, keyboard: false })
          .addTo(names);
      }
    };
    map.on("moveend", write);
    write();
  };

  const begin = (frame, ground) => {
    const words = frame.dataset;
    const place = element("div", "live");
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", words.label);
    frame.append(place);
    const map = L.map(place, {
      zoomControl: false, attributionControl: Boolean(ground.tiles), scrollWheelZoom: false,
      zoomAnimation: !isStill, fadeAnimation: !isStill, markerZoomAnimation: !isStill, maxZoom: 18,
      minZoom: 9,
    });
    L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut })
      .addTo(map);
    frame.classList.add("is-live");
    const [south, west, north, east] = ground.box;
    map.setMaxBounds(L.latLngBounds([[south, west], [north, east]]).pad(0.3));
    return map;
  };

  const here = (words) => {
    const icon = L.divIcon({ className: "pin", html: element("span", "spot-here"), iconSize: [26, 26], iconAnchor: [13, 24] });
    return (point) => L.marker(point, { icon, title: words.here, alt: words.here, keyboard: false });
  };

  const showOne = (frame, ground) => {
    const words = frame.dataset;
    const point = [Number(words.latitude), Number(words.longitude)];
    const map = begin(frame, ground);
    map.setView(point, 15);
    lay(map, ground);
    here(words)(point).addTo(map);
  };

  const putPin = (frame, ground) => {
    const words = frame.dataset;
    const map = begin(frame, ground);
    const [latitude, longitude] = ["latitude", "longitude"].map((name) => document.querySelector(`input[name="${name}"]`));
    const known = [Number(latitude.value.replace(",", ".")), Number(longitude.value.replace(",", "."))];
    const isKnown = known[0] && known[1];
    map.setView(isKnown ? known : ground.centre, 13);
    lay(map, ground);
    let pin = isKnown ? here(words)(known).addTo(map) : null;
    map.on("click", ({ latlng }) => {
      if (pin) pin.remove();
      pin = here(words)(latlng).addTo(map);
      latitude.value = latlng.lat.toFixed(5);
      longitude.value = latlng.lng.toFixed(5);
      const choice = document.querySelector('input[name="kind"][value="radius"]');
      if (choice) choice.checked = true;
    });
  };

  const showSpots = (frame, ground) => {
    const words = frame.dataset;
    const map = begin(frame, ground);
    map.setView(ground.centre, 12);
    lay(map, ground);
    const layer = L.layerGroup().addTo(map);
    let asked = 0;

    const popup = ([latitude, longitude, reports, open, number]) => {
      const box = element("div", "popup-list");
      box.append(element("strong", "", `${words.reports} ${reports}`));
      if (open) box.append(element("small", "", `${words.open} ${open}`));
      if (number) {
        const link = element("a", "", `№ ${number}`);
        link.href = words.page.replace("0-0", number);
        box.append(link);
      } else if (map.getZoom() < 18) {
        const nearer = element("button", "button button-quiet button-small", words.nearer);
        nearer.type = "button";
        nearer.addEventListener("click", () => {
          map.closePopup();
          map.setView([latitude, longitude], Math.min(map.getZoom() + 2, 18));
        });
        box.append(nearer);
      }
      return box;
    };

    const pin = (spot) => {
      const [latitude, longitude, reports, open] = spot;
      const size = Math.round(Math.min(14 + 5 * Math.log2(reports + 1), 44));
      const dot = element("span", "spot-dot", reports > 1 ? String(reports) : "");
      dot.style.width = dot.style.height = `${size}px`;
      const label = `${words.reports} ${reports}${open ? `, ${words.open} ${open}` : ""}`;
      const target = Math.max(size, 26);
      const icon = L.divIcon({ className: "pin", html: dot, iconSize: [target, target] });
      const marker = L.marker([latitude, longitude], { icon, title: label, riseOnHover: true });
      marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
      marker.bindPopup(() => popup(spot), { minWidth: 160, maxWidth: 260 });
      return marker;
    };

    const draw = () => {
      const seen = map.getBounds();
      const box = [seen.getSouth(), seen.getWest(), seen.getNorth(), seen.getEast()].map((n) => n.toFixed(5));
      const mine = asked += 1;
      const joint = words.spots.includes("?") && !words.spots.endsWith("?") ? "&" : "";
      read(`${words.spots}${joint}zoom=${map.getZoom()}&box=${box.join(",")}`).then((found) => {
        if (mine !== asked) return;
        layer.clearLayers();
        for (const spot of found.spots) layer.addLayer(pin(spot));
      }).catch(() => {});
    };
    map.on("moveend", () => { if (!frame.querySelector(".leaflet-popup")) draw(); });
    map.on("popupclose", ({ popup: closed }) => {
      const source = closed._source && closed._source.getElement();
      if (source) source.focus({ preventScroll: true });
    });
    map.on("popupopen", ({ popup: opened }) => {
      const close = opened.getElement().querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", words.close);
      const link = opened.getElement().querySelector(".popup-list a, .popup-list button");
      if (link) link.focus({ preventScroll: true });
    });
    draw();
  };

  for (const frame of document.querySelectorAll("[data-reports-map]")) {
    const show = "spots" in frame.dataset ? showSpots : "pins" in frame.dataset ? putPin : showOne;
    read(frame.dataset.ground).then((ground) => show(frame, ground)).catch(() => {});
  }
})();
