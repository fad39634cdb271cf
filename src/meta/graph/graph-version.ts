/** July 2026; supported until 2028. By itself, as settings need it and nothing else of the client. */
export const GRAPH_VERSION = "v27.0";
