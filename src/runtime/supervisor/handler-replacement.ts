// Replacing a running pool's handlers by those of a module read anew: its sites and sources get numbers behind all that the
// trace has by then, so that a line is always a line of the text that ran.

import { codes } from "../../recorder/codes.ts";
import { step } from "../../sync/step.ts";
import { announce } from "../health/announce.ts";
import { unknownSite } from "../loader/prepare-module.ts";
import { prepareOrThrow } from "../loader/prepare-or-throw.ts";
import type { PreparedModule } from "../loader/prepared-module.ts";
import type { PoolCore } from "../pool-core.ts";
import { hot } from "../memory/memory-fields.ts";

export class HandlerReplacement {
  readonly #core: PoolCore;
  readonly #handlers: () => readonly string[];
  #present: PreparedModule;
  /** Handlers that the trace has rows of; -1 until the first replacement. */
  #told = -1;
  /** One after the other: each waits for the one before. */
  #last: Promise<void> = Promise.resolve();

  constructor(core: PoolCore, prepared: PreparedModule, handlers: () => readonly string[]) {
    this.#core = core;
    this.#present = prepared;
    this.#handlers = handlers;
  }

  get entry(): string {
    return this.#present.entry;
  }

  /** `run` puts the prepared module to work; when it rejects, nothing has changed. */
  replace(path: string, run: (prepared: PreparedModule) => Promise<void>): Promise<void> {
    // The pool has loaded its first handlers by now: their rows are the owner's to write.
    if (this.#told === -1) this.#told = this.#handlers().length;
    const next = this.#last.catch(() => undefined).then(() => this.#replace(path, run));
    this.#last = next;
    return next;
  }

  async #replace(path: string, run: (prepared: PreparedModule) => Promise<void>): Promise<void> {
    const prepared = await this.#prepare(path);
    await run(prepared);
    this.#tell(prepared);
    this.#present = prepared;
  }

  /** Read twice: the first time tells how many sites it has. */
  async #prepare(path: string): Promise<PreparedModule> {
    const { root, sources, sitesMetFrom } = this.#present;
    const { sites } = await prepareOrThrow(path, root);
    step("add", "site-number", 0);
    const first = sitesMetFrom + Atomics.add(this.#core.memory.words, hot.nextSite, sites.length);
    const before = {
      sites: Array.from({ length: first }, () => unknownSite),
      sources,
      sitesMetFrom,
    };
    const prepared = await prepareOrThrow(path, root, before);
    for (let id = first; id < first + sites.length; id++) {
      this.#core.sites.add(id, prepared.sites[id] ?? unknownSite);
    }
    if (prepared.sites.length <= first + sites.length) return prepared;
    throw new Error(`${path} has changed while it was read; save it again.`);
  }

  #tell(prepared: PreparedModule): void {
    const { observer, recorder } = this.#core;
    const known = this.#present.sources.length;
    const siteOf = (name: string): number =>
      prepared.handlerSites[name] ?? prepared.handlerSites["default"] ?? 0;
    const names = this.#handlers();
    const added = names.slice(this.#told);
    this.#told = names.length;
    const handlers = added.map((name) => ({ name, site: siteOf(name) }));
    const text = `Handlers were replaced: ${names.join(", ")}.`;
    announce(this.#core.log, { name: "handlers-replaced", text }, { handlers: names });
    observer.replaced({ sources: prepared.sources.slice(known), handlers });
    if (!recorder.scheduling) return;
    for (const [handler, name] of names.entries()) {
      const source = prepared.sites[siteOf(name)]?.source ?? -1;
      recorder.record(codes.handlerReplaced, 0, 0, 0, handler, Math.max(0, source), 0);
    }
  }
}
