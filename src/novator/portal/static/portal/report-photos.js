// Photos before they are sent: made smaller, without what the camera wrote, and blurred by hand.
(() => {
  "use strict";
  const LARGEST = 2000;
  const QUALITY = 0.86;
  const BLOCKS = 4;
  const LEAST = 0.02;

  const canvasOf = (width, height) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    return canvas;
  };

  const blobOf = (canvas) => new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });

  // Draw a photo upright at a bearable size. What cannot be opened is left for the server to judge.
  const shrunk = async (file) => {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = canvasOf(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return blobOf(canvas);
  };

  const average = (pen, left, top, width, height) => {
    const { data } = pen.getImageData(left, top, width, height);
    const sums = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) for (let c = 0; c < 3; c += 1) sums[c] += data[at + c];
    return sums.map((sum) => (Math.floor(sum / (data.length / 4) / 16) * 16) + 8);
  };

  // A few blocks of few colours: too few to read a plate back by trying.
  const pixelate = (canvas, area) => {
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const left = Math.max(0, Math.floor(area.left * canvas.width));
    const top = Math.max(0, Math.floor(area.top * canvas.height));
    const width = Math.max(1, Math.min(canvas.width - left, Math.ceil(area.width * canvas.width)));
    const height = Math.max(1, Math.min(canvas.height - top, Math.ceil(area.height * canvas.height)));
    const longer = Math.max(width, height);
    const across = Math.max(1, Math.round((BLOCKS * width) / longer));
    const down = Math.max(1, Math.round((BLOCKS * height) / longer));
    for (let column = 0; column < across; column += 1) {
      for (let row = 0; row < down; row += 1) {
        const x = left + Math.floor((column * width) / across);
        const y = top + Math.floor((row * height) / down);
        const w = Math.max(1, left + Math.floor(((column + 1) * width) / across) - x);
        const h = Math.max(1, top + Math.floor(((row + 1) * height) / down) - y);
        pen.fillStyle = `rgb(${average(pen, x, y, w, h).join(" ")})`;
        pen.fillRect(x, y, w, h);
      }
    }
  };

  const blurred = async (blob, areas) => {
    const bitmap = await createImageBitmap(blob);
    const canvas = canvasOf(bitmap.width, bitmap.height);
    canvas.getContext("2d", { willReadFrequently: true }).drawImage(bitmap, 0, 0);
    bitmap.close();
    areas.forEach((area) => pixelate(canvas, area));
    return blobOf(canvas);
  };

  // A small picture; drawn, because the page's policy lets no image in by an address of its own.
  const preview = async (blob, size) => {
    const bitmap = await createImageBitmap(blob);
    const canvas = canvasOf(size, size);
    const side = Math.min(bitmap.width, bitmap.height);
    const x = (bitmap.width - side) / 2;
    const y = (bitmap.height - side) / 2;
    canvas.getContext("2d").drawImage(bitmap, x, y, side, side, 0, 0, size, size);
    bitmap.close();
    return canvas;
  };

  const bounded = (value, least, most) => Math.min(most, Math.max(least, value));

  // The tool: areas are buttons over the photo, so that keys and screen readers reach them.
  const editor = async (place, blob, words) => {
    const bitmap = await createImageBitmap(blob);
    const canvas = canvasOf(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
    const areas = [];
    const element = (name, className, text) => {
      const made = document.createElement(name);
      if (className) made.className = className;
      if (text) made.textContent = text;
      return made;
    };
    const box = element("div", "blur-tool");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", words.blurTitle);
    const stage = element("div", "blur-stage");
    const help = element("p", "field-help", words.blurHelp);
    const said = element("p", "hidden");
    said.setAttribute("role", "status");
    const buttons = element("p", "form-buttons");
    const add = element("button", "button button-quiet button-small", words.blurAdd);
    const done = element("button", "button button-small", words.blurDone);
    const cancel = element("button", "button button-quiet button-small", words.blurCancel);
    for (const button of [add, done, cancel]) button.type = "button";
    buttons.append(add, done, cancel);
    stage.append(canvas);
    box.append(help, stage, buttons, said);
    place.replaceChildren(box);

    const place_ = (area) => {
      const { style } = area.handle;
      style.left = `${area.left * 100}%`;
      style.top = `${area.top * 100}%`;
      style.width = `${area.width * 100}%`;
      style.height = `${area.height * 100}%`;
    };
    const drop = (area) => {
      areas.splice(areas.indexOf(area), 1);
      area.handle.remove();
      said.textContent = words.blurRemoved;
      add.focus();
    };
    const move = (area, dx, dy) => {
      area.left = bounded(area.left + dx, 0, 1 - area.width);
      area.top = bounded(area.top + dy, 0, 1 - area.height);
      place_(area);
    };
    const grow = (area, dx, dy) => {
      area.width = bounded(area.width + dx, LEAST, 1 - area.left);
      area.height = bounded(area.height + dy, LEAST, 1 - area.top);
      place_(area);
    };
    const made = (left, top, width, height) => {
      const handle = element("button", "blur-area");
      handle.type = "button";
      const area = { left, top, width, height, handle };
      areas.push(area);
      handle.setAttribute("aria-label", words.blurArea.replace("%(number)s", String(areas.length)));
      handle.addEventListener("keydown", (event) => {
        const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
        const step = steps[event.key];
        if (step) {
          event.preventDefault();
          (event.shiftKey ? grow : move)(area, step[0] * 0.02, step[1] * 0.02);
        } else if (event.key === "Delete" || event.key === "Backspace") {
          event.preventDefault();
          drop(area);
        }
      });
      stage.append(handle);
      place_(area);
      return area;
    };
    const at = (event) => {
      const frame = stage.getBoundingClientRect();
      return [bounded((event.clientX - frame.left) / frame.width, 0, 1), bounded((event.clientY - frame.top) / frame.height, 0, 1)];
    };
    let held = null;
    stage.addEventListener("pointerdown", (event) => {
      const [x, y] = at(event);
      const known = areas.find((area) => area.handle === event.target);
      held = known ? { area: known, dx: x - known.left, dy: y - known.top } : { from: [x, y] };
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [x, y] = at(event);
      if (held.from && !held.area) {
        const far = Math.abs(x - held.from[0]) > LEAST || Math.abs(y - held.from[1]) > LEAST;
        if (far) held.area = made(...held.from, LEAST, LEAST);
      }
      if (held.from && held.area) {
        held.area.left = Math.min(x, held.from[0]);
        held.area.top = Math.min(y, held.from[1]);
        held.area.width = Math.max(LEAST, Math.abs(x - held.from[0]));
        held.area.height = Math.max(LEAST, Math.abs(y - held.from[1]));
        grow(held.area, 0, 0);
      } else if (held.area) {
        move(held.area, x - held.dx - held.area.left, y - held.dy - held.area.top);
      }
    });
    stage.addEventListener("pointerup", () => {
      if (held && held.area) held.area.handle.focus();
      held = null;
    });
    stage.addEventListener("pointercancel", () => { held = null; });
    add.addEventListener("click", () => made(0.4, 0.4, 0.2, 0.2).handle.focus());
    add.focus();
    return new Promise((resolve) => {
      const end = (value) => {
        place.replaceChildren();
        resolve(value);
      };
      cancel.addEventListener("click", () => end(null));
      done.addEventListener("click", async () => end(areas.length ? await blurred(blob, areas) : null));
      box.addEventListener("keydown", (event) => {
        if (event.key === "Escape") end(null);
      });
    });
  };

  window.novatorPhotos = { shrunk, blurred, preview, editor };
})();
