/**
 * A strict reader of the text format of Prometheus 0.0.4, written from its description and not
 * from our writer: it is the judge of what we write.
 */

/** One sample that was read. */
export interface ReadSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** Everything that was read. */
export interface Scrape {
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  readonly samples: readonly ReadSample[];
}

/** Reads a whole body; throws where the format is broken. */
export function readExposition(body: string): Scrape {
  if (!body.endsWith("\n")) throw new Error("the last line does not end");
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const samples: ReadSample[] = [];
  const closed = new Set<string>();
  let current = "";
  for (const line of body.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    const name = comment?.[2] ?? /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
    if (name === undefined) throw new Error(`no metric name: ${line}`);
    if (name !== current) {
      if (closed.has(name)) throw new Error(`lines of ${name} do not stand together`);
      closed.add(current = name);
    }
    if (comment?.[1] === "HELP") helps.set(name, comment[3] ?? "");
    else if (comment?.[1] === "TYPE") {
      if (types.has(name)) throw new Error(`second TYPE of ${name}`);
      types.set(name, comment[3] ?? "");
    } else samples.push(readSample(line, name));
  }
  return { types, helps, samples };
}

function readSample(line: string, name: string): ReadSample {
  const labels = new Map<string, string>();
  let at = name.length;
  if (line[at] === "{") {
    at++;
    while (line[at] !== "}") {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,?)/.exec(line.slice(at));
      if (label === null) throw new Error(`broken label at ${at}: ${line}`);
      const [whole, key = "", value = ""] = label;
      if (labels.has(key)) throw new Error(`label ${key} twice: ${line}`);
      const unescaped = value.replace(/\\(.)/g, (_, mark) => mark === "n" ? "\n" : mark);
      labels.set(key, unescaped);
      at += whole.length;
    }
    at++;
  }
  const value = /^ ([+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/.exec(line.slice(at))?.[1];
  if (value === undefined) throw new Error(`broken value: ${line}`);
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}
