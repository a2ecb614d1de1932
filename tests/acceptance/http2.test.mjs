// A release is decided over HTTP/2, as providers serve it: many requests at once on one connection. A certificate that
// nobody vouches for is refused.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Cluster, folder, packs, readyctlIn } from "./readyctl.mjs";

const home = folder();
const certificate = join(home, "certificate.pem");
const key = join(home, "key.pem");

let cluster;
let world;
let fronts;
before(async () => {
  const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
    "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
    "-keyout", key, "-out", certificate], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  cluster = new Cluster();
  world = await cluster.healthy();
  fronts = await Promise.all(world.endpoints.map(({ url }) => Front.before(url)));
});
after(() => {
  for (const front of fronts ?? []) front.stop();
  cluster?.stop();
});

/// An HTTP/2 server over TLS before a JSON-RPC server. It counts what arrives.
class Front {
  static async before(url) {
    const front = new Front();
    front.connections = 0;
    front.versions = new Set();
    front.streams = 0;
    front.atOnce = 0;
    front.mostAtOnce = 0;
    front.server = createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate), allowHTTP1: true });
    front.sessions = new Set();
    front.server.on("session", (session) => { front.connections += 1; front.sessions.add(session); });
    front.server.on("request", (request, response) => front.answer(url, request, response));
    await new Promise((listening) => front.server.listen(0, "127.0.0.1", listening));
    front.url = `https://localhost:${front.server.address().port}`;
    return front;
  }

  async answer(url, request, response) {
    this.versions.add(request.httpVersion);
    this.streams += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const answer = await fetch(url, { method: "POST", body: Buffer.concat(pieces), headers: { "content-type": "application/json" } });
    const body = Buffer.from(await answer.arrayBuffer());
    this.atOnce -= 1;
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(body);
  }

  stop() {
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }
}

// Decides the release over the fronts.
async function decideOver(environment) {
  const path = join(world.out, "http2.endpoints.json");
  const { endpoints } = JSON.parse(readFileSync(join(world.out, "endpoints.json"), "utf8"));
  endpoints.forEach((endpoint, i) => { endpoint.url = fronts[i].url; });
  writeFileSync(path, JSON.stringify({ endpoints }));
  const run = await readyctlIn(environment, "run", ...packs, "--release", join(world.out, "release.json"), "--endpoints", path,
    "--phase", "post-deploy", "--unsigned", "--format", "json");
  return { ...run, statement: run.stdout ? JSON.parse(run.stdout) : null };
}

// First, because nothing that was refused may have been sent.
test("a certificate that nobody vouches for is refused", async () => {
  const run = await decideOver({});
  assert.notEqual(run.status, 0);
  const { verdict, findings } = run.statement.predicate;
  assert.equal(verdict, "no-go");
  const causes = new Set(findings.filter(({ outcome }) => outcome === "inconclusive").map(({ cause }) => cause.class));
  assert.deepEqual([...causes], ["tls"]);
  assert.equal(fronts.reduce((sum, front) => sum + front.streams, 0), 0);
});

test("the healthy release is GO over HTTP/2", async () => {
  const run = await decideOver({ SSL_CERT_FILE: certificate });
  assert.equal(run.status, 0, JSON.stringify(run.statement?.predicate.findings) + run.stderr);
  for (const front of fronts) {
    assert.deepEqual([...front.versions], ["2.0"]);
    assert.equal(front.connections, 1, "one connection an endpoint");
  }
  assert.ok(fronts[0].streams > 10, `${fronts[0].streams} streams`);
  assert.ok(fronts[0].mostAtOnce > 1, "several streams at once");
});
