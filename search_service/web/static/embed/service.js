// The public HTTP interface of the service, as far as the search needs it, and what can go wrong with it.

import { Layout } from "./layout.js";

const TIMEOUT = 20_000; // milliseconds; the service itself gives up after 10 seconds
const KINDS = { 400: "refused", 401: "key", 403: "key", 404: "index", 429: "limited", 503: "busy", 504: "slow" };

/** Why there is no answer: `kind` names a sentence of words.js; `retryAfter` are seconds, 0 if nobody knows. */
export class Failure extends Error {
  constructor(kind, { status = 0, detail = "", retryAfter = 0 } = {}) {
    super(detail || kind);
    Object.assign(this, { name: "Failure", kind, status, detail, retryAfter });
  }
}

export class Service {
  #layout = null;

  constructor({ server, index, key, language }) {
    this.server = server.endsWith("/") ? server : `${server}/`;
    this.index = index;
    this.headers = { "Accept-Language": language, ...(key && { Authorization: `Bearer ${key}` }) };
  }

  /** Returns the result of a search; `parameters` are pairs. */
  search(parameters, signal) {
    return this.#json(`/search?${new URLSearchParams(parameters)}`, signal);
  }

  async suggestions(parameters, signal) {
    return (await this.#json(`/suggest?${new URLSearchParams(parameters)}`, signal)).suggestions;
  }

  /** Returns the fields of a document. */
  async document(id, signal) {
    return (await this.#json(`/documents/${path(id)}`, signal)).source;
  }

  /** Returns the roles and names of the fields of the index; they are read once. */
  layout() {
    this.#layout ??= Promise.all([this.#json(""), this.#names()]).then(([{ definition }, names]) => new Layout(definition, names));
    this.#layout.catch(() => { this.#layout = null; });
    return this.#layout;
  }

  /** Returns the address of a document on the search page of the service. */
  page(id, query) {
    return `${this.server}documents/${path(id)}?${new URLSearchParams({ q: query, index: this.index })}`;
  }

  /** Returns what the site of the service calls fields and values, and by which field it groups; without it, words are made of their own names. */
  async #names() {
    try {
      const url = `${this.server}names/${this.headers["Accept-Language"]}.json?index=${encodeURIComponent(this.index)}`;
      const response = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(TIMEOUT) });
      return response.ok ? await response.json() : {};
    } catch {
      return {};
    }
  }

  async #json(rest, signal) {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const url = `${this.server}v1/indexes/${encodeURIComponent(this.index)}${rest}`;
    try {
      const response = await fetch(url, {
        headers: this.headers,
        credentials: "omit",
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      if (response.ok) return await response.json();
      throw await failure(response);
    } catch (error) {
      if (error instanceof Failure || signal?.aborted) throw error;
      if (timeout.aborted) throw new Failure("slow");
      throw new Failure(navigator.onLine ? "unreachable" : "offline");
    }
  }
}

/** Returns an id in a path; some ids have slashes. */
const path = (id) => id.split("/").map(encodeURIComponent).join("/");

async function failure(response) {
  const { detail = "" } = await response.json().catch(() => ({}));
  const retryAfter = Math.max(0, Number(response.headers.get("Retry-After")) || 0);
  return new Failure(KINDS[response.status] ?? "failed", { status: response.status, detail, retryAfter });
}
