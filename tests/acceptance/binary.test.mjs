// What the binary is: hardened by compiler and linker, free of the folder it was built in, and listed part by part.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { folder, root } from "./readyctl.mjs";

const binary = process.env.READYCTL;

function said(program, ...args) {
  const run = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: "C" } });
  assert.equal(run.status, 0, `${program}: ${run.stderr}`);
  return run.stdout;
}

test("it is loaded at a random address, and nothing that calls go through can be written after start", () => {
  assert.match(said("readelf", "-hW", binary), /Type:\s+DYN \(Position-Independent Executable/);
  assert.match(said("readelf", "-lW", binary), /GNU_RELRO/);
  assert.match(said("readelf", "-dW", binary), /BIND_NOW/);
});

test("its stack is no code, and an overwritten one is noticed", () => {
  assert.match(said("readelf", "-lW", binary), /GNU_STACK .* RW /);
  const symbols = said("readelf", "-W", "--dyn-syms", binary);
  assert.match(symbols, /__stack_chk_fail/);
  assert.match(symbols, /__memcpy_chk/);
});

test("nothing in it tells in which folder it was built, or where libraries are to be looked for", () => {
  assert.equal(readFileSync(binary).includes(root), false);
  assert.doesNotMatch(said("readelf", "-dW", binary), /RPATH|RUNPATH/);
});

test("its list of parts is a valid CycloneDX document that names it, and every library that it loads", async () => {
  const { Spec, Validation } = createRequire(join(root, "tests/localnet/package.json"))("@cyclonedx/cyclonedx-library");
  const file = join(folder(), "readyctl.cdx.json");
  said("cmake", `-DBINARY=${binary}`, "-DVERSION=0.1.0", `-DOUTPUT=${file}`, "-P", join(root, "cmake/Sbom.cmake"));
  const text = readFileSync(file, "utf8");
  assert.equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text), null);

  const list = JSON.parse(text);
  assert.equal(list.metadata.component.hashes[0].content, createHash("sha256").update(readFileSync(binary)).digest("hex"));
  const names = list.components.map((part) => part.name);
  for (const needed of ["libcurl4", "libpsl5", "libgit2-1.5", "libssl3", "libzstd1", "zlib1g", "libc6", "nlohmann-json3-dev", "libcli11-dev",
    "libspdlog-dev", "libexpected-dev", "libstdc++-12-dev", "libgcc-12-dev"]) {
    assert.ok(names.includes(needed), `${needed} is not among ${names.join(" ")}`);
  }
  assert.equal(new Set(names).size, names.length);
});
