// settings are those of playground.Options. A test without a page has none.
export const settings = JSON.parse(globalThis.document?.querySelector("meta[name=playground]")?.content ?? "{}");
