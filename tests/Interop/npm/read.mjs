// Reads Iceberg tables with a reader that is not ours and prints, per table, the number of rows and the sum of each
// numeric column, or all rows as texts.   node read.mjs clickhouse|icebird < request.json
// request: [{ "table": name, "location": folder, "metadata": file name, "columns": [columns], "rows": true for the rows,
//             "branch": its name, "snapshot": id of its snapshot,
//             "s3": { "Endpoint", "Key", "Secret" } of the store, or null for files of this machine }]
import { readFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const readers = { clickhouse, icebird }
const request = JSON.parse(readFileSync(0, 'utf8'))
const read = await readers[process.argv[2]]()
const answer = {}
for (const table of request) {
  answer[table.table] = await read(table)
}
process.stdout.write(JSON.stringify(answer))

async function clickhouse () {
  // ClickHouse reads files only below the folder it was started in: the warehouse, two above each table.
  if (!request[0].s3) process.chdir(dirname(dirname(request[0].location)))
  const { query } = await import('chdb')
  return ({ location, snapshot, s3, columns, rows: all }) => {
    const table = s3
      ? `icebergS3('${s3.Endpoint}/${location.slice('s3://'.length)}/', '${s3.Key}', '${s3.Secret}')`
      : `icebergLocal('${location}')`
    if (all) {
      const texts = columns.map(column => `ifNull(toString(\`${column}\`), 'null')`).join(', ')
      const lines = query(`SELECT ${texts} FROM ${table} SETTINGS iceberg_snapshot_id = ${snapshot}`, 'JSONCompactEachRow').trim().split('\n')
      return lines.filter(line => line).map(line => JSON.parse(line).join('|')).sort()
    }
    const sums = columns.map(column => `toFloat64(sum(toFloat64(\`${column}\`)))`).join(', ')
    // A bare count() would be answered from metadata; the rows shall be read.
    const sql = `SELECT count()${columns.length ? ', ' + sums : ''} FROM ${table} SETTINGS optimize_trivial_count_query = 0`
    const [rows, ...values] = JSON.parse(query(sql, 'JSONCompactEachRow').trim())
    return { rows: Number(rows), sums: Object.fromEntries(columns.map((column, i) => [column, Number(values[i] ?? 0)])) }
  }
}

async function icebird () {
  // icebird fetches by URL; a lake on this machine has paths.
  globalThis.fetch = fetchLocalFile
  const { icebergMetadata, icebergRead } = await import('icebird')
  return async ({ location, metadata: metadataFileName, branch, columns, rows: all }) => {
    const metadata = await icebergMetadata({ tableUrl: location, metadataFileName })
    // It reads the current snapshot only; that of a branch becomes the current one here.
    if (branch) metadata['current-snapshot-id'] = metadata.refs[branch]['snapshot-id']
    const rows = await icebergRead({ tableUrl: location, metadata })
    if (all) {
      return rows.map(row => columns.map(column => text(row[column])).join('|')).sort()
    }
    const sums = {}
    for (const column of columns) {
      sums[column] = rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0)
    }
    return { rows: rows.length, sums }
  }
}

function text (value) {
  if (value === null || value === undefined) return 'null'
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
}

async function fetchLocalFile (url, init = {}) {
  const path = String(url).startsWith('file:') ? fileURLToPath(url) : String(url)
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (init.method === 'HEAD') {
      return new Response(null, { headers: { 'content-length': String(size), 'accept-ranges': 'bytes' } })
    }
    const range = /^bytes=(\d*)-(\d*)$/.exec(new Headers(init.headers).get('range') ?? '')
    if (!range) {
      return new Response(await readFile(path), { headers: { 'content-length': String(size) } })
    }
    const start = range[1] === '' ? size - Number(range[2]) : Number(range[1])
    const end = range[1] === '' || range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1)
    const bytes = Buffer.alloc(end - start + 1)
    await file.read(bytes, 0, bytes.length, start)
    return new Response(bytes, { status: 206, headers: { 'content-length': String(bytes.length), 'content-range': `bytes ${start}-${end}/${size}` } })
  } finally {
    await file.close()
  }
}
