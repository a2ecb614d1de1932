#!/usr/bin/env node
// A release and the cluster it is on, from the command line:
//
//   node cluster.mjs --out DIR [--variant NAME] [--also NAME=DIR]... [--latency-ms N] [--override JSON]... [--requests FILE]
//   node cluster.mjs --list
//
// Writes the release folder to DIR (new or empty), prints one line of JSON when it can be asked, and serves until
// standard input closes or SIGTERM comes. Each line on standard input, "NAME DIR", ends the release that is served
// and starts another one, with its own line of JSON: fifty variants then cost one start of Node. Those of --also are served
// beside it to the end, each with its line.
//
// --override takes a rule of rpc/server.mjs, with "endpoint" to name one of the two; --requests appends every call
// to a file, one JSON object a line.

import "./quiet.mjs";
import { appendFileSync, existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { everyRelease, release } = await import("./releases.mjs");

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const fail = (message) => { throw new Error(message); };

function options() {
  const { values } = parseArgs({ options: {
    out: { type: "string" }, variant: { type: "string", default: "healthy" }, also: { type: "string", multiple: true, default: [] }, "latency-ms": { type: "string", default: "0" },
    override: { type: "string", multiple: true, default: [] }, requests: { type: "string" }, list: { type: "boolean" },
  } });
  const latencyMs = Number(values["latency-ms"]);
  if (!values.list && !values.out) throw new Error("--out DIR is missing");
  if (!Number.isInteger(latencyMs) || latencyMs < 0) throw new Error("--latency-ms takes a whole number of milliseconds");
  const also = values.also.map((text) => text.match(/^([^=]+)=(.+)$/)?.slice(1) ?? fail(`--also takes NAME=DIR, not "${text}"`));
  return { ...values, latencyMs, also, overrides: values.override.map((rule) => JSON.parse(rule)) };
}

function list() {
  for (const { name, differs, owner, phase, about, inconclusive = false } of everyRelease) print({ name, differs, owner, phase, about, inconclusive });
}

async function serve(name, directory, { latencyMs, overrides, requests }) {
  const out = resolve(directory);
  if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`${out} is not empty`);
  const onRequest = requests && ((request) => appendFileSync(requests, `${JSON.stringify(request)}\n`));
  const running = await release(name, { out, latencyMs, overrides, onRequest });
  print({ ready: true, endpoints: running.endpoints, out, variant: running.variant });
  return running;
}

async function main() {
  const chosen = options();
  if (chosen.list) return list();
  process.once("SIGTERM", () => process.exit(0));
  let running = await serve(chosen.variant, chosen.out, chosen);
  const beside = [];
  for (const [name, directory] of chosen.also) beside.push(await serve(name, directory, chosen));
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...directory] = line.trim().split(" ");
    if (!name) continue;
    await running.close();
    running = await serve(name, directory.join(" "), chosen);
  }
  await Promise.all([running, ...beside].map((one) => one.close()));
}

main().catch((error) => {
  process.stderr.write(`cluster: ${error.message}\n`);
  process.exit(1);
});
