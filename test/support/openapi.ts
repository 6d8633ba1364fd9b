/**
 * Answers held against what `/openapi.json` says of them, by a validator that is not ours. Readers
 * have to bear members that they do not know; here nothing may be there that is not described.
 */
import { Ajv2020 } from "ajv/dist/2020.js";

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Operation {
  readonly responses: Readonly<Record<string, Response>>;
}

interface Response {
  readonly content: Readonly<Record<string, { readonly schema?: object }>>;
}

/** Says what is wrong with an answer of a path of the document; nothing where it is right. */
export function objector(document: Document): (answer: {
  readonly path: string;
  readonly method?: "get" | "post";
  readonly status: number;
  readonly body: unknown;
}) => readonly unknown[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(closed({ $id: "api:", components: document.components }));
  return ({ path, method = "get", status, body }) => {
    const { responses } = document.paths[path]?.[method] ?? { responses: {} };
    const schema = responses[status]?.content["application/json"]?.schema;
    if (schema === undefined) return [`${path} ${status} is not described`];
    const whole = JSON.stringify(closed(schema)).replaceAll('"#/', '"api:#/');
    const validate = ajv.compile(JSON.parse(whole));
    return validate(body) ? [] : validate.errors ?? [];
  };
}

/** A schema whose objects have no members but those that it names. */
function closed(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (_, value) => {
    const open = value?.type === "object" && value.properties !== undefined;
    return open ? { additionalProperties: false, ...value } : value;
  });
}
