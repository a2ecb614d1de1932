// Faults of the network and of HTTP. TLS has a file of its own, and so have those that need a network of their own
// (network_namespace.test.mjs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { everything, flood, response } from "./endpoint.mjs";
import { topic } from "./fault.mjs";
import { Release } from "./release.mjs";

const release = new Release();
const short = { timeout: "1s", alone: true }; // what never ends by itself would use up a second endpoint's time too
const all = { on: everything };

/// Every question is answered with these bytes, or by what `spoil` does with the socket.
const http = (when, cause, says, spoil, how) => release.overEndpoint(when, cause, says, spoil, { ...all, ...how });
/// Every question is answered with this status.
const status = (line, cause, says, { body = "", ...more } = {}, how) => http(`HTTP ${line}`, cause, [`HTTP ${line.split(" ")[0]}`, ...says],
  () => response(body, { status: line, ...more }), how);

/// A port on which nobody listens.
async function closedPort() {
  const server = net.createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

const retryAfter = (value) => () => response("slow down", { status: "429 Too Many Requests", type: "text/plain", headers: value ? [`Retry-After: ${value}`] : [] });
/// Answers 429 the first time that something is asked, and then the truth.
const onlyOnce = (value) => {
  let done = false;
  return (request) => {
    if (done) return request.healthy();
    done = true;
    return retryAfter(value)();
  };
};

/// A redirect to a second server, which must hear nothing.
const redirect = (line, { to = "", loop = false } = {}) => ({
  when: `HTTP ${line.split(" ")[0]} ${loop ? "to itself" : "to another host"}`, exit: 2, says: ["a redirect, which is never followed"],
  run: async () => {
    const target = await release.endpoint();
    let endpoint;
    const spoil = () => response("", { status: line, headers: [`Location: ${loop ? endpoint.url : target.url}${to}`] });
    endpoint = await release.endpoint({ when: everything, spoil });
    const run = await release.decide(release.chainPack, { main: endpoint.url });
    assert.equal(target.requests.length, 0, "the redirect was followed");
    assert.ok(endpoint.requests.length <= 4, `${endpoint.requests.length} requests`);
    return run;
  },
});

const page = "<!doctype html><html><title>Sign in</title><form action=/login></form></html>";
const secret = { user: "us3rn4me", password: "p4ssw0rd-of-mine", key: "k3y-of-the-provider", header: "h34der-value-of-mine" };

/// Runs over an endpoint whose URL is a credential, and looks for it in everything that the run wrote.
const credentials = (when, exit, says, spoil) => ({ when, exit, says, run: async () => {
  const endpoint = await release.endpoint({ spoil, when: everything });
  const url = `http://${secret.user}:${secret.password}@127.0.0.1:${endpoint.port}/v2/${secret.key}?api-key=${secret.key}`;
  const endpoints = release.write("endpoints.json", { endpoints: [{ name: "main", url, headers: { "x-token": secret.header } }] });
  const report = release.path("report.json");
  const run = await release.decide(release.chainPack, {}, { more: ["--endpoints", endpoints, "--report", report], timeout: "3s" });
  assert.ok(endpoint.requests.every(({ head }) => head.includes(secret.header)), "the header was not sent");
  const payload = Buffer.from(JSON.parse(readFileSync(report, "utf8")).payload, "base64").toString();
  const written = [run.stdout, run.stderr, payload, readFileSync(`${report}.evidence`, "latin1")].join("\n");
  for (const [name, value] of Object.entries(secret)) assert.ok(!written.includes(value), `the ${name} is in what was written`);
  assert.ok(!written.includes(`127.0.0.1:${endpoint.port}`), "the host is in what was written");
  return run;
} });

/// An endpoint that repeats all that it was told.
const repeats = ({ head }) => response(JSON.stringify({ error: { code: -32000, message: `no: ${head}` } }), { status: "500 Internal Server Error" });

topic("Network and HTTP", import.meta.url, [
  { number: 2, is: "connection refused, reset, closed", cases: [
    release.overUrl("refused", "unreachable", ["it refused the connection, or nothing listens there"], async () => `http://127.0.0.1:${await closedPort()}`),
    http("reset in the middle of the body", "unreachable", ["the connection ended before the whole answer was there"], ({ healthy }, socket) => {
      const bytes = response(healthy());
      socket.write(bytes.subarray(0, bytes.length - 5), () => socket.resetAndDestroy());
    }),
    http("closed in the middle of the body", "unreachable", ["the connection ended before the whole answer was there"], ({ healthy }, socket) => {
      const bytes = response(healthy());
      socket.end(bytes.subarray(0, bytes.length - 5));
    }),
    http("closed without an answer", "unreachable", ["the connection ended before the whole answer was there"], (_, socket) => { socket.end(); }),
    http("closed before anything was asked", "unreachable", ["the connection ended before the whole answer was there"], null, { onConnection: (socket) => { socket.destroy(); return true; } }),
  ] },
  { number: 4, is: "accepts and never answers, or drips", cases: [
    http("never answers", "timeout", ["no answer within the 1 s that the run has for all its requests"], () => {}, short),
    http("never answers, and a second endpoint does not either", "timeout", ["no answer within the 1 s that the run has for all its requests"], () => {}, short),
    http("a byte of the body now and then", "timeout", ["no answer within the 1 s that the run has for all its requests"], ({ healthy }, socket) => {
      const bytes = response(healthy());
      socket.write(bytes.subarray(0, bytes.length - 300));
      let at = bytes.length - 300;
      const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), 100);
      socket.on("close", () => clearInterval(timer));
    }, short),
    http("a byte of a header now and then", "timeout", ["no answer within the 1 s that the run has for all its requests"], (_, socket) => {
      socket.write("HTTP/1.1 200 OK\r\nX-Slow: ");
      const timer = setInterval(() => socket.write("x"), 100);
      socket.on("close", () => clearInterval(timer));
    }, short),
  ] },
  { number: 7, is: "a proxy or a login page answers HTML", cases: [
    http("HTTP 200 with HTML", "not-json-rpc", ["HTTP 200 with an HTML page, not JSON-RPC", "does a proxy or a login page stand between"], () => response(page, { type: "text/html; charset=utf-8" })),
    http("HTML that says to be JSON", "not-json-rpc", ["an HTML page, not JSON-RPC"], () => response(page)),
    { when: "the proxy that the environment names", exit: 2, says: ["an HTML page, not JSON-RPC", "http_proxy"], run: async () => {
      const proxy = await release.endpoint({ when: everything, spoil: () => response(page, { type: "text/html" }) });
      return release.decide(release.chainPack, { main: "http://rpc.example.org" }, { environment: { http_proxy: proxy.url } });
    } },
    { when: "a proxy that is not there", exit: 2, says: ["unreachable"], run: async () =>
      release.decide(release.chainPack, { main: "http://rpc.example.org" }, { environment: { http_proxy: `http://127.0.0.1:${await closedPort()}` }, timeout: "3s" }) },
  ] },
  { number: 8, is: "redirects", cases: [
    redirect("301 Moved Permanently"), redirect("302 Found", { to: "/elsewhere" }), redirect("307 Temporary Redirect"),
    redirect("308 Permanent Redirect"), redirect("302 Found", { loop: true }),
  ] },
  { number: 9, is: "HTTP 429 with and without Retry-After", cases: [
    ...[["seconds", "1"], ["a date", new Date(Date.now() + 1000).toUTCString()], ["an absurd time", "99999999999999999999"], ["what is no time", "soon"], ["nothing", ""]]
      .map(([words, value]) => http(`always, with ${words}`, ["rate-limited", "timeout"] /* whichever is used up first */, ["HTTP 429: too many requests"], retryAfter(value), { timeout: "4s" })),
    ...[["seconds", "1"], ["a date in the past", "Thu, 01 Jan 1970 00:00:00 GMT"], ["nothing", ""]].map(([words, value]) => ({
      when: `once, with ${words}`, exit: 0, says: ["pass"], run: async () => {
        const endpoint = await release.endpoint({ when: everything, spoil: onlyOnce(value) });
        return release.decide(release.chainPack, { main: endpoint.url });
      } })),
  ] },
  { number: 10, is: "the credential is refused", cases: [
    ...["401 Unauthorized", "403 Forbidden"].map((line) => status(line, "refused", ["the credential was refused"], { body: "no" },
      { check: ({ requests }) => assert.ok(requests.length <= 4, `asked again: ${requests.length} requests`) })),
    credentials("and the answer repeats it", 2, ["HTTP 401", "[redacted]"], ({ head }) => response(JSON.stringify({ error: { code: -32000, message: head } }), { status: "401 Unauthorized" })),
  ] },
  { number: 11, is: "HTTP 5xx", cases: [
    ...["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"].map((line) => status(line, "http-status",
      line.startsWith("502") ? ["with an HTML page", "(3 attempts)"] : ["(3 attempts)"], line.startsWith("502") ? { body: page, type: "text/html" } : { body: "upstream" },
      { on: ({ method }) => method.includes("Account"), check: ({ requests }) => assert.equal(requests.filter(({ method }) => method.includes("Account")).length, 2 * 3) })), // the account and the clock
    { when: "once, and then the truth", exit: 0, says: ["pass"], run: async () => {
      let count = 0;
      const endpoint = await release.endpoint({ spoil: ({ healthy }) => (++count === 1 ? response("", { status: "503 Service Unavailable" }) : healthy()) });
      return release.decide(release.chainPack, { main: endpoint.url });
    } },
  ] },
  { number: 12, is: "an empty answer", cases: [
    http("HTTP 200 with an empty body", "not-json-rpc", ["HTTP 200 with an empty body"], () => response("")),
    http("HTTP 204", "http-status", ["HTTP 204, no content"], () => response("", { status: "204 No Content", length: false })),
    http("a body of white space", "malformed", ["its answer is not a JSON-RPC reply"], () => response(" \n ")),
  ] },
  { number: 13, is: "the length of the body is not what was said", note: "What follows a whole body is no part of it, and the connection on which it came is not used again.", cases: [
    http("Content-Length longer than the body", "unreachable", ["the connection ended before the whole answer was there"], ({ healthy }, socket) => {
      const body = healthy();
      socket.end(response(body, { length: false, headers: [`Content-Length: ${body.length + 10}`] }));
    }),
    http("Content-Length shorter than the body", "malformed", ["its answer is not a JSON-RPC reply"], ({ healthy }) => {
      const body = healthy();
      return response(body, { length: false, headers: [`Content-Length: ${body.length - 10}`] });
    }),
    http("a chunk whose size is no number", "malformed", ["it breaks the rules of HTTP", "chunked-encoding"], ({ healthy }, socket) => {
      socket.end(response(`zz\r\n${healthy()}\r\n0\r\n\r\n`, { length: false, headers: ["Transfer-Encoding: chunked"] }));
    }),
    http("chunks that end too early", "unreachable", ["the connection ended before the whole answer was there"], ({ healthy }, socket) => {
      const body = healthy();
      socket.end(response(`${(body.length + 9).toString(16)}\r\n${body}`, { length: false, headers: ["Transfer-Encoding: chunked"] }));
    }),
    http("two different Content-Length", "malformed", ["it sent two different Content-Length headers"], ({ healthy }) => response(healthy(), { headers: ["Content-Length: 7"] })),
    http("a Content-Length that is no number", "malformed", ["it does not speak HTTP: Invalid Content-Length: value"], ({ healthy }) => response(healthy(), { length: false, headers: ["Content-Length: many"] })),
    { when: "more bytes after the body", exit: 0, says: ["pass"], run: async () => {
      const endpoint = await release.endpoint({ when: everything, spoil: ({ healthy }) => Buffer.concat([response(healthy()), Buffer.from("HTTP/1.1 200 OK\r\n\r\n{}")]) });
      const run = await release.decide(release.chainPack, { main: endpoint.url });
      assert.equal(endpoint.connections, endpoint.requests.length, "a connection with bytes left on it was used again");
      return run;
    } },
  ] },
  { number: 14, is: "an answer without end", cases: [
    http("a gzip bomb", "too-large", ["bytes that are read"], () => response(bomb(), { headers: ["Content-Encoding: gzip"] })),
    http("a Content-Length of 10 GB", "too-large", ["bytes that are read"], ({ healthy }) => response(healthy(), { length: false, headers: ["Content-Length: 10000000000"] })),
    http("a Content-Length beyond 64 bits", "too-large", ["bytes that are read"], ({ healthy }) => response(healthy(), { length: false, headers: ["Content-Length: 99999999999999999999"] })),
    http("endless chunks", "too-large", ["bytes that are read"], (_, socket) => {
      socket.write(response("", { length: false, headers: ["Transfer-Encoding: chunked"] }));
      flood(socket, Buffer.from(`100000\r\n${" ".repeat(0x100000)}\r\n`));
    }, { on: ({ method }) => method.includes("Account"), timeout: "60s" }),
    http("gzip that is none", "malformed", ["its compressed answer cannot be inflated"], ({ healthy }) => response(healthy(), { headers: ["Content-Encoding: gzip"] })),
  ] },
  { number: 15, is: "headers without end or with control characters", cases: [
    http("a flood of headers", "too-large", ["its headers are longer than 256 KiB"], (_, socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      flood(socket, "X-Flood: 0123456789abcdef0123456789abcdef0123456789abcdef\r\n".repeat(100));
    }),
    http("a header of 1 MB", "too-large", ["its headers are"], ({ healthy }) => response(healthy(), { headers: [`X-Long: ${"x".repeat(1_000_000)}`] })),
    http("a NUL in a header", "malformed", ["it does not speak HTTP: Nul byte in header"], ({ healthy }) => response(healthy(), { headers: ["X-Nul: a\0b"] })),
    http("a CR within a header", "malformed", ["a carriage return within a header"], ({ healthy }) => response(healthy(), { headers: ["X-Cr: a\rContent-Length: 3"] })),
    http("no HTTP at all", "malformed", ["it does not speak HTTP"], (_, socket) => { socket.end("SSH-2.0-OpenSSH_9.2\r\n"); }),
  ] },
  { number: 16, is: "text that is no UTF-8", note: "JSON is UTF-8 whatever Content-Type says (RFC 8259, 8.1), so a wrong charset over sound bytes changes nothing.", cases: [
    http("a byte-order mark", "malformed", ["byte-order mark"], ({ healthy }) => response(`\ufeff${healthy()}`)),
    http("UTF-16", "malformed", ["its answer is not a JSON-RPC reply"], ({ healthy }) => response(Buffer.from(`\ufeff${healthy()}`, "utf16le"), { type: "application/json; charset=utf-16" })),
    http("Latin-1", "malformed", ["not UTF-8"], ({ healthy }) => response(Buffer.from(healthy().replace(/\}$/, ',"x":"\u00e9"}'), "latin1"), { type: "application/json; charset=iso-8859-1" })),
  ] },
  { number: 17, is: "a URL with credentials", cases: [
    credentials("from a file", 0, ["pass"], null),
    credentials("from a file, and the endpoint repeats it", 2, ["[redacted]"], repeats),
    { when: "on the command line", exit: 64, says: ["--insecure-rpc-in-argv"], run: async () => {
      const run = await release.decide(release.chainPack, { main: `http://127.0.0.1:9/?api-key=${secret.key}` });
      assert.ok(!run.said.includes(secret.key), run.said);
      return run;
    } },
    { when: "on the command line, and that was said", exit: 0, says: ["pass"], run: async () => {
      const endpoint = await release.endpoint();
      const run = await release.decide(release.chainPack, { main: `${endpoint.url}/?api-key=${secret.key}` }, { more: ["--insecure-rpc-in-argv"] });
      assert.deepEqual(run.predicate.weakened, ["--insecure-rpc-in-argv", "--unsigned"]);
      assert.ok(!run.stdout.includes(secret.key), run.stdout);
      return run;
    } },
  ] },
  { number: 18, is: "a link-local address, where clouds keep credentials", cases:
    ["http://169.254.169.254", "http://[fe80::1]", "http://[::ffff:169.254.169.254]", "http://[fd00:ec2::254]", "http://2852039166"]
      .map((url) => release.overUrl(`${url}`, "not-permitted", ["a link-local or metadata address, where clouds keep credentials; nothing was sent"], url)) },
  { number: 19, is: "one provider behind two names", cases: [
    { when: "the same URL twice", exit: 64, says: ["same URL"], run: () => release.decide(release.chainPack, { a: "http://127.0.0.1:9", b: "http://127.0.0.1:9" }) },
    { when: "two endpoints of one provider where two providers are asked for", exit: 1, says: ["1 provider: acme", "at least 2"], run: async () => {
      const [one, two] = [await release.endpoint(), await release.endpoint()];
      const endpoints = release.write("endpoints.json", { endpoints: [one, two].map(({ url }, i) => ({ name: `e${i}`, url, provider: "acme" })) });
      const pack = release.pack({ kind: "rpc-health", params: { minHealthy: 2, maxSlotLag: 50, maxBlockAgeSeconds: 60, minProviders: 2 } });
      return release.decide(pack, {}, { more: ["--endpoints", endpoints] });
    } },
  ] },
], { setUp: () => release.start(), tearDown: () => release.stop() });

/// 100 MB that travel as 100 KB.
function bomb() {
  return gzipSync(Buffer.alloc(100_000_000, " "));
}
