// No secret comes out. Keys, tokens and URLs with credentials are pushed through every command that takes them and every
// failure that could show them; whatever readyctl writes is then searched for each of them in every form that an error,
// a log or an encoder gives it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { join } from "node:path";
import { Cluster, folder, packs, readyctl, readyctlIn } from "./readyctl.mjs";

// --- the corpus -------------------------------------------------------------------------------------------------------

const user = "Us3rOfRpc", password = "p@ss+W0rd/7";
const pathKey = "Zk9pathKEY4f2b77aa", queryKey = "qu3ry+Key=51c0de", bearer = "eyJhbGciOi.HeaderToken-99_x", apiKey = "hdr-4pi-Key-0042";
const secrets = [user, password, pathKey, queryKey, bearer, apiKey, `${user}:${password}`, `Bearer ${bearer}`];
const encode = encodeURIComponent;
const urlTo = (scheme, host) => `${scheme}://${user}:${encode(password)}@${host}/v2/${pathKey}/?api-key=${encode(queryKey)}`;
const headers = { authorization: `Bearer ${bearer}`, "x-api-key": apiKey };

/// What of the base64 of a text that holds `secret` tells it, wherever in it the secret stands.
const within = (secret, encoding) => [0, 1, 2].map((before) => {
  const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString(encoding);
  return text.slice(Math.ceil(before * 8 / 6), Math.floor((before + secret.length) * 8 / 6));
});

const forms = (secret) => new Set([secret, encode(secret), encode(encode(secret)), Buffer.from(secret).toString("hex"),
  ...within(secret, "base64"), ...within(secret, "base64url")]);

/// Fails when a text holds a secret in any form, in either case, or over several lines.
function clean(text, what) {
  const folded = text.replaceAll(/\\[nr]|[\r\n]/g, "").toLowerCase();
  for (const secret of secrets) {
    for (const form of forms(secret)) assert.ok(!folded.includes(form.toLowerCase()), `${what} holds ${secret} as ${form}:\n${text.slice(0, 4000)}`);
  }
}

/// What stands in a report is base64, and what in evidence may be.
function texts(path) {
  const content = readFileSync(path, "latin1");
  const payload = /"payload":"([^"]+)"/.exec(content)?.[1];
  return [content, payload ? Buffer.from(payload, "base64").toString("latin1") : ""];
}

function cleanFolder(dir, what) {
  for (const name of readdirSync(dir)) {
    if (!statSync(join(dir, name)).isFile()) continue;
    for (const text of texts(join(dir, name))) clean(text, `${what}, file ${name}`);
  }
}

// --- the servers ------------------------------------------------------------------------------------------------------

/// What a server says of a request: each is how some provider, proxy or login page repeats what it was sent.
const everything = (request) => [request.url, request.headers.host, ...request.rawHeaders, ...secrets].join(" | ");
const folded = (text) => text.replaceAll(/(.{7})/g, "$1\n");
const echoes = {
  "raw": everything,
  "decoded": (request) => decodeURIComponent(everything(request)),
  "encoded": (request) => encode(everything(request)),
  "encoded twice": (request) => encode(encode(everything(request))),
  "base64": (request) => ["", "a", "ab"].map((before) => Buffer.from(before + everything(request)).toString("base64")).join(" "),
  "base64url": (request) => Buffer.from(everything(request)).toString("base64url"),
  "base64 in lines": (request) => Buffer.from(everything(request)).toString("base64").replaceAll(/(.{76})/g, "$1\r\n"),
  "hex": (request) => Buffer.from(everything(request)).toString("hex"),
  "upper case": (request) => everything(request).toUpperCase(),
  "over several lines": (request) => folded(everything(request)),
};

const rpc = (id, rest) => JSON.stringify({ jsonrpc: "2.0", id, ...rest });
const jsonType = { "content-type": "application/json" };
const answers = {
  "401 with text": (id, echo) => [401, { "content-type": "text/plain" }, echo],
  "401 with a JSON-RPC error": (id, echo) => [401, jsonType, rpc(id, { error: { code: -32001, message: echo, data: { echo } } })],
  "403 with a page": (id, echo) => [403, { "content-type": "text/html" }, `<html><title>${echo}</title></html>`],
  "200 with a page": (id, echo) => [200, { "content-type": "text/html" }, `<html>${echo}</html>`],
  "200 with an error": (id, echo) => [200, jsonType, rpc(id, { error: { code: -32602, message: echo, data: echo } })],
  "200 with a result": (id, echo) => [200, jsonType, rpc(id, { result: { context: { slot: 1, apiVersion: echo }, value: { [echo]: [echo] } } })],
  "200 with a string": (id, echo) => [200, jsonType, rpc(id, { result: echo })],
  "malformed JSON": (id, echo) => [200, jsonType, `{"jsonrpc":"2.0","id":${id},"${echo}`],
  "a key twice": (id, echo) => [200, jsonType, `{${JSON.stringify(echo)}:1,${JSON.stringify(echo)}:2}`],
  "a redirect": (id, echo) => [302, { location: `https://login.example.org/?from=${encode(echo)}` }, echo],
  "429": (id, echo) => [429, { "retry-after": encode(echo) }, echo],
  "500": (id, echo) => [500, { "content-type": encode(echo).slice(0, 100) }, echo],
};

let answer;
const serve = (create, options) => new Promise((done) => {
  const server = create(options, async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const [status, head, text] = answer(JSON.parse(body).id, request);
    response.writeHead(status, head);
    response.end(text);
  });
  server.listen(0, "127.0.0.1", () => done(server));
});

const home = folder();
let cluster;
let world;
let plain;
let secure;
before(async () => {
  const [key, certificate] = ["tls.key", "tls.pem"].map((name) => join(home, name));
  const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    "-days", "2", "-subj", `/CN=${pathKey}`, "-keyout", key, "-out", certificate], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  plain = await serve(createServer, {});
  secure = await serve(createSecureServer, { key: readFileSync(key), cert: readFileSync(certificate) });
  cluster = new Cluster();
  world = await cluster.healthy();
});
after(() => {
  plain?.close();
  secure?.close();
  cluster?.stop();
});

const hostOf = (server) => `127.0.0.1:${server.address().port}`;

function endpointsAt(url) {
  const path = join(folder(), "endpoints.json");
  writeFileSync(path, JSON.stringify({ endpoints: [{ name: "main", provider: "acme", url, headers, ws: url.replace(/^http/, "ws") }] }));
  return path;
}

// --- commands that ask an endpoint ------------------------------------------------------------------------------------

const someone = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T";
const quick = ["--timeout", "2s"];
const health = () => {
  const path = join(folder(), "health.json");
  writeFileSync(path, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "health", gates: [{ id: "g", kind: "rpc-health",
    params: { minHealthy: 1, maxSlotLag: 10, maxBlockAgeSeconds: 60, reads: ["${program}"] } }] }));
  return path;
};

/// Every command that takes endpoints, as { name: arguments }, with the folder that their outputs go to.
function commands(endpoints, out) {
  const release = join(world.out, "release.json");
  const decide = ["run", ...packs.filter((path) => !path.includes("release-freeze")), health(), "--release", release, "--phase", "post-deploy", "--unsigned"];
  return {
    run: [...decide, "--report", join(out, "r.json"), "--explain"],
    "run as JSON": [...decide, "--format", "json"],
    plan: ["plan", packs[0], "--release", release, "--phase", "post-deploy"],
    "plan of what is signed": ["plan", packs[0].replace("program.gates", "upgrade.gates"), "--release", release, "--phase", "pre-execute", "--read-proposal",
      "--set", "transaction=5", "--set", "buffer=Dy3jGcpUHTMKS7KUgh4RZB2ERaWGGFdngXZ7Mfou96w"],
    inspect: ["inspect", someone],
    freeze: ["freeze", "--name", "n", "--operator", "o", "--program", JSON.parse(readFileSync(release, "utf8")).program, "--artifact",
      join(world.out, "artifact/program.so"), "--checkout", join(world.out, "checkout"), "--output", join(world.out, `f-${Math.random()}.json`)],
  };
}

/// Runs them all over an endpoint, and then what shows a report; nothing that they write may hold a secret.
async function allClean(url, what, only) {
  const endpoints = endpointsAt(url);
  const out = folder();
  for (const [name, command] of Object.entries(commands(endpoints, out))) {
    if (only && !only.includes(name)) continue;
    const ran = await readyctlIn({}, ...command, "--endpoints", endpoints, ...quick);
    assert.ok(ran.stdout + ran.stderr, `${name} says nothing`);
    clean(ran.stdout, `${what}: ${name}, standard output`);
    clean(ran.stderr, `${what}: ${name}, standard error`);
  }
  const report = join(out, "r.json");
  if (existsSync(report)) {
    for (const command of [["show", report, "--explain"], ["show", report, "--format", "json"], ["replay", report]]) {
      const ran = readyctl(...command);
      clean(ran.stdout + ran.stderr, `${what}: ${command[0]}`);
    }
  }
  cleanFolder(out, what);
}

test("the search finds a secret in every form that the servers use", () => {
  const request = { url: `/v2/${pathKey}/?api-key=${encode(queryKey)}`, headers: { host: "h" }, rawHeaders: [] };
  for (const [name, echo] of Object.entries(echoes)) assert.throws(() => clean(echo(request), name), /holds/, name);
});

for (const [echo, text] of Object.entries(echoes)) {
  test(`an endpoint that repeats what it was sent, ${echo}`, async () => {
    for (const [name, respond] of Object.entries(answers)) {
      answer = (id, request) => respond(id, text(request));
      await allClean(urlTo("http", hostOf(plain)), `${name}, ${echo}`, ["run", "inspect"]);
    }
  });
}

test("every command, whatever the endpoint says", async () => {
  for (const name of ["401 with a JSON-RPC error", "200 with an error", "200 with a string", "malformed JSON"]) {
    answer = (id, request) => answers[name](id, everything(request));
    await allClean(urlTo("http", hostOf(plain)), name);
  }
});

test("no name, no connection, no TLS", async () => {
  answer = () => [200, jsonType, "{}"];
  secrets.push("Zone-51.invalid");
  await allClean(urlTo("http", "zone-51.invalid"), "a name that does not exist", ["run", "inspect", "freeze"]);
  await allClean(urlTo("http", "127.0.0.1:1"), "nobody listens", ["run", "inspect", "freeze"]);
  await allClean(urlTo("https", hostOf(plain)), "no TLS", ["run", "inspect", "freeze"]);
  await allClean(urlTo("https", hostOf(secure)), "a certificate that nobody vouches for", ["run", "inspect", "freeze"]);
  await allClean(urlTo("http", hostOf(secure)), "TLS where none is expected", ["run", "inspect", "freeze"]);
  secrets.pop();
});

test("an endpoint that serves the release says GO, and nothing of itself", async () => {
  const [{ url }] = world.endpoints;
  const path = new URL(url);
  assert.ok(path.pathname.length + path.search.length < 3, "the cluster has its own keys");
  const through = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const answered = await fetch(url, { method: "POST", headers: jsonType, body });
    response.writeHead(answered.status, jsonType);
    response.end(await answered.text());
  });
  await new Promise((done) => through.listen(0, "127.0.0.1", done));
  try {
    await allClean(urlTo("http", hostOf(through)), "a healthy endpoint");
  } finally {
    through.close();
  }
});

// --- what people get wrong --------------------------------------------------------------------------------------------

test("lists and options with mistakes in them", () => {
  const url = urlTo("https", "rpc.example.org");
  const release = join(world.out, "release.json");
  const listed = (text) => {
    const path = join(folder(), "endpoints.json");
    writeFileSync(path, text);
    return ["--endpoints", path];
  };
  const one = (more) => listed(JSON.stringify({ endpoints: [{ name: "main", url, headers, ...more }] }));
  const mistakes = [
    one({ url: ` ${url}` }), one({ url: url.replace("https", "ftp") }), one({ url: `${url}#x` }), one({ url: `env:${url}` }),
    one({ url: `file:${url}` }), one({ url: [url] }), one({ headers: { [`x-key: ${apiKey}`]: "" } }), one({ headers: { [`x-key: ${apiKey}`]: "v" } }),
    one({ headers: { x: `${bearer}\n` } }), one({ headers: { x: `env:$${bearer}` } }), one({ ws: url }), one({ url: `env:${password}` }),
    listed(`{"endpoints":[{"name":"main","url":"${url}","url":"${url}"}]}`), listed(`{"endpoints":[{"name":"main","url":"${url}"`),
    listed(`{"endpoints":[{"name":"main","url":"${url}",}]}`), listed(`{"endpoints":[{"name":"main","url":"${url}`),
    listed(`{"endpoints":[{"name":"main","url":"${url}\\x"}]}`), listed(`{"endpoints":["${url}"]}`), listed(`"${url}"`),
    listed(JSON.stringify({ endpoints: [{ name: "a", url }, { name: "b", url }] })), listed(url),
    ["--rpc", `main=${url}`], ["--rpc", url], ["--rpc", `=${url}`], ["--rpc", `main=@${url}`], ["--rpc", `main=env:${url}`], ["--rpc", `MAIN=${url}`],
    ["--rpc", `main=${url}`, "--rpc", `other=${url}`], ["--rpc", "main", url], [url], [`--rcp=${url}`], [`--${url}`], ["--timeout", url], ["--timeout", `${url} ${apiKey}`], ["--rpc", `main=${url} ${apiKey}`],
    ["--rpc", `main=${url}`, "--insecure-rpc-in-argv", "--rpc", `two=${url}`, "--insecure-rpc-in-argv"], ["--endpoints", url], ["--format", url],
  ];
  for (const options of mistakes) {
    for (const command of [["run", packs[0], "--release", release, "--phase", "post-deploy", "--unsigned"], ["plan", packs[0], "--release", release, "--phase", "post-deploy"],
      ["inspect", someone]]) {
      const ran = readyctl(...command, ...options);
      assert.ok(ran.stdout + ran.stderr, `${command[0]} ${options.join(" ")} says nothing`);
      clean(ran.stdout + ran.stderr, `${command[0]} ${options.join(" ")}`);
    }
  }
});

// --- private keys -----------------------------------------------------------------------------------------------------

/// What of a key file must not be repeated: any eight numbers, or any twelve characters, in a row.
function pieces(content) {
  const body = content.replaceAll(/-----[A-Z ]+-----/g, "").replaceAll("\n", "").replaceAll(/[[\]]/g, "");
  const list = body.includes(",") ? body.split(",") : null;
  return list ? list.map((_, i) => list.slice(i, i + 8).join(",")).slice(0, 24) : [...body].map((_, i) => body.slice(i, i + 12)).slice(16, -12);
}

function damaged(content) {
  const half = content.slice(0, Math.floor(content.length * 0.8));
  return [half, `${content}${content}`, `${content}x`, `x${content}`, content.replace("PRIVATE", "PUBLIC"), content.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
    content.replace(/[0-9]{2},/, "999,"), content.replace(/,/, ",,"), content.replace("[", "[["), content.replace("[", '{"secretKey":['), content.replaceAll(",", " "),
    content.replace("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n"), content.replace(/\n([A-Za-z0-9+/=]{8})/, "\n*$1")];
}

for (const type of ["ed25519", "p256", "solana"]) {
  test(`a private key (${type}) is never repeated`, () => {
    const dir = folder();
    const key = join(dir, "key");
    assert.equal(readyctl("keygen", key, "--type", type).status, 0);
    const content = readFileSync(key, "utf8");
    const report = join(dir, "r.json");
    const signed = (file) => readyctl("run", packs[0], "--release", join(world.out, "release.json"), "--phase", "pull-request", "--key", file, "--report", report, "--overwrite");
    const without = (ran, what) => {
      for (const piece of pieces(content)) assert.ok(!(ran.stdout + ran.stderr).includes(piece), `${what} repeats ${piece}:\n${ran.stderr}`);
    };
    const good = signed(key);
    assert.equal(good.status, 0, good.stderr);
    without(good, "a run");
    for (const name of [report, `${report}.evidence`]) for (const text of texts(name)) without({ stdout: text, stderr: "" }, name);
    for (const [i, text] of damaged(content).entries()) {
      if (text === content) continue;
      const file = join(dir, `damaged-${i}`);
      writeFileSync(file, text, { mode: 0o600 });
      without(signed(file), `run with damage ${i}`);
      without(readyctl("sign", report, "--key", file), `sign with damage ${i}`);
      // Taken for something else by mistake.
      without(readyctl("lint", file), `lint of damage ${i}`);
      without(readyctl("verify", report, "--trust", file), `verify with damage ${i}`);
      without(readyctl("show", file), `show of damage ${i}`);
      without(readyctl("run", packs[0], "--release", file, "--phase", "post-deploy", "--unsigned"), `run over damage ${i}`);
      without(readyctl("inspect", someone, "--endpoints", file), `endpoints of damage ${i}`);
      without(readyctl("inspect", someone, "--rpc", `a=@${file}`), `URL of damage ${i}`);
    }
    chmodSync(key, 0o640);
    const open = signed(key);
    assert.equal(open.status, 66, open.stderr);
    without(open, "a key that others may read");
  });
}

test("an external signer that repeats what it is told, and what it knows", () => {
  const dir = folder();
  const program = join(dir, "signer.sh");
  const made = readyctl("keygen", join(dir, "key.pem"));
  const publicKey = JSON.parse(made.stdout.trim().split("\n").at(-1)).key;
  for (const says of ["cat; echo $TOKEN", 'echo "$TOKEN"', 'printf \'{"signature":"%s"}\' "$TOKEN"', 'printf \'{"%s":1}\' "$TOKEN"', 'printf \'{"signature":"AAAA","x":"%s"}\' "$TOKEN"']) {
    writeFileSync(program, `#!/bin/sh\nTOKEN='${bearer}'\n${says}\n`, { mode: 0o700 });
    writeFileSync(join(dir, "signer.json"), JSON.stringify({ apiVersion: "readyctl.signer/v1", command: ["signer.sh"], publicKey }), { mode: 0o600 });
    const report = join(dir, "r.json");
    const unsigned = readyctl("run", packs[0], "--release", join(world.out, "release.json"), "--phase", "pull-request", "--unsigned", "--report", report, "--overwrite");
    assert.equal(unsigned.status, 0, unsigned.stderr);
    for (const ran of [readyctl("sign", report, "--key", join(dir, "signer.json")),
      readyctl("run", packs[0], "--release", join(world.out, "release.json"), "--phase", "pull-request", "--key", join(dir, "signer.json"), "--report", join(dir, "s.json"))]) {
      assert.notEqual(ran.status, 0);
      clean(ran.stdout + ran.stderr, says);
    }
  }
});

// --- memory -----------------------------------------------------------------------------------------------------------

test("nobody can look into the process, and it leaves no core", async () => {
  let started;
  const waiting = createServer((request) => { request.resume(); started(); });
  const began = new Promise((done) => { started = done; });
  await new Promise((done) => waiting.listen(0, "127.0.0.1", done));
  const binary = join(folder(), "readyctl");
  cpSync(process.env.READYCTL, binary);
  chmodSync(join(binary, ".."), 0o755);
  const endpoints = endpointsAt(urlTo("http", hostOf(waiting)));
  chmodSync(join(endpoints, ".."), 0o755);
  const child = spawn(binary, ["inspect", someone, "--endpoints", endpoints], { uid: 65534, gid: 65534, stdio: "ignore", env: {} });
  try {
    await began;
    // Of a process that can be looked into, /proc belongs to its user; of another, to root.
    assert.equal(statSync(`/proc/${child.pid}/environ`).uid, 0);
    assert.match(readFileSync(`/proc/${child.pid}/limits`, "utf8"), /Max core file size +0 +0 /);
  } finally {
    child.kill("SIGKILL");
    waiting.close();
  }
});
