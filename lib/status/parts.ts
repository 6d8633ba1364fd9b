/**
 * The status by part: a list of each kind of thing, and one of them by its name. Everybody who asks
 * within a moment is answered from the same snapshot, so one part costs no more than the whole.
 */
import type { Context, Hono } from "hono";
import type { Snapshot } from "../engine/mod.ts";
import { listPieces, Rendered } from "./rendered.ts";
import type { StatusSource } from "./source.ts";

/** The lists of a snapshot whose members have names. */
type ListName = {
  [Key in keyof Snapshot]: Snapshot[Key] extends readonly { readonly name: string }[] ? Key
    : never;
}[keyof Snapshot];

/** One list: its path, where it is in the status, what one of its members is called. */
export interface Part {
  readonly path: string;
  readonly list: ListName;
  readonly one: string;
  readonly summary: string;
}

/** All lists. */
export const parts: readonly Part[] = [
  { path: "/instances", list: "instances", one: "instance", summary: "virtual routers" },
  { path: "/sync-groups", list: "syncGroups", one: "sync group", summary: "sync groups" },
  { path: "/trackers", list: "trackers", one: "tracker", summary: "trackers" },
  { path: "/resources", list: "resources", one: "resource set", summary: "sets of resources" },
  { path: "/bfd-sessions", list: "bfdSessions", one: "BFD session", summary: "BFD sessions" },
  {
    path: "/virtual-servers",
    list: "virtualServers",
    one: "virtual server",
    summary: "virtual servers and the checks of their servers",
  },
];

/** How the status app looks at its daemon. */
export interface View {
  readonly source: StatusSource;
  readonly gather: (() => Promise<void>) | undefined;
  /** No answer is older than its question. */
  readonly fresh: boolean;
}

const contentType = "application/json";

/** Adds the routes of all parts. */
export function addParts(app: Hono, view: View): void {
  const snapshot = view.fresh ? () => view.source.snapshot() : lately(view.source);
  for (const { path, list, one } of parts) {
    // What only the kernel counts is in no other part.
    const gather = list === "virtualServers" ? view.gather : undefined;
    const all = new Rendered({
      contentType,
      gather,
      fresh: view.fresh,
      pieces: () => listPieces(snapshot()[list]),
    });
    /** Those that somebody asked for; as many as there are names, at most. */
    const each = new Map<string, Rendered>();
    app.get(path, ({ req }) => all.answer(req.raw));
    app.get(`${path}/:name`, async (context) => {
      const name = context.req.param("name");
      const members = snapshot()[list];
      if (find(members, name) === undefined) {
        each.delete(name);
        return refuse(context, one, members);
      }
      const rendered = each.get(name) ?? new Rendered({
        contentType,
        gather,
        fresh: view.fresh,
        pieces: () => [JSON.stringify(find(snapshot()[list], name) ?? null)],
      });
      each.set(name, rendered);
      return await rendered.answer(context.req.raw);
    });
  }
}

type Member = Snapshot[ListName][number];

/** By its name, or by its kind and name where names of several kinds may be the same. */
function find(members: readonly Member[], name: string): Member | undefined {
  return members.find((member) => member.name === name) ??
    members.find((member) => "kind" in member && `${member.kind} ${member.name}` === name);
}

function refuse(context: Context, one: string, members: readonly Member[]): Response {
  const error = `there is no ${one} ${JSON.stringify(context.req.param("name"))}`;
  return context.json({ error, names: members.map(({ name }) => name) }, 404);
}

/** A snapshot may be as old as an answer may be. */
const oldestMs = 50;

function lately({ snapshot }: StatusSource): () => Snapshot {
  let taken: Snapshot | undefined;
  let until = 0;
  return () => {
    if (taken !== undefined && performance.now() < until) return taken;
    taken = snapshot();
    until = performance.now() + oldestMs;
    return taken;
  };
}
