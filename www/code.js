// What there is to copy. All of it is run by js-tests/playground.

/** The environment variable of a provider's secret. */
export const variableOf = (row) => `${constantOf(row)}_WEBHOOK_SECRET`

const constantOf = ({ name }) => name.toUpperCase().replaceAll('-', '_')

const handler = `async (delivery) => {
  // Verified, and seen for the first time. Make the work safe, for example in a queue, and return.
  console.log(delivery.key, delivery.json())
}`

const indented = (text, spaces) => text.replaceAll('\n', `\n${' '.repeat(spaces)}`)

const hook = (row) => `const hook = new Webhook('${row.name}', process.env.${variableOf(row)} ?? '')`

export const runtimes = [
  {
    name: 'express',
    title: 'Express',
    install: 'npm install hookproof express',
    file: 'server.js',
    code: (row) => `import express from 'express'
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/express'

${hook(row)}

const app = express()
app.post('/webhooks/${row.name}', webhook(hook, ${handler}))
app.listen(process.env.PORT ?? 3000)
`,
  },
  {
    name: 'fastify',
    title: 'Fastify',
    install: 'npm install hookproof fastify',
    file: 'server.js',
    code: (row) => `import Fastify from 'fastify'
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fastify'

${hook(row)}

const app = Fastify()
app.register(webhook(hook, ${handler}), { prefix: '/webhooks/${row.name}' })
await app.listen({ port: Number(process.env.PORT ?? 3000) })
`,
  },
  {
    name: 'hono',
    title: 'Hono',
    install: 'npm install hookproof hono @hono/node-server',
    file: 'server.js',
    code: (row) => `import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/hono'

${hook(row)}

const app = new Hono()
app.post('/webhooks/${row.name}', webhook(hook, ${handler}))
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) })
`,
  },
  {
    name: 'workers',
    title: 'Workers',
    install: 'npm install hookproof',
    file: 'worker.js',
    code: (row) => `import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fetch'

let receive

export default {
  fetch(request, env, ctx) {
    // Isolates share no memory: pass webhook(…) a store such as hookproof/stores/durable-object.
    receive ??= webhook(new Webhook('${row.name}', env.${variableOf(row)}), ${indented(handler, 4)})
    return receive(request, env, ctx)
  },
}
`,
  },
  {
    name: 'deno',
    title: 'Deno',
    install: 'deno add npm:hookproof',
    file: 'server.js',
    code: (row) => `import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fetch'

const hook = new Webhook('${row.name}', Deno.env.get('${variableOf(row)}') ?? '')

Deno.serve({ port: Number(Deno.env.get('PORT') ?? 3000) }, webhook(hook, ${handler}))
`,
  },
  {
    name: 'bun',
    title: 'Bun',
    install: 'bun add hookproof',
    file: 'server.js',
    code: (row) => `import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fetch'

${hook(row)}

Bun.serve({
  port: process.env.PORT ?? 3000,
  fetch: webhook(hook, ${indented(handler, 2)}),
})
`,
  },
  {
    name: 'next',
    title: 'Next.js route',
    install: 'npm install hookproof',
    file: 'app/webhooks/route.js',
    code: (row) => `import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fetch'

${hook(row)}

export const POST = webhook(hook, ${handler})
`,
  },
  {
    name: 'rust',
    title: 'Rust',
    install: 'cargo add hookproof axum tokio --features tokio/full',
    file: 'src/main.rs',
    code: rust,
  },
]

function rust(row) {
  return `use std::time::SystemTime;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, routing::post};
use hookproof::{Key, Options, UnixTime, providers, verify};

async fn receive(headers: HeaderMap, payload: Bytes) -> StatusCode {
    let scheme = &providers::${constantOf(row)}.scheme;
    let secret = std::env::var("${variableOf(row)}").unwrap_or_default();
    let Ok(key) = Key::new(secret.as_bytes(), scheme.secret) else {
        return StatusCode::INTERNAL_SERVER_ERROR;
    };
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name, value.as_bytes())).collect();
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs());
    let options = Options { now: UnixTime::from_secs(now), tolerance_secs: None };
    match verify(scheme, &[key], &headers[..], &payload, &options) {
        // Claim delivery.key() in a store of yours before you act: deliveries come more than once.
        Ok(delivery) => println!("{}", delivery.key().unwrap_or_default()),
        Err(error) => {
            eprintln!("{error}");
            return StatusCode::UNAUTHORIZED;
        }
    }
    StatusCode::OK
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route("/webhooks/${row.name}", post(receive));
    let port = std::env::var("PORT").unwrap_or("3000".into());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, app).await
}
`
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`

export function curlOf(url, headers, payload) {
  const lines = headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  return [`curl -i -X POST ${quoted(url)}`, ...lines, `--data-raw ${quoted(payload)}`].join(' \\\n  ')
}

/** It signs by itself, and knows the documented payload. */
export function sendOf(row, event, url, payload) {
  const words = ['hookproof send', row.name, event, quoted(url), '--secret-env', variableOf(row)]
  return [...words, ...(payload === sampleOf(row, event) ? [] : ['--payload', quoted(payload)])].join(' ')
}

/** The documented payload of an event. */
export function sampleOf({ sample, events }, event) {
  return sample.replace(JSON.stringify(events[0]), () => JSON.stringify(event))
}
