// What the tests share: a served world that ends with its test, a raw call, and what a release consists of.

import "./quiet.mjs";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { git } from "./folder.mjs";
import { sha256 } from "./keys.mjs";
import { Node } from "./rpc/node.mjs";
import { parse } from "./rpc/json.mjs";
import { RpcServer } from "./rpc/server.mjs";

export function temporaryFolder(context) {
  const folder = mkdtempSync(join(tmpdir(), "readyctl-localnet-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/// One node of `chain`, served until the test ends.
export async function serve(context, chain, { node = {}, server = {} } = {}) {
  const front = new RpcServer(new Node(chain, node), server);
  await front.listen();
  context.after(() => front.close());
  return front;
}

export const post = (url, body, headers = {}) => fetch(url, { method: "POST",
  headers: { "content-type": "application/json", ...headers }, body: typeof body === "string" ? body : JSON.stringify(body) });

/// The whole JSON-RPC reply, its integers exact.
export async function call(front, method, ...params) {
  const response = await post(front.url, { jsonrpc: "2.0", id: 7, method, params });
  return parse(await response.text());
}

/// Every file of a release folder by its digest, and the checkout by what git says of it. endpoints.json has ports in
/// it, so it is not compared.
export function folderSnapshot(out) {
  const checkout = join(out, "checkout");
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(checkout, ".git/")) && path !== join(out, "endpoints.json"));
  const snapshot = new Map(files.map((path) => [relative(out, path), sha256(readFileSync(path)).toString("hex")]));
  const refs = git(checkout, "for-each-ref", "--format=%(refname) %(objectname) %(*objectname)");
  snapshot.set("checkout", [git(checkout, "rev-parse", "HEAD"), refs, git(checkout, "config", "--get", "remote.origin.url"),
    existsSync(join(checkout, ".git/shallow"))].join("\n"));
  return snapshot;
}

/// The keys whose values differ, or which only one has.
export const differing = (one, other) =>
  [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key)).sort();
