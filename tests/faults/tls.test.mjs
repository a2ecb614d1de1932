// Faults of TLS: certificates that prove nothing, and versions that protect nothing.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { topic } from "./fault.mjs";
import { Authority } from "./certificates.mjs";
import { everything, healthyReply } from "./endpoint.mjs";
import { Release } from "./release.mjs";
import { withFaultySystem } from "./faulty_system.mjs";

const release = new Release();
let authority;

const year = 365 * 86_400;
const day = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().slice(0, 10);

/// An endpoint with this certificate (what `issue` takes) or these options of node:tls, and a client that trusts the
/// authority. `days` are when the message must say that the certificate begins and ends to be valid.
const certificate = (when, says, what = {}, { server = {}, environment = () => ({}), days } = {}) => ({ when, exit: 2, says: ["no trusted TLS connection", ...says], run: async () => {
  const secure = { ...authority.issue(when.replace(/\W+/g, "-"), what), ...server };
  const endpoint = await release.endpoint({ secure, when: everything });
  const run = await release.decide(release.chainPack, { main: endpoint.url }, { environment: { SSL_CERT_FILE: authority.certificate, ...environment() } });
  assert.equal(run.predicate.findings[0].cause.class, "tls");
  assert.equal(endpoint.requests.length, 0, "something was sent");
  for (const one of days ?? []) assert.ok(run.said.includes(day(one * 86_400)), `${day(one * 86_400)} is not in:\n${run.said}`);
  return run;
} });

const lasting = { kind: "rpc-health", params: { minHealthy: 1, maxSlotLag: 50, maxBlockAgeSeconds: 60, minCertificateDays: 5 } };

/// rpc-health over an endpoint whose certificate is valid for so many days.
const lasts = (when, exit, says, to) => ({ when, exit, says, run: async () => {
  const endpoint = await release.endpoint({ secure: authority.issue(`lasts-${to}`, { to }) });
  return release.decide(release.pack(lasting), { main: endpoint.url }, { environment: { SSL_CERT_FILE: authority.certificate } });
} });

const frame = (message) => {
  const text = Buffer.from(JSON.stringify(message));
  const length = text.length < 126 ? [text.length] : [126, text.length >> 8, text.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length]), text]);
};

/// What a client says in one short frame, which is masked.
const said = (bytes) => JSON.parse(Buffer.from(bytes.subarray(6).map((byte, i) => byte ^ bytes[2 + (i % 4)])).toString());

/// A server that speaks WebSocket, and tells of this slot whoever subscribes.
const tells = (slot) => (socket) => {
  socket.once("data", (head) => {
    const key = /sec-websocket-key: (\S+)/i.exec(head.toString("latin1"))[1];
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.once("data", (bytes) => {
      socket.write(frame({ jsonrpc: "2.0", result: 7, id: said(bytes).id }));
      socket.write(frame({ jsonrpc: "2.0", method: "slotNotification", params: { subscription: 7, result: { slot, root: slot, parent: slot } } }));
    });
  });
  return true;
};

/// rpc-health over an endpoint whose WebSocket has this certificate.
const webSocket = (when, exit, says, what) => ({ when, exit, says, run: async () => {
  const endpoint = await release.endpoint();
  const slot = JSON.parse(healthyReply(release.node, { id: 1, method: "getSlot", params: [{ commitment: "finalized" }] })).result;
  const channel = await release.endpoint({ secure: authority.issue(when.replace(/\W+/g, "-"), what), onConnection: tells(slot) });
  const endpoints = release.write("endpoints.json", { endpoints: [{ name: "main", url: endpoint.url, ws: channel.url.replace("https", "wss") }] });
  const pack = release.pack({ kind: "rpc-health", params: { minHealthy: 1, maxSlotLag: 50, maxBlockAgeSeconds: 60, webSocket: true } });
  return release.decide(pack, {}, { more: ["--endpoints", endpoints], environment: { SSL_CERT_FILE: authority.certificate } });
} });

topic("TLS", import.meta.url, [
  { number: 5, is: "TLS that proves nothing", note: "No option makes readyctl accept it.", cases: [
    certificate("expired", ["certificate has expired"], { from: -30, to: -2 }, { days: [-30, -2, 0] }),
    certificate("not yet valid", ["certificate is not yet valid"], { from: 2, to: 30 }, { days: [2, 30, 0] }),
    certificate("wrong host", ["no alternative certificate subject name matches target host name"], { host: "elsewhere.example.org" }),
    certificate("self-signed", ["self-signed certificate"], { selfSigned: true }),
    { ...certificate("an authority that nobody trusts", ["unable to get local issuer certificate"], {}, { environment: () => ({ SSL_CERT_FILE: "" }) }) },
    certificate("signed with SHA-1", ["CA signature digest algorithm too weak"], { digest: "sha1" }),
    certificate("a key of 1024 bits", ["EE certificate key too weak"], { rsaBits: 1024 }, { server: { ciphers: "DEFAULT@SECLEVEL=0" } }),
    certificate("TLS 1.0", ["protocol version"], {}, { server: { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" } }),
    certificate("TLS 1.1", ["protocol version"], {}, { server: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } }),
    { when: "plain HTTP where TLS is expected", exit: 2, says: ["no trusted TLS connection"], run: async () => {
      const endpoint = await release.endpoint({ onConnection: (socket) => { socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"); return true; } });
      return release.decide(release.chainPack, { main: endpoint.url.replace("http:", "https:") });
    } },
    webSocket("expired, of a WebSocket", 1, ["slotSubscribe", "no trusted TLS connection", "certificate has expired"], { from: -30, to: -2 }),
    webSocket("wrong host, of a WebSocket", 1, ["slotSubscribe", "no alternative certificate subject name matches target host name"], { host: "elsewhere.example.org" }),
    webSocket("a certificate that is trusted, of a WebSocket", 0, ["pass", "main: WebSocket"], {}),
    { when: "a certificate that is trusted", exit: 0, says: ["pass"], run: async () => {
      const endpoint = await release.endpoint({ secure: authority.issue("trusted") });
      return release.decide(release.chainPack, { main: endpoint.url }, { environment: { SSL_CERT_FILE: authority.certificate } });
    } },
    lasts("one that runs out before minCertificateDays are over", 1, ["fail", "its TLS certificate is valid until", "4 days; expected valid for at least 5 days"], 4.9),
    lasts("one that lasts just as long", 0, ["pass", "TLS certificate: expected valid for at least 5 days", "5 days"], 5.1),
    { when: "none, over plain HTTP on this machine", exit: 0, says: ["pass", "none: plain HTTP, on this machine"], run: async () => {
      const endpoint = await release.endpoint();
      return release.decide(release.pack(lasting), { main: endpoint.url });
    } },
  ] },
  { number: 6, is: "the clock of this machine is wrong, so that a sound certificate is not valid", cases: [
    certificate("a year behind", ["certificate is not yet valid", "the clock of this machine says"], {}, { days: [-1, 1, -365], environment: () => withFaultySystem({ clock: -year }) }),
    certificate("a year ahead", ["certificate has expired", "the clock of this machine says"], {}, { days: [-1, 1, 365], environment: () => withFaultySystem({ clock: year }) }),
  ] },
], { setUp: async () => { await release.start(); authority = new Authority(release.path("authority")); }, tearDown: () => release.stop() });
