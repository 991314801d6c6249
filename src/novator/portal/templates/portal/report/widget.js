// Puts the form "report a problem" into a page of the city's site: one frame, nothing else.
// No cookie is set or read; of the page around it only the place where it is to stand is used.
(() => {
  "use strict";
  const own = new URL(document.currentScript.src);
  const begin = () => {
    for (const place of document.querySelectorAll("[data-novator-city]")) {
      if (place.dataset.novatorDone) continue;
      place.dataset.novatorDone = "yes";
      const language = place.dataset.novatorLanguage === "en" ? "en" : "ru";
      const city = encodeURIComponent(place.dataset.novatorCity);
      const frame = document.createElement("iframe");
      frame.src = `${own.origin}/${language}/widget/${city}/`;
      frame.title = language === "en" ? "Report a problem" : "Сообщить о проблеме";
      frame.allow = "geolocation";
      frame.loading = "lazy";
      frame.referrerPolicy = "origin";
      frame.style.cssText = "width:100%;height:1400px;border:0";
      addEventListener("message", (said) => {
        const isOurs = said.origin === own.origin && said.source === frame.contentWindow;
        const height = isOurs && said.data && Number(said.data.novatorHeight);
        if (height > 100 && height < 20000) frame.style.height = `${Math.ceil(height)}px`;
      });
      place.append(frame);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
