/**
 * The description of all answers in OpenAPI 3.1, made of the schemas that they are held against.
 * That takes zod and some tens of milliseconds, which no daemon has: it hands out what was made
 * before (`openapi.json`), and a test says when that is to be made anew.
 */
import * as z from "zod/mini";
import { parts } from "../parts.ts";
import { type Command, commands } from "./command.ts";
import { eventList, failure, health, status } from "./daemon.ts";
import * as router from "./router.ts";
import { virtualServer } from "./balance.ts";
import { timeline } from "./timeline.ts";
import { notes, type Schema } from "./words.ts";

/** What a path answers with. */
interface Operation {
  readonly path: string;
  readonly summary: string;
  /** By status; a text is a media type. */
  readonly answers: Readonly<Record<number, Schema | string>>;
  readonly parameters?: readonly object[];
}

const members: Readonly<Record<string, Schema>> = {
  instances: router.instance,
  syncGroups: router.syncGroup,
  trackers: router.tracker,
  resources: router.resourceSet,
  bfdSessions: router.bfdSession,
  virtualServers: virtualServer,
};

const query = (name: string, description: string): object => ({
  name,
  in: "query",
  description,
  schema: { type: "string" },
});

const operations: readonly Operation[] = [
  {
    path: "/",
    summary: "A page for browsers, else the list of routes",
    answers: { 200: "text/html" },
  },
  { path: "/status", summary: "Everything about this node", answers: { 200: status } },
  ...parts.flatMap(({ path, list, one, summary }): Operation[] => {
    const member = members[list] ?? z.unknown();
    const parameters = [{ name: "name", in: "path", required: true, schema: { type: "string" } }];
    return [
      { path, summary: `All ${summary}`, answers: { 200: z.array(member) } },
      {
        path: `${path}/{name}`,
        summary: `One ${one}`,
        answers: { 200: member, 404: failure },
        parameters,
      },
    ];
  }),
  {
    path: "/events",
    summary: "What happens, as it happens; to who accepts only JSON, what is in memory, " +
      "or everything since a time, also of daemons before this one",
    answers: { 200: eventList, 400: failure, 503: failure },
    parameters: [
      query("since", "The id of an event, or a time in ISO 8601"),
      query("about", "The name of an instance, group, tracker, session or server"),
    ],
  },
  {
    path: "/timeline",
    summary: "How routers and servers were in the last day, across restarts",
    answers: { 200: timeline },
  },
  { path: "/metrics", summary: "Metrics for Prometheus", answers: { 200: "text/plain" } },
  {
    path: "/healthz",
    summary: "Whether the daemon runs, or ends",
    answers: { 200: health, 503: health },
  },
  { path: "/openapi.json", summary: "This description", answers: { 200: "application/json" } },
];

const reasons: Readonly<Record<number, string>> = {
  200: "As asked",
  400: "It can not be understood",
  401: "It takes the token of status_token_file",
  404: "There is nothing of that name",
  409: "The file stands in the way",
  429: "Too many wrong tokens",
  503: "Not now",
};

/** The document; its version is that of the daemon that hands it out. */
export function describeApi(): object {
  return {
    openapi: "3.1.0",
    info: { title: "standin", version: "0", license: { name: "MIT", identifier: "MIT" } },
    paths: Object.fromEntries([
      ...operations.map((one) => [one.path, { get: describe(one) }]),
      ...commands.map((one) => [one.path, { post: describeCommand(one) }]),
    ]),
    components: {
      schemas: componentSchemas(),
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

/** Over the network it takes a token; on the control socket nobody asks for one. */
function describeCommand({ body, answers, ...command }: Command): object {
  const all = { 400: failure, 401: failure, 404: failure, 429: failure, 503: failure, ...answers };
  const content = { "application/json": { schema: schemaOf(body) } };
  const described = describe({ ...command, answers: all });
  return { ...described, requestBody: { content }, security: [{ token: [] }] };
}

function describe({ summary, answers, parameters }: Operation): object {
  const responses = Object.entries(answers).map(([code, answer]): [string, object] => {
    const description = reasons[Number(code)] ?? code;
    const content = typeof answer === "string"
      ? { [answer]: {} }
      : { "application/json": { schema: schemaOf(answer) } };
    return [code, { description, content }];
  });
  return {
    summary,
    ...(parameters === undefined ? {} : { parameters }),
    responses: Object.fromEntries(responses),
  };
}

/** As read by others: members that they do not know may be added at any time. */
const options = { metadata: notes, io: "input" } as const;

/** The schemas with names, each by itself. */
function componentSchemas(): Record<string, object> {
  const named = [status, eventList, failure, timeline, ...Object.values(members)];
  const { $defs } = z.toJSONSchema(z.array(z.union(named)), options);
  return Object.fromEntries(
    Object.entries($defs ?? {}).map(([id, schema]) => [id, referring(schema)]),
  );
}

/** A schema in which those with names are only referred to. */
function schemaOf(schema: Schema): object {
  const { $defs: _, $schema: __, ...rest } = z.toJSONSchema(z.array(schema), options);
  const { items } = rest;
  return referring(typeof items === "object" ? items : {});
}

/** References lead to where OpenAPI keeps schemas; ids are theirs already. */
function referring(schema: object): object {
  return JSON.parse(
    JSON.stringify(
      schema,
      (key, value) => key === "id" && typeof value === "string" ? undefined : value,
    )
      .replaceAll('"#/$defs/', '"#/components/schemas/'),
  );
}
