// Fetching, hashing and recording one ProgramData account of 10 MB, against a floor that fetches the same answer and
// hashes it. Prints ratios, asserts nothing. Run by tests/bench/run.sh.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker, isMainThread, workerData } from "node:worker_threads";
import { createServer } from "node:http";
import { zstdCompressSync } from "node:zlib";

const megabytes = 10;
const program = "DEpS42gHzhWtxLUtP8oGb2wvR13JVDbGeQGcbNta83it";
const genesis = "11111111111111111111111111111112";
const loader = "BPFLoaderUpgradeab1e11111111111111111111111";

// The server is a thread of its own, so that this one may wait for processes. Answers are made beforehand.
function serve({ programData, programHex, dataPath, portPath, askedPath }) {
  const data = readFileSync(dataPath);
  const account = (bytes, encoding) => ({ lamports: 1_000_000_000_000, owner: loader, executable: bytes.length === 36,
    rentEpoch: 0, space: bytes.length, data: [(encoding === "base64+zstd" ? zstdCompressSync(bytes) : bytes).toString("base64"), encoding] });
  const small = account(Buffer.from(programHex, "hex"), "base64");
  const large = JSON.stringify(account(data, "base64+zstd"));
  // At the end of a run the beginning of the account is read once more.
  const beginning = ({ offset, length }) => ({ ...account(data.subarray(offset, offset + length), "base64"), executable: false, space: data.length });
  const result = (id, text) => `{"jsonrpc":"2.0","id":${id},"result":${text}}`;
  const context = '"context":{"slot":1000}';
  createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const { id, method, params } = JSON.parse(text);
      let answer = "null";
      if (method === "getGenesisHash") answer = JSON.stringify(genesis);
      if (method === "getLatestBlockhash") answer = `{${context},"value":{"blockhash":"${genesis}","lastValidBlockHeight":2000}}`;
      if (method === "getMultipleAccounts") answer = `{${context},"value":${JSON.stringify(params[0].map((a) => (a === program ? small : a === programData ? beginning(params[1].dataSlice) : null)))}}`;
      if (method === "getAccountInfo" && params[0] === programData) {
        writeFileSync(askedPath, text);
        answer = `{${context},"value":${large}}`;
      }
      const body = Buffer.from(result(id, answer));
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
    });
  }).listen(0, "127.0.0.1", function listening() { writeFileSync(portPath, String(this.address().port)); });
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

async function main() {
  const dir = execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim();
  const { READYCTL: readyctl, FLOOR: floor, MEASURE: measure, TRIVIAL: trivial } = process.env;
  const derived = JSON.parse(execFileSync(readyctl, ["derive", "programdata", program, "--format", "json"], { encoding: "utf8" })).address;

  // Half of it noise and half of it repeated, as code is: it compresses to about a half.
  const page = randomBytes(2048);
  // With its header as long as an account can be.
  const code = Buffer.concat(Array.from({ length: (megabytes << 20) / 4096 }, () => Buffer.concat([randomBytes(2048), page]))).subarray(45);
  code[code.length - 1] = 1;
  const header = Buffer.alloc(45);
  header.writeUInt32LE(3, 0);
  header.writeBigUInt64LE(900n, 4);
  header[12] = 1;
  const data = Buffer.concat([header, code]);
  const paths = Object.fromEntries(["data", "port", "asked", "pack.json", "release.json", "endpoints.json"].map((name) => [name, join(dir, name)]));
  writeFileSync(paths.data, data);
  const programHex = Buffer.concat([Buffer.from([2, 0, 0, 0]), base58(derived)]).toString("hex");
  const worker = new Worker(new URL(import.meta.url), { workerData: { programData: derived, programHex, dataPath: paths.data, portPath: paths.port, askedPath: paths.asked } });
  while (!statSync(paths.port, { throwIfNoEntry: false })?.size) await new Promise((done) => setTimeout(done, 10));
  const url = `http://127.0.0.1:${readFileSync(paths.port, "utf8")}`;

  const hash = createHash("sha256").update(code).digest("hex");
  writeFileSync(paths["pack.json"], JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "large",
    gates: [{ id: "g", kind: "program-hash", params: { program: "${program}", executableHash: "${artifact.executableHash}" } }] }));
  writeFileSync(paths["release.json"], JSON.stringify({ apiVersion: "readyctl.release/v1", name: "large", program,
    cluster: { name: "bench", genesisHash: genesis }, artifact: { path: "none", sha256: hash, executableHash: hash },
    source: { repository: "https://git.example.org/x", commit: "0".repeat(40) }, builtAt: "2026-01-01T00:00:00Z", operator: "bench" }));
  writeFileSync(paths["endpoints.json"], JSON.stringify({ endpoints: [{ name: "bench", url, provider: "bench" }] }));

  const ours = (i) => [readyctl, "run", paths["pack.json"], "--release", paths["release.json"], "--endpoints", paths["endpoints.json"],
    "--unsigned", "--report", join(dir, `report-${i}.json`)];
  const run = (command) => {
    const [ms, kib, status] = execFileSync(measure, command, { encoding: "utf8" }).trim().split(" ").map(Number);
    if (status !== 0) throw new Error(`${command.join(" ")}: exit ${status}\n${spawnSync(command[0], command.slice(1), { encoding: "utf8" }).stdout}`);
    return { ms, kib };
  };
  run(ours("warm"));
  const theirs = [floor, url, paths.asked];
  const figures = { ours: [], theirs: [], trivial: [] };
  for (let i = 0; i < 15; ++i) {
    figures.theirs.push(run(theirs));
    figures.ours.push(run(ours(i)));
    figures.trivial.push(run([trivial]));
  }
  const ms = (list) => median(list.map((one) => one.ms));
  const kib = (list) => median(list.map((one) => one.kib));
  const idle = run([readyctl, "--version"]).kib;
  const account = data.length / 1024;
  console.log(`fetch, hash and record ${megabytes} MB: ${ms(figures.ours).toFixed(0)} ms against ${ms(figures.theirs).toFixed(0)} ms of the floor, ` +
    `ratio ${(ms(figures.ours) / ms(figures.theirs)).toFixed(2)}; memory above idle ${((kib(figures.ours) - idle) / 1024).toFixed(1)} MiB, ` +
    `${((kib(figures.ours) - idle) / account).toFixed(2)} x the account`);
  await worker.terminate();
}

function base58(text) {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let value = 0n;
  for (const character of text) value = value * 58n + BigInt(alphabet.indexOf(character));
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}

if (isMainThread) await main();
else serve(workerData);
