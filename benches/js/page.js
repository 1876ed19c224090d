// A browser: each cell is a line on the console, which the driver listens to.
import './memory.js'
import { run } from './cells.js'

globalThis.bench = (settings) => run(settings, (cell) => console.log(JSON.stringify(cell)))
