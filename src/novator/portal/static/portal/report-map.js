// The map of one city: tiles of our own server where it has any, else the city's areas and houses
// as dots. `novatorGround` draws it, `novatorPinMap` lets one place be chosen on it.
(() => {
  "use strict";
  if (!window.L) return;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const ground = (map, told) => {
    if (told.tiles) {
      L.tileLayer(told.tiles, { maxZoom: 19, attribution: told.credit || "" }).addTo(map);
      return;
    }
    const canvas = L.canvas({ padding: 0.3 });
    for (const area of told.areas) {
      for (const ring of area.rings) {
        L.polygon(ring, { renderer: canvas, color: colour("--line-strong"), weight: 1, fillOpacity: 0.04, interactive: false }).addTo(map);
      }
    }
    for (const dot of told.dots) {
      L.circleMarker(dot, { renderer: canvas, radius: 2, stroke: false, fillColor: colour("--line-strong"), fillOpacity: 0.75, interactive: false }).addTo(map);
    }
    const names = L.layerGroup();
    for (const [name, latitude, longitude] of told.streets) {
      const label = document.createElement("span");
      label.textContent = name;
      L.marker([latitude, longitude], { icon: L.divIcon({ className: "street-name", html: label, iconSize: null }), interactive: false, keyboard: false }).addTo(names);
    }
    const showNames = () => {
      if (map.getZoom() >= 15) names.addTo(map);
      else names.remove();
    };
    map.on("zoomend", showNames);
    showNames();
    if (!told.dots.length) {
      const [south, west, north, east] = told.box;
      L.rectangle([[south, west], [north, east]], { color: colour("--line-strong"), weight: 1, fill: false, dashArray: "4 4", interactive: false }).addTo(map);
    }
  };

  const pinMap = (frame, told, words, chosen) => {
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const [south, west, north, east] = told.box;
    const bounds = L.latLngBounds([[south, west], [north, east]]);
    const map = L.map(frame, {
      attributionControl: Boolean(told.credit), zoomControl: false, scrollWheelZoom: false, maxBounds: bounds.pad(0.2),
      zoomAnimation: !isStill, fadeAnimation: !isStill, markerZoomAnimation: !isStill, minZoom: 9, maxZoom: 19,
    });
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    L.control.zoom({ position: "topright", zoomInTitle: words.nearer, zoomOutTitle: words.farther }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    ground(map, told);
    const near = told.dots.length ? L.latLngBounds(told.dots) : null;
    if (near && near.isValid()) map.fitBounds(near, { maxZoom: 15, padding: [16, 16] });
    else map.setView(told.centre[0] === null ? bounds.getCenter() : told.centre, 12);
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", frame.dataset.label);
    let pin = null;
    const put = (latitude, longitude, isTold) => {
      const place = [latitude, longitude];
      if (!pin) {
        pin = L.marker(place, { draggable: true, keyboard: false, icon: L.divIcon({ className: "place-pin", iconSize: [32, 40], iconAnchor: [16, 38] }), title: words.pin });
        pin.on("dragend", () => put(pin.getLatLng().lat, pin.getLatLng().lng, true));
        pin.addTo(map);
      }
      pin.setLatLng(place);
      if (isTold) chosen(latitude, longitude);
      else map.setView(place, Math.max(map.getZoom(), told.tiles ? 16 : 15));
    };
    map.on("click", (event) => put(event.latlng.lat, event.latlng.lng, true));
    frame.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== frame) return;
      event.preventDefault();
      const middle = map.getCenter();
      put(middle.lat, middle.lng, true);
    });
    const clear = () => {
      if (pin) pin.remove();
      pin = null;
    };
    return { put: (latitude, longitude) => put(latitude, longitude, false), clear, resized: () => map.invalidateSize() };
  };

  window.novatorGround = ground;
  window.novatorPinMap = pinMap;
})();
