// The page's line to the extension host: messages out, answers back, and the little that survives a reload.

import type { HostMessage, PageMessage } from "../protocol/panel-messages.ts";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

type Question = Extract<PageMessage, { readonly request: number }>;
type WithoutRequest<T> = T extends unknown ? Omit<T, "request"> : never;
type Answer = Extract<HostMessage, { readonly request: number }>;

export class Host {
  readonly #api = acquireVsCodeApi();
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #requests = 0;

  /** Everything that is no answer to a question. */
  listen(heard: (message: HostMessage) => void): void {
    window.addEventListener("message", ({ data }: MessageEvent<HostMessage>) => {
      if (!("request" in data)) return heard(data);
      this.#answers.get(data.request)?.(data);
      this.#answers.delete(data.request);
    });
  }

  send(message: PageMessage): void {
    this.#api.postMessage(message);
  }

  ask(question: WithoutRequest<Question>): Promise<Answer> {
    const request = ++this.#requests;
    return new Promise((resolve) => {
      this.#answers.set(request, resolve);
      this.#api.postMessage({ ...question, request });
    });
  }

  get kept(): unknown {
    return this.#api.getState();
  }

  keep(state: unknown): void {
    this.#api.setState(state);
  }
}
