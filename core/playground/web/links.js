// What a server may make the page load or lead to. Everything else is shown as text.
const linkSchemes = new Set(["http:", "https:", "mailto:", "tel:"]);
const pictures = /^data:image\/(png|jpeg|gif|webp)[;,]/i;

// safeLink returns an address that a click may lead to, or null.
export function safeLink(address) {
  try {
    return linkSchemes.has(new URL(address, location.href).protocol) ? String(address).trim() : null;
  } catch {
    return null;
  }
}

// safePicture returns an address that a picture may come from, or null.
export function safePicture(address) {
  if (typeof address !== "string") return null;
  if (pictures.test(address)) return address;
  try {
    const url = new URL(address, location.href);
    return url.protocol === "https:" || url.origin === location.origin && url.protocol !== "blob:" ? address : null;
  } catch {
    return null;
  }
}
