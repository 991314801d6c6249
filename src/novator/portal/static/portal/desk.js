// Quicker by keyboard: a sheet of deputies marked by letters, arrows and numbers. All of it works
// without this script, in more steps.
(() => {
  "use strict";
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const isVote = sheet.dataset.sheet === "vote";
  const letters = isVote
    ? { з: "yes", y: "yes", п: "no", n: "no", в: "abstain", a: "abstain", н: "not_voting", "-": "not_voting", к: "recused", r: "recused", о: "absent", o: "absent" }
    : { п: "present", p: "present", д: "remote", m: "remote", у: "excused", e: "excused", о: "absent", o: "absent" };
  const lines = [...sheet.querySelectorAll("[data-line]")];
  let here = -1;
  let digits = "";
  let digitsAt = 0;

  for (const told of sheet.querySelectorAll("[data-keys]")) told.hidden = false;

  const visible = () => lines.length && lines[0].offsetParent !== null;
  const chosen = (line) => line.querySelector("input[type=radio]:checked");

  const go = (to) => {
    here = Math.max(0, Math.min(lines.length - 1, to));
    for (const line of lines) line.classList.toggle("is-here", line === lines[here]);
    const radio = chosen(lines[here]) || lines[here].querySelector("input[type=radio]");
    radio.focus({ preventScroll: true });
    lines[here].scrollIntoView({ block: "nearest" });
  };

  const mark = (line, option) => {
    const radio = line.querySelector(`input[value="${option}"]`);
    if (!radio) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const markRest = (option) => {
    const rest = lines.filter((line) => !chosen(line));
    for (const line of rest) line.querySelector(`input[value="${option}"]`).checked = true;
    sheet.dispatchEvent(new Event("change", { bubbles: true }));
  };

  sheet.addEventListener("focusin", (event) => {
    const line = event.target.closest("[data-line]");
    if (line) here = lines.indexOf(line);
    for (const one of lines) one.classList.toggle("is-here", one === line);
  });

  sheet.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!event.target.matches("input[type=radio]") || !visible()) return;
    const key = event.key.toLowerCase();
    if (!/^\d$/.test(key)) digits = "";
    if (key === "arrowdown" || key === "arrowup") go(here + (key === "arrowdown" ? 1 : -1));
    else if (/^\d$/.test(key)) {
      digits = Date.now() - digitsAt < 900 ? digits + key : key;
      digitsAt = Date.now();
      const to = lines.findIndex((line) => line.dataset.line === digits);
      if (to >= 0) go(to);
    } else if (key in letters) {
      if (event.shiftKey && isVote) markRest(letters[key]);
      else {
        mark(lines[here], letters[key]);
        const reason = lines[here].querySelector(".desk-reason input");
        const isAsked = reason && reason.offsetParent !== null && !reason.value;
        // A recusal needs its reason; that of an absence may stay empty: Tab leads to it.
        if (isAsked && isVote) reason.focus();
        else go(isAsked ? here : here + 1);
      }
    } else if (key === "enter") {
      sheet.requestSubmit(sheet.querySelector("[data-first]"));
    } else return;
    event.preventDefault();
  });

  // After the reason of a recusal or an absence, Enter goes on with the next line.
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest(".desk-reason")) return;
    event.preventDefault();
    go(lines.indexOf(event.target.closest("[data-line]")) + 1);
  });

  // A form sent twice by an impatient hand is sent once.
  let isSent = false;
  sheet.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  window.addEventListener("pageshow", () => { isSent = false; });

  if (!document.querySelector("[autofocus]") && visible()) {
    const first = lines.findIndex((line) => !chosen(line));
    go(first < 0 ? 0 : first);
    window.scrollTo(0, 0);
  }
})();
