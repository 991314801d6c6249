// Says in words on the page what allauth's scripts would only tell the console.
document.addEventListener("allauth.error", (event) => {
  const words = document.getElementById("passkey-fault");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
});
