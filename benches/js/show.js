// A line of JSON for the one who started this, and a few words for the person who waits.
export function show(cell) {
  if (cell.results) console.error(`${cell.table} ${cell.row} ${cell.bytes} B`)
  console.log(JSON.stringify(cell))
}
