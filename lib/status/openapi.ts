/**
 * The description of the API, as it was made of the schemas (`schema/document.ts`). It is loaded
 * when somebody asks for it.
 */
import document from "./openapi.json" with { type: "text" };
import { Rendered } from "./rendered.ts";

let rendered: Rendered | undefined;

/** Answers with the document. */
export async function answerOpenapi(request: Request, version: string): Promise<Response> {
  rendered ??= new Rendered({
    contentType: "application/json",
    fresh: false,
    pieces: () => [document.replace('"version": "0"', `"version": ${JSON.stringify(version)}`)],
  });
  return await rendered.answer(request);
}
