// An endpoint that can misbehave in every way: it speaks HTTP by itself, over TCP or TLS, so that it need not keep to it.
// Whatever it is not told to spoil, it answers as a node of the localnet does.

import net from "node:net";
import tls from "node:tls";
import { RpcError, methodNotFound } from "../localnet/rpc/errors.mjs";
import { parse, stringify } from "../localnet/rpc/json.mjs";
import { methods } from "../localnet/rpc/methods.mjs";

/// What a node answers to a request, as text.
export function healthyReply(node, { id, method, params = [] }) {
  try {
    const handler = methods.get(method);
    if (!handler) throw methodNotFound();
    return stringify({ jsonrpc: "2.0", result: handler(node, params), id });
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return stringify({ jsonrpc: "2.0", error: error.body, id });
  }
}

/// The bytes of an HTTP response. Headers are given as they are to be sent, in order and as often.
export function response(body, { status = "200 OK", headers = [], type = "application/json", length = true } = {}) {
  const bytes = Buffer.from(body);
  const lines = [`HTTP/1.1 ${status}`, ...(type ? [`Content-Type: ${type}`] : []), ...headers,
    ...(length ? [`Content-Length: ${bytes.length}`] : [])];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes]);
}

/// Writes until the other side has had enough.
export function flood(socket, piece) {
  const more = () => { while (!socket.destroyed && socket.write(piece)); };
  socket.on("drain", more);
  more();
}

/// Everything but the question for the cluster, of which an endpoint that is to be believed must say the truth.
export const facts = ({ method }) => method !== "getGenesisHash";
export const everything = () => true;

/// The first whole request of what arrived, and the rest; null when there is none yet.
function firstRequest(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = bytes.subarray(0, end).toString("latin1");
  const begin = end + 4;
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  if (bytes.length < begin + length) return null;
  return { head, path: head.split(" ")[1], body: bytes.subarray(begin, begin + length).toString("utf8"), rest: bytes.subarray(begin + length) };
}

/// A server before a node of the localnet. `spoil(request, socket)` is asked for each request that `when` holds of.
/// It gives the bytes to send as they are (Buffer), the JSON text of a proper response (string), or nothing when it has
/// dealt with the socket itself. A request is { id, method, params, headers, path, healthy(), socket }.
export class Endpoint {
  static async start(node, { spoil, when = facts, secure, onConnection } = {}) {
    const endpoint = new Endpoint();
    Object.assign(endpoint, { node, spoil, when, onConnection, requests: [], connections: 0, sockets: new Set() });
    const listen = (socket) => endpoint.#converse(socket);
    endpoint.server = secure ? tls.createServer(secure, listen) : net.createServer(listen);
    endpoint.server.on("tlsClientError", () => {}); // what a client does not trust it leaves
    await new Promise((listening) => endpoint.server.listen(0, "127.0.0.1", listening));
    endpoint.port = endpoint.server.address().port;
    endpoint.url = `${secure ? "https://localhost" : "http://127.0.0.1"}:${endpoint.port}`;
    return endpoint;
  }

  #converse(socket) {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
    if (this.onConnection?.(socket)) return;
    let held = Buffer.alloc(0);
    socket.on("data", (data) => {
      held = Buffer.concat([held, data]);
      for (let taken = firstRequest(held); taken; taken = firstRequest(held)) {
        held = taken.rest;
        this.#answer(taken, socket);
      }
    });
  }

  #answer({ head, path, body }, socket) {
    const asked = parse(body);
    const request = { ...asked, head, path, healthy: () => healthyReply(this.node, asked) };
    this.requests.push(request);
    const answer = this.spoil && this.when(request) ? this.spoil(request, socket) : request.healthy();
    if (answer === undefined) return;
    socket.write(typeof answer === "string" ? response(answer) : answer);
  }

  stop() {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
