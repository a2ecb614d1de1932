// A system whose calls fail: a library that is loaded before the others (faulty_system.c), made on the spot.

import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

let library;

function made() {
  if (library) return library;
  const path = join(mkdtempSync(join(tmpdir(), "readyctl-faults-")), "faulty_system.so");
  const source = fileURLToPath(new URL("faulty_system.c", import.meta.url));
  const { status, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", path, source, "-ldl"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`cc: ${stderr}`);
  library = path;
  return library;
}

/// The environment of a process whose system is faulty: `clock` and `jump` in seconds, `random` and `sync` fail when true.
export const withFaultySystem = ({ clock = 0, jump = 0, random = false, sync = false }) => ({
  LD_PRELOAD: made(), FAULTY_CLOCK: String(clock), FAULTY_CLOCK_JUMP: String(jump),
  FAULTY_RANDOM: random ? "1" : "0", FAULTY_SYNC: sync ? "1" : "0",
});
