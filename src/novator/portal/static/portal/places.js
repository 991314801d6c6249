// The map of cities with Leaflet. Without this script the drawing of the server stays.
(() => {
  "use strict";
  const frame = document.querySelector("[data-map]");
  const drawing = frame && frame.querySelector(".sheet");
  if (!drawing || !window.L) return;

  const words = frame.dataset;
  const width = Number(words.width);
  const height = Number(words.height);
  const bounds = L.latLngBounds([[-height, 0], [0, width]]);
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const isNarrow = frame.clientWidth < 480;
  const reach = isNarrow ? 30 : 38;
  const largest = isNarrow ? 28 : 38;
  const NAMED = 30;

  const place = document.createElement("div");
  place.className = "live";
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", words.label);
  let map;
  let layer;
  let cities = [];

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const ground = () => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-hidden", "true");
    svg.append(drawing.querySelector(".ground").cloneNode(true));
    return L.svgOverlay(svg, bounds, { interactive: false });
  };

  // Cities that would cover each other at this zoom share one pin; those with most draw first.
  const groups = () => {
    const found = [];
    for (const city of cities) {
      const point = map.project([-city.y, city.x], map.getZoom());
      const near = found.find((group) => group.point.distanceTo(point) < reach);
      if (near) near.cities.push(city);
      else found.push({ point, cities: [city] });
    }
    return found.map((group) => group.cities);
  };

  const sum = (group, value) => group.reduce((total, city) => total + value(city), 0);

  const popup = (group) => {
    const list = element("ul", "popup-list");
    for (const city of group.slice(0, NAMED)) {
      const row = element("li");
      const link = element("a", "", city.name);
      link.href = city.url;
      const where = [city.region, `${words.practices} ${city.practices}`].filter(Boolean);
      row.append(link, element("small", "", where.join(" · ")));
      list.append(row);
    }
    if (group.length > NAMED) list.append(element("li", "", words.more));
    return list;
  };

  const pin = (group) => {
    const practices = sum(group, (city) => city.practices);
    const size = Math.round(Math.min(12 + 4 * Math.sqrt(practices), largest));
    const dot = element("span", "pin-dot", size > 19 ? String(practices) : "");
    dot.style.width = dot.style.height = `${size}px`;
    const box = Math.max(size, 26);
    const name = group.length === 1 ? group[0].name : `${words.cities} ${group.length}`;
    const label = `${name}, ${words.practices} ${practices}`;
    const marker = L.marker(
      [-group[0].y, group[0].x],
      { icon: L.divIcon({ className: "pin", html: dot, iconSize: [box, box] }), title: label,
        riseOnHover: true },
    );
    marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
    marker.bindPopup(() => popup(group), { minWidth: 190, maxWidth: 280, autoPanPadding: [16, 16] });
    return marker;
  };

  const redraw = () => {
    layer.clearLayers();
    for (const group of groups()) layer.addLayer(pin(group));
  };

  const begin = () => {
    frame.append(place);
    map = L.map(place, {
      crs: L.CRS.Simple, attributionControl: false, zoomControl: false, zoomSnap: 0.05,
      zoomDelta: 1, minZoom: -5, scrollWheelZoom: false, maxBounds: bounds.pad(0.4), maxBoundsViscosity: 0.6,
      zoomAnimation: !isStill, fadeAnimation: !isStill, markerZoomAnimation: !isStill,
    });
    L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    ground().addTo(map);
    layer = L.layerGroup().addTo(map);
    map.fitBounds(bounds);
    map.setMinZoom(map.getZoom());
    map.setMaxZoom(map.getZoom() + 4);
    map.on("zoomend", redraw);
    map.on("popupopen", ({ popup: opened }) => {
      const close = opened.getElement().querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", words.close);
      const link = opened.getElement().querySelector("a[href]");
      if (link) link.focus({ preventScroll: true });
    });
    map.on("popupclose", ({ popup: closed }) => {
      const source = closed._source && closed._source.getElement();
      if (source) source.focus({ preventScroll: true });
    });
    frame.classList.add("is-live");
    redraw();
  };

  fetch(words.map, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then((found) => {
      cities = found.cities.map(([x, y, name, region, slug, practices]) => (
        { x, y, name, region, practices, url: `${found.base}${slug}/` }));
      begin();
    })
    .catch(() => {});
})();
