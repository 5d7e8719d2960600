// A client of the HTTP interface that needs nothing but `fetch`: for browsers, Node, Deno and Bun.

/**
 * An error that the service describes: `code` does not change between versions, the message is for people. With
 * `retryAfter`, another try may succeed after so many seconds.
 */
export class SearchError extends Error {
  constructor(problem) {
    super(problem.detail);
    Object.assign(this, { name: "SearchError", ...problem });
  }
}

export class SearchService {
  /**
   * @param {string} url the address of the service
   * @param {{ key?: string, language?: "ar" | "en" }} options a key that a page contains can be read by its visitors:
   *   give it the scope `search`, an index and a filter
   */
  constructor(url, { key, language = "ar" } = {}) {
    this.url = url.replace(/\/+$/, "");
    this.headers = { "Accept-Language": language, ...(key && { Authorization: `Bearer ${key}` }) };
  }

  /** Returns hits, facets and the rest of a result; `parameters` are those of the HTTP interface. */
  search(index, parameters = {}, options = {}) {
    return this.#json(`/v1/indexes/${encodeURIComponent(index)}/search`, parameters, options);
  }

  /** Returns the values of a facet; `contains` searches in them. */
  facetValues(index, field, parameters = {}, options = {}) {
    const path = `/v1/indexes/${encodeURIComponent(index)}/facets/${encodeURIComponent(field)}`;
    return this.#json(path, parameters, options);
  }

  /** Adds, replaces and (`{ delete: ID }`) removes documents of any number; yields a result for each, in their order. */
  async *load(index, documents, { batch = 1000, refresh = "false" } = {}) {
    let lines = [];
    const send = async () => {
      const path = `/v1/indexes/${encodeURIComponent(index)}/documents?refresh=${refresh}`;
      const response = await this.#fetch(path, lines.join("\n"), "application/x-ndjson");
      lines = [];
      return (await response.text()).trim().split("\n").map((line) => JSON.parse(line));
    };
    for await (const document of documents) {
      lines.push(JSON.stringify(document));
      if (lines.length === batch) yield* await send();
    }
    if (lines.length) yield* await send();
  }

  async #json(path, parameters, options) {
    const response = await this.#fetch(path, JSON.stringify(parameters), "application/json", options);
    return response.json();
  }

  async #fetch(path, body, type, { signal } = {}) {
    const headers = { ...this.headers, "Content-Type": type };
    const response = await fetch(this.url + path, { method: "POST", headers, body, signal });
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({ detail: response.statusText, code: "" }));
    const retryAfter = Number(response.headers.get("Retry-After")) || undefined;
    throw new SearchError({ ...problem, status: response.status, retryAfter });
  }
}
