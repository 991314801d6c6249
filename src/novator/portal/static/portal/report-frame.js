// In a frame on the city's site: tell the page around it how high the form is, nothing else.
(() => {
  "use strict";
  const tell = () => parent.postMessage({ novatorHeight: document.documentElement.offsetHeight + 4 }, "*");
  new ResizeObserver(tell).observe(document.body);
  tell();
})();
