// Runs before the first paint, so that a page that was set to dark does not flash.
try {
  document.documentElement.style.colorScheme = JSON.parse(localStorage.getItem("chatkit-playground:theme")) || "";
} catch {
  // The system's colours are fine.
}
