// Walks a real client of the TypeScript SDK through a server and prints what it saw as JSON lines; the tests judge it.
// node walk.mjs SDK ERA ANSWER REGISTRATION STEPS
//   SDK           v1 (@modelcontextprotocol/sdk) or v2 (@modelcontextprotocol/client)
//   ERA           legacy or modern
//   ANSWER        what the client's user does when rung: none (cannot be rung), accept, decline, cancel, garbage, never
//   REGISTRATION  a file {"mcpServers": {"safetools": {"command", "args"}}}, or {"url"} in their place, as clients read it
//   STEPS         [["tools"], ["call", tool, arguments], ...]; "$id" in arguments is the id of the last proposal
import { readFileSync } from 'node:fs';

const [sdk, era, answer, registration, steps] = process.argv.slice(2);
const { command, args, url } = JSON.parse(readFileSync(registration, 'utf8')).mcpServers.safetools;
const capabilities = answer === 'none' ? {} : { elicitation: { url: {} } };
const say = (what, value) => console.log(JSON.stringify({ what, ...value }));

async function open() {
  const information = { name: 'walk', version: '1' };
  if (sdk === 'v1') {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
    const { ElicitRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const client = new Client(information, { capabilities });
    if (answer !== 'none') client.setRequestHandler(ElicitRequestSchema, rung);
    if (url) {
      const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
      return [client, new StreamableHTTPClientTransport(new URL(url))];
    }
    return [client, new StdioClientTransport({ command, args, env: process.env })];
  }
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
  const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
  const client = new Client(information, { capabilities, versionNegotiation: { mode, probe: { timeoutMs: 60000 } } });
  if (answer !== 'none') client.setRequestHandler('elicitation/create', rung);
  return [client, url ? new StreamableHTTPClientTransport(new URL(url)) : new StdioClientTransport({ command, args, env: process.env })];
}

let heard;
const ringing = new Promise((resolve) => (heard = resolve));

async function rung(request) {
  say('rung', { params: request.params });
  heard();
  if (answer === 'never') return new Promise(() => {});
  if (answer === 'garbage') return { action: 'approve', content: { approved: true, verdict: 'approve' } };
  return { action: answer };
}

const [client, transport] = await open();
await client.connect(transport);
let id;
for (const [step, tool, given] of JSON.parse(steps)) {
  try {
    if (step === 'tools') {
      say('tools', { tools: (await client.listTools()).tools });
    } else if (step === 'rung') {
      // Waits until the bell has rung; the test's own patience bounds it.
      await ringing;
    } else {
      const filled = JSON.parse(JSON.stringify(given).replace('$id', id ?? ''));
      const call = client.callTool({ name: tool, arguments: filled });
      const result = step === 'try' ? await Promise.race([call, ringing.then(() => new Promise((r) => setTimeout(r, 500, null)))]) : await call;
      if (result === null) {
        say('unanswered', { tool });
        call.catch(() => {});
        continue;
      }
      id = result.structuredContent?.action?.id ?? id;
      say('answer', { tool, isError: result.isError ?? false, content: result.structuredContent });
    }
  } catch (error) {
    say('error', { tool, code: error.code, message: error.message });
  }
}
say('version', { version: client.getServerVersion?.()?.version, protocol: client.getNegotiatedProtocolVersion?.() ?? null });
const patience = setTimeout(() => process.exit(0), 5000);
await client.close().catch(() => {});
clearTimeout(patience);
process.exit(0);
