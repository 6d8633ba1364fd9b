/**
 * The configuration language of keepalived: lexer → parser → schema → model, with diagnostics.
 */
export * from "./diagnostic.ts";
export * from "./model.ts";
