// Takes away the words that passkeys need JavaScript, and says in words on the page what
// allauth's scripts would only tell the console.
(() => {
  const off = document.getElementById("passkey-off");
  if (off) off.hidden = true;
})();

document.addEventListener("allauth.error", (event) => {
  const words = document.getElementById("passkey-fault");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
});
