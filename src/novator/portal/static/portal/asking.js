// Enter sends the question, Shift+Enter begins a new line, as in a one-line search field.
document.addEventListener("keydown", function (event) {
  var field = event.target;
  if (field.id === "q" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    field.form.requestSubmit();
  }
});
// A choice among the facets applies at once; without JavaScript its button does.
document.addEventListener("change", function (event) {
  var form = event.target.form;
  if (form && form.hasAttribute("data-applies")) { form.requestSubmit(); }
});
// Where the conditions stand beside the results, they stand open.
function unfold() {
  document.querySelectorAll("details.facets-fold").forEach(function (fold) {
    var columns = getComputedStyle(fold.closest(".found")).gridTemplateColumns;
    if (columns.trim().split(/\s+/).length > 1) { fold.open = true; }
  });
}
unfold();
document.addEventListener("htmx:afterSettle", unfold);
