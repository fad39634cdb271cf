/**
 * The media room: files that people sent, fetched from Meta in the background before its ids run out, and files that
 * were uploaded here to be sent. The rows say what is known of a file; the store holds its bytes.
 */
export { createFetcher, type Fetcher } from "./fetcher.ts";
export { oweFiles, type Namer } from "./owe.ts";
export { createFileStore, type Draft, type FileStore, TooLongError } from "./store.ts";
export { createFilesOfSends } from "./of-sends.ts";
export { addUpload, metaMediaId } from "./uploads.ts";
export { fileOf, getFile, retryFile, storedFile, type StoredFile } from "./views.ts";
