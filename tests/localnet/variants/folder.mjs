// Releases in which a file or the checkout is not what was frozen. `folder` gets { out, checkout, commit, parent } and
// may return more that `says` then knows.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TAG, REPOSITORY, git } from "../folder.mjs";
import { digests } from "../world.mjs";

const OTHER_REPOSITORY = "https://git.example.org/someone/vault-program.git";

const frozen = (name, differs, rest) => ({ name, differs, owner: ["release-freeze"], about: "source", touches: ["checkout"], ...rest });
const artifact = (name, differs, change, says) => ({
  name, differs, owner: ["artifact-hash"], about: "artifact", touches: ["artifact/program.so"],
  folder({ out }) {
    const path = join(out, "artifact/program.so");
    const bytes = change(readFileSync(path));
    writeFileSync(path, bytes);
    return { bytes };
  },
  says,
});

export const folderVariants = [
  frozen("head-moved", "The checkout is one commit further than the frozen one.", {
    touches: ["checkout", "checkout/src/lib.rs"],
    folder({ checkout }) {
      appendFileSync(join(checkout, "src/lib.rs"), "\npub const FEE: u64 = 1;\n");
      git(checkout, "commit", "--quiet", "--all", "--message", "Take a fee");
      return { head: git(checkout, "rev-parse", "HEAD") };
    },
    says: ({ commit, head }) => [commit, head],
  }),
  frozen("tracked-file-changed", "A tracked file differs from its commit.", {
    touches: ["checkout/src/treasury.rs"],
    folder: ({ checkout }) => appendFileSync(join(checkout, "src/treasury.rs"), "// not committed\n"),
    says: () => ["src/treasury.rs"],
  }),
  frozen("tracked-file-staged", "A change is staged and not committed.", {
    touches: ["checkout/src/treasury.rs"],
    folder({ checkout }) {
      appendFileSync(join(checkout, "src/treasury.rs"), "// staged\n");
      git(checkout, "add", "src/treasury.rs");
    },
    says: () => ["src/treasury.rs"],
  }),
  frozen("untracked-file", "A file that git does not know lies in the checkout.", {
    touches: ["checkout/src/backdoor.rs"],
    folder: ({ checkout }) => writeFileSync(join(checkout, "src/backdoor.rs"), "pub fn open() {}\n"),
    says: () => ["src/backdoor.rs"],
  }),
  frozen("tag-moved", "The release's tag points at the commit before.", {
    folder: ({ checkout }) => { git(checkout, "tag", "--force", "--annotate", "--message", "Release 1.2.0", TAG, "HEAD~1"); },
    says: ({ commit, parent }) => [TAG, commit, parent],
  }),
  frozen("tag-missing", "The release's tag does not exist.", {
    folder: ({ checkout }) => { git(checkout, "tag", "--delete", TAG); },
    says: () => [TAG],
  }),
  frozen("remote-other", "The checkout is a clone of another repository.", {
    folder: ({ checkout }) => { git(checkout, "remote", "set-url", "origin", OTHER_REPOSITORY); },
    says: () => [REPOSITORY, OTHER_REPOSITORY].map((url) => new URL(url).pathname.replace(/\.git$/, "")),
  }),
  artifact("artifact-one-byte", "One byte of the artifact is another.",
    (bytes) => { bytes[bytes.length >> 1] ^= 1; return bytes; },
    ({ bytes, sha256Of }) => [digests.sha256, sha256Of(bytes)]),
  artifact("artifact-padded", "A zero byte was appended to the artifact: its file hash differs, its executable hash does not.",
    (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]),
    ({ bytes, sha256Of }) => [digests.sha256, sha256Of(bytes)]),
  artifact("artifact-truncated", "The second half of the artifact is missing.",
    (bytes) => bytes.subarray(0, bytes.length >> 1),
    ({ bytes, sha256Of }) => [digests.sha256, sha256Of(bytes)]),
  artifact("artifact-not-elf", "The artifact is the page of a login form, not a program.",
    () => Buffer.from("<!doctype html><title>Sign in</title>\n"),
    ({ bytes, sha256Of }) => [digests.sha256, sha256Of(bytes)]),
];
