// JSON-RPC 2.0 over HTTP/1.1, as a Solana node speaks it, for one Node. Beside the protocol it has what tests need:
// a latency for every response, a log of what was asked, and overrides that make one method misbehave.
//
// An override is { method, times?, when?, … } with one of
//   reply: a result to give instead        change: (result, params) => result
//   error: { code, message, data? }        status: an HTTP status, with body and headers if wanted
//   hang: true, no answer ever             cut: true, half of the answer and then the connection ends
// `method` may be "*". `times` ends it after that many uses; `when` is a predicate over the parameters.

import http from "node:http";
import { gzipSync } from "node:zlib";
import { RpcError, internalError, invalidRequest, invalidParams, methodNotFound, parseError } from "./errors.mjs";
import { parse, stringify } from "./json.mjs";
import { methods } from "./methods.mjs";

const MAX_BODY = 50 * 1024; // Agave's MAX_REQUEST_BODY_SIZE
const KEEP_ALIVE_MS = 60_000;

export class RpcServer {
  #http = http.createServer((request, response) => this.#serve(request, response));
  #overrides = [];

  constructor(node, { latencyMs = 0, onRequest = () => {} } = {}) {
    Object.assign(this, { node, latencyMs, log: [], onRequest });
    this.#http.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /// Listens on a free loopback port and gives the URL.
  async listen() {
    await new Promise((resolve, reject) => this.#http.once("error", reject).listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.#http.address().port}`;
    return this.url;
  }

  async close() {
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections(); // those that hang too
    await closed;
  }

  override(rule) {
    this.#overrides.push({ times: Infinity, when: () => true, ...rule });
    return this;
  }

  #overrideFor(method, params) {
    const rule = this.#overrides.find((candidate) => candidate.times > 0
      && (candidate.method === method || candidate.method === "*") && candidate.when(params));
    if (rule) rule.times -= 1;
    return rule ?? {};
  }

  #serve(request, response) {
    const plain = (status, text) => response.writeHead(status, { "content-type": "text/plain" }).end(text);
    if (request.method === "GET" && request.url === "/health") {
      return plain(200, this.node.unhealthy === null ? "ok" : "behind");
    }
    if (request.method !== "POST") return plain(405, "Used HTTP Method is not allowed. POST or OPTIONS is required\n");
    if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
      return plain(415, "Supplied content type is not allowed. Content-Type: application/json is required\n");
    }
    const chunks = [];
    let size = 0;
    request.on("data", (chunk) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
    });
    request.on("end", () => {
      if (size > MAX_BODY) return plain(413, "Request body exceeds the limit\n");
      const answer = () => this.#answer(request, response, Buffer.concat(chunks).toString("utf8"));
      return this.latencyMs > 0 ? setTimeout(answer, this.latencyMs) : answer();
    });
    return undefined;
  }

  /// One body in, one body out; an override about HTTP itself ends it earlier.
  #answer(request, response, text) {
    const http = {}; // what an override wants of the transport
    let body;
    try {
      const asked = parse(text);
      body = Array.isArray(asked) ? asked.map((one) => this.#call(one, http)).filter(Boolean) : this.#call(asked, http);
      if (Array.isArray(body) && body.length === 0) body = undefined; // notifications get no answer
    } catch {
      body = { jsonrpc: "2.0", error: parseError().body, id: null };
    }
    if (http.hang) return;
    if (http.status !== undefined) {
      response.writeHead(http.status, http.headers ?? {}).end(http.body ?? "");
      return;
    }
    let bytes = Buffer.from(body === undefined ? "" : `${stringify(body)}\n`);
    const headers = { "content-type": "application/json; charset=utf-8" };
    if (/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) {
      bytes = gzipSync(bytes, { level: 1 });
      headers["content-encoding"] = "gzip";
    }
    headers["content-length"] = bytes.length;
    response.writeHead(200, headers);
    if (http.cut) response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    else response.end(bytes);
  }

  /// One call: an object with result or error, or undefined for a notification.
  #call(asked, http) {
    const id = asked?.id ?? null;
    try {
      if (asked === null || typeof asked !== "object" || asked.jsonrpc !== "2.0" || typeof asked.method !== "string") {
        throw invalidRequest();
      }
      const { method, params = [] } = asked;
      this.log.push({ method, params });
      this.onRequest({ endpoint: this.node.name, method, params });
      const result = this.#result(method, params ?? [], http);
      return "id" in asked ? { jsonrpc: "2.0", result, id } : undefined;
    } catch (error) {
      if (!(error instanceof RpcError)) process.stderr.write(`localnet: ${error.stack}\n`);
      return { jsonrpc: "2.0", error: (error instanceof RpcError ? error : internalError()).body, id };
    }
  }

  #result(method, params, http) {
    const rule = this.#overrideFor(method, params);
    if (rule.hang || rule.cut || rule.status !== undefined) Object.assign(http, rule);
    if (rule.error) throw new RpcError(rule.error.code, rule.error.message, rule.error.data);
    if ("reply" in rule) return rule.reply;
    const handler = methods.get(method);
    if (!handler) throw methodNotFound();
    if (!Array.isArray(params)) throw invalidParams("`params` should be an array");
    const result = handler(this.node, params);
    return rule.change ? rule.change(result, params) : result;
  }
}
