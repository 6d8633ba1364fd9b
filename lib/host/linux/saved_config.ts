/**
 * `config_save_dir`: the configuration as it was read, with everything that it includes, for those
 * who want to know afterwards which one it was.
 */
import { mkdirSync } from "node:fs";
import process from "node:process";
import type { ConfigEnvironment, Model } from "../../config/mod.ts";
import { writeWhole } from "./whole_file.ts";

/** An environment that remembers what was read. */
export class RecordedFiles {
  readonly environment: ConfigEnvironment;
  readonly #texts = new Map<string, Uint8Array>();

  constructor(environment: ConfigEnvironment) {
    const { files } = environment;
    const read: typeof files.read = (path) => {
      const found = files.read(path);
      if (found.ok) this.#texts.set(path, found.value);
      return found;
    };
    this.environment = { ...environment, files: { ...files, read } };
  }

  /** Writes them below the directory that the configuration names; a failure is nobody's fault. */
  save(model: Model | undefined): void {
    const directory = model?.global.reload?.saveDirectory;
    if (directory === undefined) return;
    const decoder = new TextDecoder();
    const text = Array.from(
      this.#texts,
      ([path, bytes]) => `# ${path}\n${decoder.decode(bytes).trimEnd()}\n`,
    ).join("!\n");
    saveFile(directory, `keepalived.conf.${process.pid}.0`, text);
  }
}

/** Puts a file into the directory of saved ones, which is made when it is not there. */
export function saveFile(directory: string, name: string, text: string): void {
  try {
    mkdirSync(directory, { recursive: false, mode: 0o755 });
  } catch {
    // It is there already, or cannot be made; then the next step says so.
  }
  try {
    writeWhole(`${directory}/${name}`, text);
  } catch {
    // It is for looking into later, and must not keep anything from happening now.
  }
}
