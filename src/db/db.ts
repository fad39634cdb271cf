/** The database room: SQL as SQL, a pool, transactions, migrations, LISTEN, and the embedded PostgreSQL. */
export {
  byteaArray,
  int4Array,
  int8Array,
  int8ArrayOfBytes,
  textArray,
  timestamptzArray,
  uuidArray,
} from "./binary-array.ts";
export { alone } from "./alone.ts";
export { copyIn, copyOut } from "./copy.ts";
export { decodeCursor, encodeCursor } from "./cursor.ts";
export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type Keep,
  type Queryable,
  type Tx,
} from "./database.ts";
export {
  anywhere,
  before,
  beforeId,
  found,
  isMoment,
  isText,
  iso,
  isUuid,
  keyOf,
  personOf,
  toList,
  toListById,
  withoutKey,
  type List,
  type Page,
} from "./list.ts";
export { createDatabaseClock } from "./database-clock.ts";
export { createListener, paced, type Listener } from "./listen.ts";
export { refreshStatistics } from "./fresh-statistics.ts";
export { startEmbedded, type EmbeddedPostgres } from "./embedded.ts";
export { dueTime } from "./due-time.ts";
export { migrate, readMigrations } from "./migrate.ts";
export { nowOf } from "./now.ts";
export {
  dropPartition,
  ensurePartitions,
  isMissingPartition,
  partitionNames,
  type Partition,
} from "./partitions.ts";
export { rowsOf } from "./rows-of.ts";
export { isCollision, isInfrastructure, OUT_OF_RANGE, QUERY_CANCELED, UNSTORABLE_TEXT } from "./sqlstate.ts";
export { and, named, sql, Sql } from "./sql.ts";
export { uniqueName } from "./unique-name.ts";
