/**
 * What a running daemon answers over HTTP: JSON for programs, metrics for Prometheus, and on the
 * control socket the few things that can be asked of it.
 */
export * from "./app.ts";
export * from "./exposition.ts";
export * from "./metric_names.ts";
export * from "./metrics.ts";
export * from "./source.ts";
