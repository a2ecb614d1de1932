// Text from outside cannot steer what shows it. Strings that would move a cursor, reverse what is read, hide, or command
// the runner of a pipeline come in by every door; what goes out is looked at byte by byte.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Cluster, folder, packs, readyctl, readyctlIn, root } from "./readyctl.mjs";
import { git } from "../localnet/folder.mjs";

const hostile = {
  "an escape sequence": "\u001b[2J\u001b]0;GO\u0007\u001b[32mGO",
  "a carriage return": "NO-GO\rGO   ",
  "a new line": "x\n::error title=x::y\n##vso[task.complete result=Succeeded;]\nGO  release",
  "a command of GitHub": "::set-output name=verdict::go",
  "a command after blanks": "  \t::add-mask::x",
  "an older command of GitHub": "x ##[error]GO",
  "a command of Azure": "x ##vso[task.setvariable variable=verdict]go",
  "a command of TeamCity": "##teamcity[buildStatus status='SUCCESS']",
  "a section of GitLab": "\u001b[0Ksection_start:1:go\r\u001b[0KGO",
  "control characters of C1": "\u009b2J\u0090x\u009c\u0085GO",
  "bidirectional overrides": "\u202eOG-ON\u202c \u2066x\u2069 \u061c\u200f",
  "characters without width": "G\u200bO\u2060\ufeff\u00ad\u180e\ufe0f\u{e0041}\u115f\u3164",
  "separators of lines": "x\u2028GO\u2029GO",
  "markup": "<script>alert(1)</script>&<b>]]>",
  "delete and backspace": "NO-GO\b\b\b\b\bGO\u007f",
};

// As Unicode has them: controls, formats, surrogates, private use, separators of lines, and what else has no shape.
// eslint-disable-next-line no-misleading-character-class
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]/u;
const decoder = new TextDecoder("utf-8", { fatal: true });

/// Fails when bytes hold what could steer whoever shows them.
function harmless(output, what) {
  const text = decoder.decode(Buffer.from(output, "utf8"));
  assert.ok(!text.includes("\ufffd"), `${what} holds what is no UTF-8`);
  for (const line of text.split("\n")) {
    const found = steering.exec(line);
    assert.ok(!found, `${what} holds U+${found?.[0].codePointAt(0).toString(16)} in: ${JSON.stringify(line)}`);
    assert.ok(!/^\s*(::|section_(start|end):)/.test(line), `${what} has a line that is a command: ${line}`);
    assert.ok(!/##(\w*)\[/.test(line), `${what} has a command in a line: ${line}`);
  }
}

const both = (ran, what) => {
  assert.ok(ran.stdout + ran.stderr, `${what} says nothing`);
  harmless(ran.stdout, `${what}, standard output`);
  harmless(ran.stderr, `${what}, standard error`);
  return ran;
};

let cluster;
let world;
before(async () => {
  cluster = new Cluster();
  world = await cluster.healthy();
});
after(() => cluster.stop());

const release = () => JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
const json = (value) => JSON.stringify(value, null, 1);
const artifactGate = { id: "g", kind: "artifact-hash", params: { path: "${artifact.path}", sha256: "0".repeat(64) } };
const packOf = (gate, more) => ({ apiVersion: "readyctl.gates/v1", name: "p", gates: [{ ...artifactGate, ...gate }], ...more });

function packFile(pack, name = "p.json") {
  const path = join(folder(), name);
  writeFileSync(path, typeof pack === "string" ? pack : json(pack));
  return path;
}

/// A folder of a release that differs from the healthy one by what `edit` does to its manifest.
function releaseFile(edit) {
  const dir = folder();
  const manifest = release();
  edit(manifest);
  mkdirSync(join(dir, "artifact"));
  cpSync(join(world.out, "artifact/program.so"), join(dir, "artifact/program.so"));
  writeFileSync(join(dir, "release.json"), json(manifest));
  return join(dir, "release.json");
}

/// Everything that decides or shows a pack over a release, and the report that comes of it.
function everyRenderer(what, pack, manifest, ...more) {
  const report = join(folder(), "r.json");
  const decide = (...options) => readyctl("run", pack, "--release", manifest, "--unsigned", ...more, ...options);
  both(decide("--report", report, "--explain"), `${what}: run`);
  both(decide("--format", "json"), `${what}: run as JSON`);
  both(readyctl("lint", pack), `${what}: lint`);
  both(readyctl("lint", pack, "--values"), `${what}: lint --values`);
  for (const format of ["text", "json"]) both(readyctl("plan", pack, "--release", manifest, ...more, "--format", format), `${what}: plan ${format}`);
  for (const command of [["show", report, "--explain"], ["show", report, "--format", "json"], ["replay", report], ["verify", report, "--trust", report]]) {
    both(readyctl(...command), `${what}: ${command[0]}`);
  }
}

for (const [name, text] of Object.entries(hostile)) {
  test(`a pack with ${name}`, () => {
    const manifest = join(world.out, "release.json");
    everyRenderer("because", packFile(packOf({ because: text, remedy: text, owner: text, refs: [text] }, { description: text })), manifest);
    for (const [where, pack] of Object.entries({
      "gate id": packOf({ id: text }), "pack name": packOf({}, { name: text }), kind: packOf({ kind: text }), severity: packOf({ severity: text }),
      "unknown key": packOf({ [text]: 1 }), phase: packOf({ phase: [text] }), phases: packOf({}, { phases: [text] }), requires: packOf({}, { requires: text }),
      include: packOf({}, { include: [text] }), version: packOf({}, { apiVersion: text }), parameter: packOf({ params: { [text]: 1 } }),
      value: packOf({ params: { path: text, sha256: text } }), reference: packOf({ params: { path: `\${${text}}`, sha256: "0".repeat(64) } }),
      "valid for": packOf({ validFor: text }), path: packOf({ params: { path: text, sha256: "0".repeat(64) } }),
    })) {
      const path = packFile(pack);
      both(readyctl("lint", path), `${where}: lint`);
      both(readyctl("run", path, "--release", manifest, "--unsigned"), `${where}: run`);
    }
    both(readyctl("lint", packFile(`{"${text}`)), "cut off");
    both(readyctl("lint", packFile(`{${JSON.stringify(text)}:1,${JSON.stringify(text)}:2}`)), "twice");
  });

  test(`a release with ${name}`, () => {
    const pack = packFile(packOf({}));
    for (const [where, edit] of Object.entries({
      name: (manifest) => { manifest.name = text; }, operator: (manifest) => { manifest.operator = text; },
      tag: (manifest) => { manifest.source.tag = text; }, repository: (manifest) => { manifest.source.repository = `https://example.org/${text}`; },
      cluster: (manifest) => { manifest.cluster.name = text; }, program: (manifest) => { manifest.program = text; },
      artifact: (manifest) => { manifest.artifact.path = text; }, value: (manifest) => { manifest.values.checkout = text; },
      "name of a value": (manifest) => { manifest.values = { [text]: text }; }, "unknown key": (manifest) => { manifest[text] = text; },
    })) {
      const manifest = releaseFile(edit);
      if (where === "name" || where === "operator") everyRenderer(where, pack, manifest);
      both(readyctl("run", pack, "--release", manifest, "--unsigned"), `${where}: run`);
      both(readyctl("plan", pack, "--release", manifest), `${where}: plan`);
    }
    const says = packFile(packOf({ params: { path: "${checkout}", sha256: "0".repeat(64) } }));
    everyRenderer("value in a finding", says, releaseFile((manifest) => { manifest.values = { checkout: text }; }));
  });

  test(`a command line with ${name}`, () => {
    const manifest = join(world.out, "release.json");
    const pack = packFile(packOf({}));
    for (const words of [["run", text, "--release", manifest, "--unsigned"], ["run", pack, "--release", text, "--unsigned"],
      ["run", pack, "--release", manifest, "--unsigned", "--phase", text], ["run", pack, "--release", manifest, "--unsigned", "--select", text],
      ["run", pack, "--release", manifest, "--unsigned", "--set", text], ["run", pack, "--release", manifest, "--unsigned", "--set", `a=${text}`],
      ["run", pack, "--release", manifest, "--key", text, "--report", text], ["run", pack, "--release", manifest, "--unsigned", "--report", join("/nonexistent", text)],
      ["inspect", text], ["inspect", "--message", text], ["inspect", someone, "--rpc", text], ["inspect", someone, "--rpc", `a=${text}`], ["show", text], [text], [`--${text}`], ["gates", text],
      ["derive", text], ["verify", text, "--trust", text], ["schema", text], ["keygen", join("/nonexistent", text)], ["sign", text, "--key", text],
      ["inspect", someone, "--endpoints", text], ["inspect", someone, "--rpc", "a=http://127.0.0.1:1", "--allow-link-local", text],
      ["run", pack, "--release", manifest, "--unsigned", "--policy-root", text, "--change", text], ["run", pack, "--release", manifest, "--unsigned", "--allow-root", text]]) {
      both(readyctl(...words.map((word) => word || "-")), words[0]);
    }
    if (text.includes("/")) return;
    const named = packFile(packOf({}), `${text}.json`);
    everyRenderer("file name", named, manifest);
    const dir = join(folder(), text);
    mkdirSync(dir);
    both(readyctl("run", pack, "--release", manifest, "--unsigned", "--report", join(dir, "r.json")), "folder of a report");
    both(readyctl("keygen", join(dir, text)), "keygen");
  });
}

// --- endpoints --------------------------------------------------------------------------------------------------------

const someone = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T";

async function withEndpoint(answer, use) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const { status = 200, type = "application/json", text } = await answer(JSON.parse(body));
    response.writeHead(status, { "content-type": type });
    response.end(text);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    const endpoints = join(folder(), "endpoints.json");
    writeFileSync(endpoints, json({ endpoints: [{ name: "a", url: `http://127.0.0.1:${server.address().port}` }] }));
    await use(endpoints);
  } finally {
    server.close();
  }
}

const rpc = (id, rest) => JSON.stringify({ jsonrpc: "2.0", id, ...rest });

for (const [name, text] of Object.entries(hostile)) {
  test(`an endpoint that says ${name}`, async () => {
    const answers = {
      "an error": ({ id }) => ({ text: rpc(id, { error: { code: -32602, message: text, data: text } }) }),
      "a refusal": ({ id }) => ({ status: 403, text: rpc(id, { error: { code: -32001, message: text } }) }),
      "a page": () => ({ status: 200, type: "text/html", text: `<html>${text}</html>` }),
      "a string": ({ id }) => ({ text: rpc(id, { result: text }) }),
      "what is no JSON": ({ id }) => ({ text: `{"id":${id},"${text}` }),
      "a key twice": () => ({ text: `{${JSON.stringify(text)}:1,${JSON.stringify(text)}:2}` }),
      "an object": ({ id }) => ({ text: rpc(id, { result: { context: { slot: text }, value: [{ owner: text, data: [text, text], lamports: text }] } }) }),
    };
    for (const [what, answer] of Object.entries(answers)) {
      await withEndpoint(answer, async (endpoints) => {
        const report = join(folder(), "r.json");
        const decide = ["run", ...packs.filter((path) => path.includes("program.gates") || path.includes("rpc-health")), "--release", join(world.out, "release.json"), "--endpoints", endpoints,
          "--phase", "post-deploy", "--unsigned", "--timeout", "3s"];
        both(await readyctlIn({}, ...decide, "--report", report, "--explain"), what);
        both(readyctl("show", report, "--format", "json"), `${what}, shown`);
        for (const format of ["text", "json"]) both(await readyctlIn({}, "inspect", someone, "--endpoints", endpoints, "--timeout", "3s", "--format", format), `${what}, inspect`);
      });
    }
  });
}

// --- the chain --------------------------------------------------------------------------------------------------------

const tokenProgram = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";

/// A Token-2022 mint that carries its own metadata, as spl-token-metadata writes it.
function mintNamed(text) {
  const string = (value) => { const bytes = Buffer.from(value); const size = Buffer.alloc(4); size.writeUInt32LE(bytes.length); return Buffer.concat([size, bytes]); };
  const key = Buffer.alloc(32, 7);
  const value = Buffer.concat([key, key, string(text), string(text), string(text), Buffer.from([1, 0, 0, 0]), string(text), string(text)]);
  const head = Buffer.alloc(166);
  head.writeUInt8(6, 44);
  head.writeUInt8(1, 45);
  head.writeUInt8(1, 165);
  const entry = Buffer.alloc(4);
  entry.writeUInt16LE(19, 0);
  entry.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, entry, value]);
}

for (const [name, text] of Object.entries(hostile)) {
  test(`a token whose name is ${name}`, async () => {
    const mint = mintNamed(text);
    const value = JSON.stringify({ lamports: 5_000_000, owner: tokenProgram, executable: false, rentEpoch: 0, space: mint.length, data: [mint.toString("base64"), "base64"] });
    const answer = ({ id, method, params }) => {
      if (method === "getGenesisHash") return { text: rpc(id, { result: "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY" }) };
      const one = method === "getMultipleAccounts" ? `[${params[0].map((address) => (address === someone ? value : "null")).join(",")}]` : params?.[0] === someone ? value : "null";
      return { text: `{"jsonrpc":"2.0","id":${id},"result":{"context":{"slot":1},"value":${one}}}` };
    };
    await withEndpoint(answer, async (endpoints) => {
      for (const format of ["text", "json"]) {
        const ran = both(await readyctlIn({}, "inspect", someone, "--endpoints", endpoints, "--timeout", "5s", "--format", format), `inspect ${format}`);
        assert.match(ran.stdout, /[Mm]int/, ran.stdout + ran.stderr);
      }
    });
  });
}

// --- git --------------------------------------------------------------------------------------------------------------

for (const [name, text] of Object.entries(hostile)) {
  test(`a checkout with ${name}`, () => {
    const dir = folder();
    cpSync(world.out, dir, { recursive: true });
    const checkout = join(dir, "checkout");
    const frozen = join(root, "gates/release-freeze.gates.json");
    const gate = (what) => {
      for (const format of ["text", "json"]) {
        both(readyctl("run", frozen, "--release", join(dir, "release.json"), "--phase", "pull-request", "--unsigned", "--format", format), `${what}, ${format}`);
      }
    };
    // A branch that git would refuse can be written all the same, and so can a remote.
    writeFileSync(join(checkout, ".git/HEAD"), `ref: refs/heads/${text.replaceAll("\n", " ")}\n`);
    gate("branch");
    git(checkout, "symbolic-ref", "HEAD", "refs/heads/main");
    if (!text.includes("/")) {
      writeFileSync(join(checkout, text), "x");
      gate("untracked file");
    }
    const config = readFileSync(join(checkout, ".git/config"), "utf8");
    writeFileSync(join(checkout, ".git/config"), config.replace(/url = .*/, `url = "https://example.org/${text.replaceAll(/["\\\n]/g, "")}"`));
    gate("remote");
    writeFileSync(join(checkout, ".git/config"), `${config}[extensions]\n\tobjectFormat = "${text.replaceAll(/["\\\n]/g, "")}"\n`);
    gate("format");
    writeFileSync(join(checkout, ".git/config"), `[core\n${text}`);
    gate("configuration");
  });
}
