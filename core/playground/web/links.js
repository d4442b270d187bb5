// What a server may make the page load or lead to. Everything else is shown as text.
import { settings } from "./settings.js";

const linkSchemes = new Set(["http:", "https:", "mailto:", "tel:"]);
const pictures = /^data:image\/(png|jpeg|gif|webp)[;,]/i;

// safeLink returns an address that a click may lead to, or null. No server takes a very long one.
export function safeLink(address) {
  if (address?.length > 8192) return null;
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
    const { image_origins: known } = settings;
    const elsewhere = known ? known.includes(url.origin) : url.protocol === "https:";
    return url.protocol !== "blob:" && (elsewhere || url.origin === location.origin) ? address : null;
  } catch {
    return null;
  }
}
