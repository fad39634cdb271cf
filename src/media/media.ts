/**
 * The media room: files that people sent, fetched from Meta in the background before its ids run out, and files that
 * were uploaded here to be sent. The rows say what is known of a file; the store holds its bytes.
 */
export { createFetcher, type Fetcher } from "./fetcher.ts";
export { countFiles, eraseFiles, removeErased } from "./erase-files.ts";
export { FILE_TYPES, enqueueDownloads, type Namer } from "./enqueue-downloads.ts";
export { createBucket, type Bucket } from "./bucket.ts";
export type { BucketSettings } from "./bucket-settings.ts";
export { createFolder } from "./folder.ts";
export { createSpool } from "./spool.ts";
export { placeStored, storedFiles, type StoredRow } from "./stored-files.ts";
export type { Place } from "./place.ts";
export { createMediaRetention } from "./media-retention.ts";
export { moveFiles, otherThan, type Moved } from "./move.ts";
export { openFile } from "./open.ts";
export { StoreError, TooLongError } from "./store-error.ts";
export { createFileStore, type Draft, type FileStore, type Located, type PlaceName } from "./store.ts";
export { kindOfBytes } from "./file-kind.ts";
export { addToLibrary, listLibrary, openLibraryFile, removeFromLibrary } from "./library.ts";
export { createFilesOfSends } from "./of-sends.ts";
export { addUpload, metaMediaId, removeUpload } from "./uploads.ts";
export { fileOf, getFile, retryFile, storedFile, type StoredFile } from "./views.ts";
