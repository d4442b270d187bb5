// The chat changes orders, often in another tab: whoever comes back to this page sees them as they are now.
let left = false;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) left = true;
  else if (left) location.reload();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
