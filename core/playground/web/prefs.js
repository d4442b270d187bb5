// What the page remembers in this browser. Where it may not, it forgets.
const prefix = "chatkit-playground:";

export function remember(name, value) {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // Private windows and full disks are no reason to fail.
  }
}

export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(prefix + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
