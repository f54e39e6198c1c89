// Where the transform leaves a call's site id: `m.acquire(...($poolscope.s = 17, []))` sets it as the last of the call's
// arguments without adding one; the lock takes it at its entry.

interface SiteHolder {
  s: number;
}

const holder: SiteHolder = { s: 0 };
Object.defineProperty(globalThis, "$poolscope", { value: holder });

/** The site id of the call in progress, 0 when its text was not ours to mark. */
export function takeSite(): number {
  const site = holder.s;
  holder.s = 0;
  return site;
}
