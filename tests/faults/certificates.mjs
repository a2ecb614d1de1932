// Certificates made on the spot with the openssl command: one authority, and what it signs.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function openssl(...args) {
  const { status, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

/// A time as `openssl ca` takes it, this many days from now.
const daysFromNow = (days) => `${new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;

export class Authority {
  constructor(folder) {
    this.folder = folder;
    this.certificate = join(folder, "authority.pem");
    mkdirSync(folder);
    writeFileSync(this.#path("index.txt"), "");
    writeFileSync(this.#path("serial"), "01\n");
    writeFileSync(this.#path("ca.cnf"), `[ca]\ndefault_ca = a\n[a]\nnew_certs_dir = ${folder}\ndatabase = ${this.#path("index.txt")}\n` +
      `serial = ${this.#path("serial")}\npolicy = p\nunique_subject = no\ncopy_extensions = copy\n[p]\ncommonName = supplied\n`);
    this.issue("authority", { selfSigned: true, extension: "basicConstraints=critical,CA:TRUE" });
  }

  /// { key, cert } for a server of node:tls, in force `from` and `to` days from now.
  issue(name, { host = "localhost", from = -1, to = 1, digest = "sha256", rsaBits, selfSigned = false, extension = `subjectAltName=DNS:${host}` } = {}) {
    this.#newKey(name, rsaBits);
    openssl("req", "-new", "-key", this.#path(`${name}.key`), "-subj", `/CN=${host}`, "-addext", extension, "-out", this.#path(`${name}.csr`));
    const signer = selfSigned ? ["-selfsign", "-keyfile", this.#path(`${name}.key`)] : ["-keyfile", this.#path("authority.key"), "-cert", this.certificate];
    openssl("ca", "-batch", "-notext", "-config", this.#path("ca.cnf"), ...signer, "-md", digest, "-in", this.#path(`${name}.csr`),
      "-startdate", daysFromNow(from), "-enddate", daysFromNow(to), "-out", this.#path(`${name}.pem`));
    return { key: readFileSync(this.#path(`${name}.key`)), cert: readFileSync(this.#path(`${name}.pem`)) };
  }

  #newKey(name, rsaBits) {
    const algorithm = rsaBits ? ["-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${rsaBits}`] : ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    openssl("genpkey", ...algorithm, "-out", this.#path(`${name}.key`));
  }

  #path(name) {
    return join(this.folder, name);
  }
}
