// Quicker by keyboard: rows of the work list, ready words, parts of a photo to blur. All of it
// works without this script, in more steps.
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("[data-row]")];
  let here = -1;

  const picked = () => {
    const count = document.querySelectorAll("[data-row] .work-tick input:checked").length;
    for (const place of document.querySelectorAll("[data-picked]")) place.textContent = count ? `(${count})` : "";
  };

  const go = (to) => {
    const all = rows();
    if (!all.length) return;
    here = Math.max(0, Math.min(all.length - 1, to));
    for (const row of all) row.classList.toggle("is-here", row === all[here]);
    const link = all[here].querySelector(".work-number");
    link.focus({ preventScroll: true });
    all[here].scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) {
      for (const box of document.querySelectorAll("[data-row] .work-tick input")) box.checked = event.target.checked;
    }
    picked();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !rows().length) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const at = event.target.closest("[data-row]");
    if (at) here = rows().indexOf(at);
    if (event.key === "j") go(here + 1);
    else if (event.key === "k") go(here - 1);
    else if (event.key === "x" && here >= 0) {
      const box = rows()[here].querySelector(".work-tick input");
      box.checked = !box.checked;
      picked();
    } else if (event.key === "/") {
      const field = document.querySelector("[data-key='/']");
      const fold = field && field.closest("details");
      if (fold) fold.open = true;
      if (field) field.focus();
    } else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const take = event.target.closest("[data-take]");
    if (!take) return;
    const words = take.parentElement.querySelector("[data-ready]").textContent;
    const field = document.querySelector("[data-words]");
    field.value = field.value.trim() ? `${field.value.trim()}\n\n${words}` : words;
    field.focus();
  });

  for (const form of document.querySelectorAll("[data-blur]")) {
    const frame = form.querySelector(".work-blur");
    const field = form.querySelector("input[name=areas]");
    let start = null;
    let box = null;
    const at = (event) => {
      const size = frame.getBoundingClientRect();
      const part = (value) => Math.min(1, Math.max(0, value));
      return [part((event.clientX - size.left) / size.width), part((event.clientY - size.top) / size.height)];
    };
    const area = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
    const lay = (element, [left, top, width, height]) => {
      element.style.left = `${left * 100}%`;
      element.style.top = `${top * 100}%`;
      element.style.width = `${width * 100}%`;
      element.style.height = `${height * 100}%`;
    };
    const parts = () => field.value.split(";").filter((part) => part.trim());
    const draw = () => {
      for (const old of frame.querySelectorAll("span")) old.remove();
      for (const part of parts()) {
        const numbers = part.split(",").map(Number);
        if (numbers.length === 4 && numbers.every(Number.isFinite)) lay(frame.appendChild(document.createElement("span")), numbers);
      }
    };
    frame.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      frame.setPointerCapture(event.pointerId);
      start = at(event);
      box = frame.appendChild(document.createElement("span"));
    });
    frame.addEventListener("pointermove", (event) => { if (start) lay(box, area(start, at(event))); });
    frame.addEventListener("pointerup", (event) => {
      if (!start) return;
      const found = area(start, at(event));
      start = null;
      if (found[2] > 0.005 && found[3] > 0.005) {
        field.value = [...parts(), found.map((value) => value.toFixed(4)).join(",")].join(";");
      }
      draw();
    });
    field.addEventListener("input", draw);
    form.querySelector("[data-undo]").addEventListener("click", () => {
      field.value = parts().slice(0, -1).join(";");
      draw();
    });
  }
  picked();
})();
