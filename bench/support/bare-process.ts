/** What anyone would begin with: Fastify, a pool of pg, one route that asks the database. */
import Fastify from "fastify";
import pg from "pg";

const [port = "0", connectionString = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString });
const app = Fastify();
app.get("/readyz", async () => (await pool.query("select 1 as ready")).rows[0] as object);
await app.listen({ host: "127.0.0.1", port: Number(port) });
